"""https://docs.authlib.org/en/latest/oauth2/authorization-server/1/server.html

`OAuth2AuthorizationCodeMixin` is left out: it got columns over its releases.
"""

import time

from sqlalchemy import Column, Integer, String, Text


class OAuth2ClientMixin:
    client_id = Column(String(48), index=True)
    client_secret = Column(String(120))
    client_id_issued_at = Column(Integer, nullable=False, default=0)
    client_secret_expires_at = Column(Integer, nullable=False, default=0)
    _client_metadata = Column("client_metadata", Text)

    @property
    def client_info(self): ...

    @property
    def client_metadata(self): ...

    @property
    def redirect_uris(self): ...

    @property
    def token_endpoint_auth_method(self): ...

    @property
    def grant_types(self): ...

    @property
    def response_types(self): ...

    @property
    def client_name(self): ...

    @property
    def client_uri(self): ...

    @property
    def logo_uri(self): ...

    @property
    def scope(self): ...

    @property
    def contacts(self): ...

    @property
    def tos_uri(self): ...

    @property
    def policy_uri(self): ...

    @property
    def jwks_uri(self): ...

    @property
    def jwks(self): ...

    @property
    def software_id(self): ...

    @property
    def software_version(self): ...

    @property
    def id_token_signed_response_alg(self): ...


class OAuth2TokenMixin:
    client_id = Column(String(48))
    token_type = Column(String(40))
    access_token = Column(String(255), unique=True, nullable=False)
    refresh_token = Column(String(255), index=True)
    scope = Column(Text, default="")
    issued_at = Column(Integer, nullable=False, default=lambda: int(time.time()))
    access_token_revoked_at = Column(Integer, nullable=False, default=0)
    refresh_token_revoked_at = Column(Integer, nullable=False, default=0)
    expires_in = Column(Integer, nullable=False, default=0)

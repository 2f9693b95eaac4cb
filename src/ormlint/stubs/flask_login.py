"""https://flask-login.readthedocs.io/en/latest/#your-user-class"""


class UserMixin:
    @property
    def is_active(self): ...

    @property
    def is_authenticated(self): ...

    @property
    def is_anonymous(self): ...

    def get_id(self): ...

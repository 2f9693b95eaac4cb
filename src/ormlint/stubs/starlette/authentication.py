"""https://www.starlette.io/authentication/"""


class BaseUser:
    @property
    def is_authenticated(self) -> bool: ...

    @property
    def display_name(self) -> str: ...

    @property
    def identity(self) -> str: ...


class SimpleUser(BaseUser):
    pass


class UnauthenticatedUser(BaseUser):
    pass

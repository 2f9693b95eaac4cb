"""https://fastapi-users.github.io/fastapi-users/latest/configuration/schemas/"""

from typing import Generic, Optional, TypeVar

from pydantic import BaseModel, ConfigDict, EmailStr

ID = TypeVar("ID")


class CreateUpdateDictModel(BaseModel): ...


class BaseUser(CreateUpdateDictModel, Generic[ID]):
    model_config = ConfigDict(from_attributes=True)

    id: ID
    email: EmailStr
    is_active: bool = True
    is_superuser: bool = False
    is_verified: bool = False


class BaseUserCreate(CreateUpdateDictModel):
    email: EmailStr
    password: str
    is_active: Optional[bool] = True
    is_superuser: Optional[bool] = False
    is_verified: Optional[bool] = False


class BaseUserUpdate(CreateUpdateDictModel):
    password: Optional[str] = None
    email: Optional[EmailStr] = None
    is_active: Optional[bool] = None
    is_superuser: Optional[bool] = None
    is_verified: Optional[bool] = None


class BaseOAuthAccount(BaseModel, Generic[ID]):
    model_config = ConfigDict(from_attributes=True)

    id: ID
    oauth_name: str
    access_token: str
    expires_at: Optional[int] = None
    refresh_token: Optional[str] = None
    account_id: str
    account_email: str


class BaseOAuthAccountMixin(BaseModel):
    oauth_accounts: list[BaseOAuthAccount] = []

from pydantic import BaseModel, Field

from app.models.user import UserRole
from app.schemas.common import ReadSchema


class UserBase(BaseModel):
    email: str = Field(max_length=254)
    full_name: str = Field(max_length=120)
    role: UserRole = UserRole.RECEPTIONIST
    practitioner_id: int | None = None


class UserCreate(UserBase):
    password: str = Field(min_length=12)


class UserUpdate(BaseModel):
    full_name: str | None = Field(default=None, max_length=120)
    role: UserRole | None = None
    is_active: bool | None = None
    practitioner_id: int | None = None


class UserRead(UserBase, ReadSchema):
    is_active: bool

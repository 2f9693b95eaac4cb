from pydantic import BaseModel, ConfigDict, Field

from app.schemas.common import ReadSchema


class ClinicBase(BaseModel):
    name: str = Field(max_length=120)
    timezone: str = Field(default="Europe/Vienna", max_length=40)


class ClinicCreate(ClinicBase):
    phone: str | None = Field(default=None, max_length=32)


class ClinicUpdate(BaseModel):
    name: str | None = Field(default=None, max_length=120)
    timezone: str | None = Field(default=None, max_length=40)
    phone: str | None = Field(default=None, max_length=32)


class ClinicRead(ClinicBase, ReadSchema):
    phone: str | None = Field(serialization_alias="phone_number")


class ClinicSummary(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class RoomBase(BaseModel):
    label: str = Field(max_length=40)
    floor: int


class RoomCreate(RoomBase):
    clinic_id: int


class RoomUpdate(BaseModel):
    label: str | None = Field(default=None, max_length=40)
    floor: int | None = None


class RoomRead(RoomBase):
    model_config = ConfigDict(from_attributes=True)

    id: int
    clinic_id: int

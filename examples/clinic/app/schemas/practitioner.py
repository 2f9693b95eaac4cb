from pydantic import BaseModel, Field

from app.schemas.clinic import ClinicSummary
from app.schemas.common import ReadSchema


class PractitionerBase(BaseModel):
    full_name: str = Field(max_length=120)
    specialty: str = Field(max_length=80)
    license_number: str = Field(max_length=20)


class PractitionerCreate(PractitionerBase):
    phone: str | None = Field(default=None, max_length=32)


class PractitionerUpdate(BaseModel):
    full_name: str | None = Field(default=None, max_length=120)
    specialty: str | None = Field(default=None, max_length=80)
    phone: str | None = Field(default=None, max_length=32)


class PractitionerRead(PractitionerBase, ReadSchema):
    phone: str
    clinics: list[ClinicSummary]

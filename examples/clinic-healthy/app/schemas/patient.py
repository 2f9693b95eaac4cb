from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.common import ReadSchema


class PatientBase(BaseModel):
    medical_record_number: str = Field(max_length=20)
    given_name: str = Field(min_length=1, max_length=100)
    family_name: str = Field(min_length=1, max_length=100)
    birth_date: date
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=32)


class PatientCreate(PatientBase):
    preferred_language: str = Field(default="en", max_length=8)


class PatientUpdate(BaseModel):
    given_name: str | None = Field(default=None, min_length=1, max_length=100)
    family_name: str | None = Field(default=None, min_length=1, max_length=100)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=32)
    preferred_language: str | None = Field(default=None, max_length=8)


class PatientRead(PatientBase, ReadSchema):
    preferred_language: str
    full_name: str


class PatientSummary(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    full_name: str

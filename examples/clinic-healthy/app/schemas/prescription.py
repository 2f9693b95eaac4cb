import uuid
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.common import ReadSchema


class MedicationBase(BaseModel):
    code: str = Field(max_length=20)
    name: str = Field(max_length=120)
    strength: str | None = Field(default=None, max_length=40)
    is_controlled: bool = False


class MedicationCreate(MedicationBase):
    pass


class MedicationUpdate(BaseModel):
    name: str | None = Field(default=None, max_length=120)
    strength: str | None = Field(default=None, max_length=40)
    is_controlled: bool | None = None


class MedicationRead(MedicationBase):
    model_config = ConfigDict(from_attributes=True)

    id: int


class PrescriptionBase(BaseModel):
    patient_id: int
    practitioner_id: int
    medication_id: int
    dosage: str = Field(max_length=120)
    refills_left: int = Field(default=0, ge=0)
    starts_on: date
    ends_on: date | None = None


class PrescriptionCreate(PrescriptionBase):
    pass


class PrescriptionUpdate(BaseModel):
    dosage: str | None = Field(default=None, max_length=120)
    refills_left: int | None = Field(default=None, ge=0)
    ends_on: date | None = None


class PrescriptionRead(PrescriptionBase, ReadSchema):
    reference: uuid.UUID

from datetime import datetime

from pydantic import BaseModel, Field

from app.models.appointment import AppointmentStatus
from app.schemas.common import ReadSchema
from app.schemas.patient import PatientSummary


class AppointmentBase(BaseModel):
    patient_id: int
    practitioner_id: int
    room_id: int | None = None
    starts_at: datetime
    duration_minutes: int = Field(gt=0)
    notes: str | None = None


class AppointmentCreate(AppointmentBase):
    pass


class AppointmentUpdate(BaseModel):
    room_id: int | None = None
    starts_at: datetime | None = None
    duration_minutes: int | None = Field(default=None, gt=0)
    status: AppointmentStatus | None = None
    notes: str | None = None


class AppointmentRead(AppointmentBase, ReadSchema):
    status: AppointmentStatus
    practitioner_name: str
    patient: PatientSummary


class AppointmentFilter(BaseModel):
    starts_after: datetime | None = None
    starts_before: datetime | None = None
    status: AppointmentStatus | None = None

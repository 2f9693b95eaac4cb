from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class WaitlistEntryBase(BaseModel):
    patient_id: int
    clinic_id: int
    requested_on: date
    note: str | None = Field(default=None, max_length=200)


class WaitlistEntryCreate(WaitlistEntryBase):
    pass


class WaitlistEntryUpdate(BaseModel):
    note: str | None = Field(default=None, max_length=200)


class WaitlistEntryRead(WaitlistEntryBase):
    model_config = ConfigDict(from_attributes=True)

    id: int

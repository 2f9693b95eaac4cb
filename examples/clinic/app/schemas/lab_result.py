from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.schemas.common import ReadSchema


class LabResultBase(BaseModel):
    patient_id: int
    test_code: str = Field(max_length=20)
    value: float
    unit: str = Field(max_length=20)
    collected_at: datetime


class LabResultCreate(LabResultBase):
    pass


class LabResultUpdate(BaseModel):
    value: float | None = None
    unit: str | None = Field(default=None, max_length=20)


class LabResultRead(LabResultBase, ReadSchema):
    flag: Literal["normal", "low", "high"]

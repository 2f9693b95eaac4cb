from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from app.models.invoice import InvoiceStatus
from app.schemas.common import ReadSchema

Amount = Annotated[Decimal, Field(max_digits=10, decimal_places=2)]


class InvoiceBase(BaseModel):
    number: str = Field(max_length=20)
    patient_id: int
    appointment_id: int | None = None
    amount: Amount


class InvoiceCreate(InvoiceBase):
    pass


class InvoiceUpdate(BaseModel):
    amount: Amount | None = None
    status: InvoiceStatus | None = None
    due_on: date | None = None
    paid_at: datetime | None = None


class InvoiceRead(InvoiceBase, ReadSchema):
    status: InvoiceStatus
    due_on: date
    paid_at: datetime | None
    is_overdue: bool

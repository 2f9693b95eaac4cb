from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, String
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.mixins import TimestampMixin

if TYPE_CHECKING:
    from app.models.appointment import Appointment
    from app.models.invoice import Invoice
    from app.models.prescription import Prescription


class Patient(TimestampMixin, Base):
    __tablename__ = "patients"
    __table_args__ = (Index("ix_patients_family_name_given_name", "family_name", "given_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    medical_record_number: Mapped[str] = mapped_column(String(20), unique=True)
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    birth_date: Mapped[date]
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(32))
    preferred_language: Mapped[str] = mapped_column(String(8), server_default="en")
    deleted_at: Mapped[datetime | None]

    appointments: Mapped[list[Appointment]] = relationship(back_populates="patient")
    prescriptions: Mapped[list[Prescription]] = relationship(back_populates="patient")
    invoices: Mapped[list[Invoice]] = relationship(back_populates="patient")

    @hybrid_property
    def full_name(self) -> str:
        return self.given_name + " " + self.family_name

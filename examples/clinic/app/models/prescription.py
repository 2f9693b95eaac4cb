from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.mixins import TimestampMixin

if TYPE_CHECKING:
    from app.models.medication import Medication
    from app.models.patient import Patient
    from app.models.practitioner import Practitioner


class Prescription(TimestampMixin, Base):
    __tablename__ = "prescriptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioners.id"))
    medication_id: Mapped[int] = mapped_column(ForeignKey("medications.id"))
    dosage: Mapped[str] = mapped_column(String(120))
    refills_left: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    patient: Mapped[Patient] = relationship(back_populates="prescriptions")
    practitioner: Mapped[Practitioner] = relationship()
    medication: Mapped[Medication] = relationship(back_populates="prescriptions")

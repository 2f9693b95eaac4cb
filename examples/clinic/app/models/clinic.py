from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.mixins import TimestampMixin

if TYPE_CHECKING:
    from app.models.practitioner import Practitioner


class Clinic(TimestampMixin, Base):
    __tablename__ = "clinics"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    timezone: Mapped[str] = mapped_column(String(40), default="Europe/Vienna")
    phone: Mapped[str | None] = mapped_column(String(32))

    rooms: Mapped[list[Room]] = relationship(back_populates="clinic", cascade="all, delete-orphan")
    practitioners: Mapped[list[Practitioner]] = relationship(
        secondary="practitioner_clinics", back_populates="clinics"
    )


class Room(Base):
    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("clinic_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinics.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(String(40))
    floor: Mapped[int]

    clinic: Mapped[Clinic] = relationship(back_populates="rooms")

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select

from app.api.deps import SessionDep, get_or_404
from app.models import Appointment
from app.schemas.appointment import (
    AppointmentCreate,
    AppointmentFilter,
    AppointmentRead,
    AppointmentUpdate,
)

router = APIRouter(prefix="/appointments", tags=["appointments"])


@router.get("", response_model=list[AppointmentRead])
def list_appointments(
    session: SessionDep, filters: Annotated[AppointmentFilter, Depends()]
) -> list[Appointment]:
    query = select(Appointment).order_by(Appointment.starts_at)
    if filters.starts_after is not None:
        query = query.where(Appointment.starts_at >= filters.starts_after)
    if filters.starts_before is not None:
        query = query.where(Appointment.starts_at < filters.starts_before)
    if filters.status is not None:
        query = query.where(Appointment.status == filters.status)
    return list(session.scalars(query))


@router.post("", response_model=AppointmentRead, status_code=201)
def create_appointment(payload: AppointmentCreate, session: SessionDep) -> Appointment:
    appointment = Appointment(**payload.model_dump())
    session.add(appointment)
    session.commit()
    return appointment


@router.patch("/{appointment_id}", response_model=AppointmentRead)
def update_appointment(appointment_id: int, payload: AppointmentUpdate, session: SessionDep) -> Appointment:
    appointment = get_or_404(session, Appointment, appointment_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(appointment, name, value)
    session.commit()
    return appointment

from fastapi import APIRouter
from sqlalchemy import select

from app.api.deps import SessionDep, get_or_404
from app.models import Clinic, Room
from app.schemas.clinic import ClinicCreate, ClinicRead, ClinicUpdate, RoomCreate, RoomRead, RoomUpdate

router = APIRouter(prefix="/clinics", tags=["clinics"])


@router.get("", response_model=list[ClinicRead])
def list_clinics(session: SessionDep) -> list[Clinic]:
    return list(session.scalars(select(Clinic).order_by(Clinic.name)))


@router.post("", response_model=ClinicRead, status_code=201)
def create_clinic(payload: ClinicCreate, session: SessionDep) -> Clinic:
    clinic = Clinic(**payload.model_dump())
    session.add(clinic)
    session.commit()
    return clinic


@router.patch("/{clinic_id}", response_model=ClinicRead)
def update_clinic(clinic_id: int, payload: ClinicUpdate, session: SessionDep) -> Clinic:
    clinic = get_or_404(session, Clinic, clinic_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(clinic, name, value)
    session.commit()
    return clinic


@router.get("/{clinic_id}/rooms", response_model=list[RoomRead])
def list_rooms(clinic_id: int, session: SessionDep) -> list[Room]:
    return get_or_404(session, Clinic, clinic_id).rooms


@router.post("/rooms", response_model=RoomRead, status_code=201)
def create_room(payload: RoomCreate, session: SessionDep) -> Room:
    room = Room(**payload.model_dump())
    session.add(room)
    session.commit()
    return room


@router.patch("/rooms/{room_id}", response_model=RoomRead)
def update_room(room_id: int, payload: RoomUpdate, session: SessionDep) -> Room:
    room = get_or_404(session, Room, room_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(room, name, value)
    session.commit()
    return room

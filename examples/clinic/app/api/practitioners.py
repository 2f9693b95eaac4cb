from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.api.deps import SessionDep, get_or_404
from app.models import Practitioner
from app.schemas.practitioner import PractitionerCreate, PractitionerRead, PractitionerUpdate

router = APIRouter(prefix="/practitioners", tags=["practitioners"])


@router.get("", response_model=list[PractitionerRead])
def list_practitioners(session: SessionDep, specialty: str | None = None) -> list[Practitioner]:
    query = select(Practitioner).options(selectinload(Practitioner.clinics))
    if specialty is not None:
        query = query.where(Practitioner.specialty == specialty)
    return list(session.scalars(query.order_by(Practitioner.full_name)))


@router.post("", response_model=PractitionerRead, status_code=201)
def create_practitioner(payload: PractitionerCreate, session: SessionDep) -> Practitioner:
    practitioner = Practitioner(**payload.model_dump())
    session.add(practitioner)
    session.commit()
    return practitioner


@router.patch("/{practitioner_id}", response_model=PractitionerRead)
def update_practitioner(
    practitioner_id: int, payload: PractitionerUpdate, session: SessionDep
) -> Practitioner:
    practitioner = get_or_404(session, Practitioner, practitioner_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(practitioner, name, value)
    session.commit()
    return practitioner

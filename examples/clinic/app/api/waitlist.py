from fastapi import APIRouter
from sqlalchemy import select

from app.api.deps import SessionDep, get_or_404
from app.models import WaitlistEntry
from app.schemas.waitlist import WaitlistEntryCreate, WaitlistEntryRead, WaitlistEntryUpdate

router = APIRouter(prefix="/waitlist", tags=["waitlist"])


@router.get("", response_model=list[WaitlistEntryRead])
def list_entries(session: SessionDep, clinic_id: int) -> list[WaitlistEntry]:
    query = select(WaitlistEntry).where(WaitlistEntry.clinic_id == clinic_id)
    return list(session.scalars(query.order_by(WaitlistEntry.requested_on)))


@router.post("", response_model=WaitlistEntryRead, status_code=201)
def create_entry(payload: WaitlistEntryCreate, session: SessionDep) -> WaitlistEntry:
    entry = WaitlistEntry(**payload.model_dump())
    session.add(entry)
    session.commit()
    return entry


@router.patch("/{entry_id}", response_model=WaitlistEntryRead)
def update_entry(entry_id: int, payload: WaitlistEntryUpdate, session: SessionDep) -> WaitlistEntry:
    entry = get_or_404(session, WaitlistEntry, entry_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(entry, name, value)
    session.commit()
    return entry

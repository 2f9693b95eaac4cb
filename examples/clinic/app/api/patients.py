from datetime import datetime, timezone

from fastapi import APIRouter
from sqlalchemy import func, select

from app.api.deps import Limit, Offset, SessionDep, get_or_404
from app.models import Patient
from app.schemas.common import Page
from app.schemas.patient import PatientCreate, PatientRead, PatientUpdate

router = APIRouter(prefix="/patients", tags=["patients"])


@router.get("", response_model=Page[PatientRead])
def list_patients(session: SessionDep, limit: Limit = 50, offset: Offset = 0) -> Page[PatientRead]:
    current = select(Patient).where(Patient.deleted_at.is_(None))
    total = session.scalar(select(func.count()).select_from(current.subquery())) or 0
    patients = session.scalars(current.order_by(Patient.family_name).limit(limit).offset(offset))
    return Page(
        items=[PatientRead.model_validate(patient) for patient in patients],
        total=total,
        limit=limit,
        offset=offset,
    )


@router.post("", response_model=PatientRead, status_code=201)
def create_patient(payload: PatientCreate, session: SessionDep) -> Patient:
    patient = Patient(**payload.model_dump())
    session.add(patient)
    session.commit()
    return patient


@router.get("/{patient_id}", response_model=PatientRead)
def read_patient(patient_id: int, session: SessionDep) -> Patient:
    return get_or_404(session, Patient, patient_id)


@router.patch("/{patient_id}", response_model=PatientRead)
def update_patient(patient_id: int, payload: PatientUpdate, session: SessionDep) -> Patient:
    patient = get_or_404(session, Patient, patient_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(patient, name, value)
    session.commit()
    return patient


@router.delete("/{patient_id}", status_code=204)
def delete_patient(patient_id: int, session: SessionDep) -> None:
    patient = get_or_404(session, Patient, patient_id)
    patient.deleted_at = datetime.now(timezone.utc)
    session.commit()

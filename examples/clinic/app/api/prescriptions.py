from fastapi import APIRouter
from sqlalchemy import select

from app.api.deps import SessionDep, get_or_404
from app.models import Medication, Prescription
from app.schemas.prescription import (
    MedicationCreate,
    MedicationRead,
    MedicationUpdate,
    PrescriptionCreate,
    PrescriptionRead,
    PrescriptionUpdate,
)

router = APIRouter(tags=["prescriptions"])


@router.get("/medications")
def list_medications(session: SessionDep) -> list[MedicationRead]:
    medications = session.scalars(select(Medication).order_by(Medication.name))
    return [MedicationRead.model_validate(medication) for medication in medications]


@router.post("/medications", status_code=201)
def create_medication(payload: MedicationCreate, session: SessionDep) -> MedicationRead:
    medication = Medication(**payload.model_dump())
    session.add(medication)
    session.commit()
    return MedicationRead.model_validate(medication)


@router.patch("/medications/{medication_id}")
def update_medication(medication_id: int, payload: MedicationUpdate, session: SessionDep) -> MedicationRead:
    medication = get_or_404(session, Medication, medication_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(medication, name, value)
    session.commit()
    return MedicationRead.model_validate(medication)


@router.post("/prescriptions", response_model=PrescriptionRead, status_code=201)
def create_prescription(payload: PrescriptionCreate, session: SessionDep) -> Prescription:
    prescription = Prescription(**payload.model_dump())
    session.add(prescription)
    session.commit()
    return prescription


@router.patch("/prescriptions/{prescription_id}", response_model=PrescriptionRead)
def update_prescription(
    prescription_id: int, payload: PrescriptionUpdate, session: SessionDep
) -> Prescription:
    prescription = get_or_404(session, Prescription, prescription_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(prescription, name, value)
    session.commit()
    return prescription

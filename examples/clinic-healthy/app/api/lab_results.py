from fastapi import APIRouter
from sqlalchemy import select

from app.api.deps import SessionDep, get_or_404
from app.models.lab_result import LabResult
from app.schemas.lab_result import LabResultCreate, LabResultRead, LabResultUpdate

router = APIRouter(prefix="/lab-results", tags=["lab results"])


@router.get("", response_model=list[LabResultRead])
def list_lab_results(session: SessionDep, patient_id: int) -> list[LabResult]:
    query = select(LabResult).where(LabResult.patient_id == patient_id)
    return list(session.scalars(query.order_by(LabResult.collected_at.desc())))


@router.post("", response_model=LabResultRead, status_code=201)
def create_lab_result(payload: LabResultCreate, session: SessionDep) -> LabResult:
    result = LabResult(**payload.model_dump())
    session.add(result)
    session.commit()
    return result


@router.patch("/{result_id}", response_model=LabResultRead)
def update_lab_result(result_id: int, payload: LabResultUpdate, session: SessionDep) -> LabResult:
    result = get_or_404(session, LabResult, result_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(result, name, value)
    session.commit()
    return result

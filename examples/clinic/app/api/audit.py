from fastapi import APIRouter
from sqlalchemy import select

from app.api.deps import Limit, SessionDep
from app.models import AccessLog
from app.schemas.audit import AccessLogRead

router = APIRouter(prefix="/access-logs", tags=["audit"])


@router.get("", response_model=list[AccessLogRead])
def list_access_logs(session: SessionDep, user_id: int, limit: Limit = 50) -> list[AccessLog]:
    query = select(AccessLog).where(AccessLog.user_id == user_id)
    return list(session.scalars(query.order_by(AccessLog.occurred_at.desc()).limit(limit)))

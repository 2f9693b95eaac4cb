from typing import Annotated, TypeVar

from fastapi import Depends, HTTPException, Query
from sqlalchemy.orm import Session

from app.db import get_session

SessionDep = Annotated[Session, Depends(get_session)]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0)]

Record = TypeVar("Record")


def get_or_404(session: Session, model: type[Record], key: int) -> Record:
    record = session.get(model, key)
    if record is None:
        raise HTTPException(status_code=404, detail=f"{model.__name__} {key} not found")
    return record

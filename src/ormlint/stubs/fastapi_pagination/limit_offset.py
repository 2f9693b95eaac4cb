from typing import Generic, TypeVar

from pydantic import BaseModel

from fastapi_pagination.bases import AbstractParams, BasePage

T = TypeVar("T")


class LimitOffsetParams(BaseModel, AbstractParams):
    limit: int = 50
    offset: int = 0


class LimitOffsetPage(BasePage[T], Generic[T]):
    limit: int
    offset: int

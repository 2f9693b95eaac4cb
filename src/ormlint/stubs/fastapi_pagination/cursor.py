from collections.abc import Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel

from fastapi_pagination.bases import AbstractPage, AbstractParams

T = TypeVar("T")


class CursorParams(BaseModel, AbstractParams):
    cursor: str | None = None
    size: int = 50


class CursorPage(AbstractPage[T], Generic[T]):
    items: Sequence[T]
    total: int | None = None
    current_page: str | None = None
    current_page_backwards: str | None = None
    previous_page: str | None = None
    next_page: str | None = None

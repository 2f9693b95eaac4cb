from typing import Generic, TypeVar

from pydantic import BaseModel

from fastapi_pagination.bases import AbstractParams, BasePage

T = TypeVar("T")


class CursorParams(BaseModel, AbstractParams):
    cursor: str | None = None
    size: int = 50


class CursorPage(BasePage[T], Generic[T]):
    current_page: str | None = None
    current_page_backwards: str | None = None
    previous_page: str | None = None
    next_page: str | None = None

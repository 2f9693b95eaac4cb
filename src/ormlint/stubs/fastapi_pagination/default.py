from typing import Generic, TypeVar

from pydantic import BaseModel

from fastapi_pagination.bases import AbstractParams, BasePage

T = TypeVar("T")


class Params(BaseModel, AbstractParams):
    page: int = 1
    size: int = 50


class Page(BasePage[T], Generic[T]):
    page: int
    size: int
    pages: int

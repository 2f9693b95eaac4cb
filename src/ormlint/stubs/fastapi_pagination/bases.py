from collections.abc import Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class AbstractParams: ...


class AbstractPage(BaseModel, Generic[T]):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


class BasePage(AbstractPage[T], Generic[T]):
    items: Sequence[T]
    total: int

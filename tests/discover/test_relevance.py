"""Class statements are told from the bytes of a file, whatever their type parameters."""

from __future__ import annotations

import pytest

from ormlint.relevance import declaring, heading


@pytest.mark.parametrize(
    "parameters", ["", "[T]", "[T: int = str, *Ts]", "[T: type[Base]]", "[T: type[list[Base]], S]"]
)
def test_type_parameters(parameters: str) -> None:
    found = heading(f"from pydantic import BaseModel\n\nclass Page{parameters}(BaseModel): ...\n".encode())

    assert found is not None
    assert found.classes == [("Page", ["BaseModel"])]
    assert declaring([("page.py", found)]) == ["page.py"]

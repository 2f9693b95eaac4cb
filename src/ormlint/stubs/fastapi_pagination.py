"""https://uriyyo-fastapi-pagination.netlify.app/"""

from fastapi_pagination.default import Page, Params
from fastapi_pagination.limit_offset import LimitOffsetPage, LimitOffsetParams

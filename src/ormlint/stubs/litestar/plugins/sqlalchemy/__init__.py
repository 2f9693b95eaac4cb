"""https://docs.litestar.dev/latest/reference/plugins/sqlalchemy.html"""

from advanced_alchemy import base, mixins

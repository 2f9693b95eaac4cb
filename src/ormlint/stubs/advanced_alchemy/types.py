"""https://docs.advanced-alchemy.litestar.dev/latest/reference/types.html

Its names are types, which stand for themselves; these are types with a variant.
"""

from sqlalchemy import JSON, BigInteger, Integer
from sqlalchemy.dialects.postgresql import JSONB

BigIntIdentity = BigInteger().with_variant(Integer, "sqlite")
JsonB = JSON().with_variant(JSONB, "postgresql").with_variant(JSONB, "cockroachdb")

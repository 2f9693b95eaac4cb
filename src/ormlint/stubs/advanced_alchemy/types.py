"""https://docs.advanced-alchemy.litestar.dev/latest/reference/types.html

Its names are types, which stand for themselves; this one is a type with a variant.
"""

from sqlalchemy import BigInteger, Integer

BigIntIdentity = BigInteger().with_variant(Integer, "sqlite")

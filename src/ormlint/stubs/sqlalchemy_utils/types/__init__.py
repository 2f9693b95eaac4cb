"""https://sqlalchemy-utils.readthedocs.io/en/latest/data_types.html"""

from sqlalchemy import CHAR, JSON, DateTime, LargeBinary, String, Unicode, UnicodeText
from sqlalchemy.dialects import mssql, postgresql
from sqlalchemy.types import BINARY, TypeDecorator, UserDefinedType


class EnrichedDateTimeType(TypeDecorator):
    impl = DateTime

    def __init__(self, datetime_processor=None, *args, **kwargs): ...


class ArrowType(EnrichedDateTimeType):
    def __init__(self, *args, **kwargs): ...


class EnrichedDateType(TypeDecorator): ...


class ChoiceType(TypeDecorator):
    impl = Unicode(255)

    def __init__(self, choices, impl=None):
        self.given = impl

    def load_dialect_impl(self, dialect):
        return Unicode(255) if self.given is None else self.given


class ColorType(TypeDecorator):
    impl = Unicode(20)

    def __init__(self, max_length=20, *args, **kwargs):
        self.length = max_length

    def load_dialect_impl(self, dialect):
        return Unicode(self.length)


class CountryType(TypeDecorator):
    impl = String(2)


class CurrencyType(TypeDecorator):
    impl = String(3)


class EmailType(TypeDecorator):
    impl = Unicode

    def __init__(self, length=255, *args, **kwargs):
        self.length = length

    def load_dialect_impl(self, dialect):
        return Unicode(self.length)


class StringEncryptedType(TypeDecorator):
    impl = String

    def __init__(self, type_in=None, key=None, engine=None, padding=None, **kwargs):
        self.options = kwargs

    def load_dialect_impl(self, dialect):
        return String(**self.options)


class EncryptedType(StringEncryptedType):
    impl = LargeBinary

    def load_dialect_impl(self, dialect):
        return LargeBinary(**self.options)


class IPAddressType(TypeDecorator):
    impl = Unicode(50)

    def __init__(self, max_length=50, *args, **kwargs):
        self.length = max_length

    def load_dialect_impl(self, dialect):
        return Unicode(self.length)


class JSONType(TypeDecorator):
    impl = UnicodeText

    def load_dialect_impl(self, dialect):
        return JSON() if dialect.name == "postgresql" else UnicodeText()


class LocaleType(TypeDecorator):
    impl = Unicode(10)


class LtreeType(UserDefinedType): ...


class PasswordType(TypeDecorator): ...


class PhoneNumberType(TypeDecorator):
    impl = Unicode(20)

    def __init__(self, region=None, max_length=20, *args, **kwargs):
        self.length = max_length

    def load_dialect_impl(self, dialect):
        return Unicode(self.length)


class ScalarListType(TypeDecorator):
    impl = UnicodeText()


class TimezoneType(TypeDecorator):
    impl = Unicode(50)


class TSVectorType(TypeDecorator):
    impl = postgresql.TSVECTOR

    def __init__(self, *args, **kwargs):
        self.columns = args
        self.options = kwargs

    def load_dialect_impl(self, dialect):
        return postgresql.TSVECTOR()


class URLType(TypeDecorator):
    impl = UnicodeText


class UUIDType(TypeDecorator):
    impl = BINARY(16)

    def __init__(self, binary=True, native=True):
        self.binary = binary
        self.native = native

    def load_dialect_impl(self, dialect):
        if self.native and dialect.name in ("postgresql", "cockroachdb"):
            return postgresql.UUID()
        if self.native and dialect.name == "mssql":
            return mssql.UNIQUEIDENTIFIER()
        return BINARY(16) if self.binary else CHAR(32)


class WeekDaysType(TypeDecorator): ...

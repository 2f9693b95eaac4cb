"""https://sqlalchemy-utils.readthedocs.io/"""

from sqlalchemy_utils.models import Timestamp
from sqlalchemy_utils.types import (
    ArrowType,
    ChoiceType,
    ColorType,
    CountryType,
    CurrencyType,
    EmailType,
    EncryptedType,
    EnrichedDateTimeType,
    EnrichedDateType,
    IPAddressType,
    JSONType,
    LocaleType,
    LtreeType,
    PasswordType,
    PhoneNumberType,
    ScalarListType,
    StringEncryptedType,
    TimezoneType,
    TSVectorType,
    URLType,
    UUIDType,
    WeekDaysType,
)

"""https://sqlalchemy-utils.readthedocs.io/"""

from sqlalchemy_utils.models import Timestamp

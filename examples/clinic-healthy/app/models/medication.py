from sqlalchemy import Boolean, Column, Integer, String
from sqlalchemy.orm import relationship

from app.db import Base


class Medication(Base):
    __tablename__ = "medications"

    id = Column(Integer, primary_key=True)
    code = Column(String(20), nullable=False, unique=True)
    name = Column(String(120), nullable=False)
    strength = Column(String(40))
    is_controlled = Column(Boolean, nullable=False, default=False)

    prescriptions = relationship("Prescription", back_populates="medication")

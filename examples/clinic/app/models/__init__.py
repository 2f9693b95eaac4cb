from app.models.appointment import Appointment, AppointmentStatus
from app.models.audit import AccessLog
from app.models.clinic import Clinic, Room
from app.models.invoice import Invoice, InvoiceStatus
from app.models.medication import Medication
from app.models.patient import Patient
from app.models.practitioner import Practitioner, practitioner_clinics
from app.models.prescription import Prescription
from app.models.user import User, UserRole
from app.models.waitlist import WaitlistEntry

__all__ = [
    "AccessLog",
    "Appointment",
    "AppointmentStatus",
    "Clinic",
    "Invoice",
    "InvoiceStatus",
    "Medication",
    "Patient",
    "Practitioner",
    "Prescription",
    "Room",
    "User",
    "UserRole",
    "WaitlistEntry",
    "practitioner_clinics",
]

from fastapi import APIRouter

from app.api import (
    appointments,
    audit,
    clinics,
    invoices,
    lab_results,
    patients,
    practitioners,
    prescriptions,
    users,
    waitlist,
)

api_router = APIRouter()
for module in (
    appointments,
    audit,
    clinics,
    invoices,
    lab_results,
    patients,
    practitioners,
    prescriptions,
    users,
    waitlist,
):
    api_router.include_router(module.router)

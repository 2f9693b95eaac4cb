from fastapi import APIRouter
from sqlalchemy import select

from app.api.deps import SessionDep, get_or_404
from app.models import Invoice
from app.schemas.invoice import InvoiceCreate, InvoiceRead, InvoiceUpdate

router = APIRouter(prefix="/invoices", tags=["invoices"])


@router.get("", response_model=list[InvoiceRead])
def list_invoices(session: SessionDep, patient_id: int) -> list[Invoice]:
    query = select(Invoice).where(Invoice.patient_id == patient_id)
    return list(session.scalars(query.order_by(Invoice.due_on)))


@router.post("", response_model=InvoiceRead, status_code=201)
def create_invoice(payload: InvoiceCreate, session: SessionDep) -> Invoice:
    invoice = Invoice(**payload.model_dump())
    session.add(invoice)
    session.commit()
    return invoice


@router.patch("/{invoice_id}", response_model=InvoiceRead)
def update_invoice(invoice_id: int, payload: InvoiceUpdate, session: SessionDep) -> Invoice:
    invoice = get_or_404(session, Invoice, invoice_id)
    for name, value in payload.model_dump(exclude_unset=True).items():
        setattr(invoice, name, value)
    session.commit()
    return invoice

"""Preferred language and soft deletion of patients

Revision ID: 0008_patient_preferences
Revises: 0007_merge_invoices_and_labs
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_patient_preferences"
down_revision = "0007_merge_invoices_and_labs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "patients",
        sa.Column("preferred_language", sa.String(length=8), server_default="en", nullable=False),
    )
    op.add_column("patients", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("patients") as batch_op:
        batch_op.drop_column("deleted_at")
        batch_op.drop_column("preferred_language")

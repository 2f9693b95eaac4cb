"""Licence numbers of practitioners

Revision ID: 0009_practitioner_licenses
Revises: 0008_patient_preferences
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_practitioner_licenses"
down_revision = "0008_patient_preferences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("practitioners") as batch_op:
        batch_op.add_column(sa.Column("license_number", sa.String(length=20), nullable=True))
    op.execute("UPDATE practitioners SET license_number = 'PENDING-' || id")
    with op.batch_alter_table("practitioners") as batch_op:
        batch_op.alter_column("license_number", existing_type=sa.String(length=20), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_practitioners_license_number"), ["license_number"])


def downgrade() -> None:
    with op.batch_alter_table("practitioners") as batch_op:
        batch_op.drop_constraint(op.f("uq_practitioners_license_number"), type_="unique")
        batch_op.drop_column("license_number")

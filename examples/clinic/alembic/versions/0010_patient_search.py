"""Search patients by name

Revision ID: 0010_patient_search
Revises: 0008_patient_preferences
"""

from alembic import op

revision = "0010_patient_search"
down_revision = "0008_patient_preferences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_patients_family_name_given_name", "patients", ["family_name", "given_name"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_patients_family_name_given_name", table_name="patients")

"""Laboratory results

Revision ID: 0006_lab_results
Revises: 0004_prescriptions
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_lab_results"
down_revision = "0004_prescriptions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lab_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("test_code", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("flag", sa.Enum("normal", "low", "high", "critical", name="lab_flag"), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_lab_results_patient_id_patients")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_results")),
    )
    op.create_index(op.f("ix_lab_results_test_code"), "lab_results", ["test_code"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_lab_results_test_code"), table_name="lab_results")
    op.drop_table("lab_results")

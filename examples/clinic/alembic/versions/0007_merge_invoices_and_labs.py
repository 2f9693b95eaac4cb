"""Merge the invoice and laboratory branches

Revision ID: 0007_merge_invoices_and_labs
Revises: 0005_invoices, 0006_lab_results
"""

revision = "0007_merge_invoices_and_labs"
down_revision = ("0005_invoices", "0006_lab_results")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

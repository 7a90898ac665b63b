"""orders_in_one_parcel

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("batch_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lead_number", sa.String(length=12), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_batch_line_lead_number"), ["lead_number"], unique=False)
    with op.batch_alter_table("batch_line", schema=None) as batch_op:  # the default was for the rows that are there
        batch_op.alter_column("lead_number", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("batch_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_line_lead_number"))
        batch_op.drop_column("lead_number")

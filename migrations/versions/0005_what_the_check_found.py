"""What the check before packing found, and which warnings of it somebody accepted.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FINDINGS = (
    *("empty", "too_long", "no_room", "formula", "invisible", "other_letter", "unprintable", "po_box", "unknown_address", "not_dutch"),
    *("left_empty", "doubtful_address", "other_town", "double_address"),
)


def upgrade() -> None:
    op.create_table(
        "batch_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.Enum(*FINDINGS, name="finding", native_enum=False, create_constraint=True, length=20), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_finding_batch_id_batch")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_batch_finding_order_id_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_finding")),
        sa.UniqueConstraint("batch_id", "order_id", "finding", name=op.f("uq_batch_finding_batch_id_order_id_finding")),
    )
    with op.batch_alter_table("batch_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_finding_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_finding_order_id"), ["order_id"], unique=False)
    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("accepted_warnings", sa.String(length=80), server_default="", nullable=False))
    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.alter_column("accepted_warnings", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.drop_column("accepted_warnings")
    op.drop_table("batch_finding")

"""mistake_reports

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mistake_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column(
            "mistake",
            sa.Enum(
                "off", "time", "place", "welcome", "improper", "other", name="mistake", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "mended", "unfounded", name="reportstate", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("send_key", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f("ck_mistake_report_settled_has_time")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_mistake_report_activity_id_activity"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["user.id"], name=op.f("fk_mistake_report_settled_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mistake_report")),
        sa.UniqueConstraint("send_key", name=op.f("uq_mistake_report_send_key")),
    )
    with op.batch_alter_table("mistake_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mistake_report_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index("ix_mistake_report_queue", ["state", "made_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("mistake_report", schema=None) as batch_op:
        batch_op.drop_index("ix_mistake_report_queue")
        batch_op.drop_index(batch_op.f("ix_mistake_report_activity_id"))

    op.drop_table("mistake_report")

"""Changing what is public: history of activities, texts that wait for a moderator, reasons of single moments, postponing.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HAPPENED = (
    "registered",
    "resubmitted",
    "improved",
    "approved",
    "returned",
    "cancelled",
    "postponed",
    "back_on",
    "withdrawn",
    "text_sent",
    "text_approved",
    "text_returned",
    "text_taken_back",
    "moment_moved",
    "moment_added",
    "moment_off",
    "place_moved",
    "facts_changed",
    "still_on",
    "handed_over",
)
REVISION_STATES = ("waiting", "approved", "returned", "taken_back")


def upgrade() -> None:
    op.create_table(
        "activity_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Enum(*HAPPENED, name="happened", native_enum=False, create_constraint=True, length=20), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("needs_look", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_event_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_event")),
    )
    op.create_index(op.f("ix_activity_event_activity_id"), "activity_event", ["activity_id"], unique=False)
    op.create_index("ix_activity_event_needs_look", "activity_event", ["needs_look", "at"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column(
            "state", sa.Enum(*REVISION_STATES, name="revisionstate", native_enum=False, create_constraint=True, length=20), nullable=False
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_revision_activity_id_activity"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_revision_by_id_user")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["user.id"], name=op.f("fk_revision_judged_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index(op.f("ix_revision_activity_id"), "revision", ["activity_id"], unique=False)
    op.create_index(
        "uq_revision_waiting",
        "revision",
        ["activity_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("postponed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("remark", sa.String(length=500), nullable=False, server_default=""))
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.alter_column("remark", existing_type=sa.String(length=500), server_default=None)
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("texts", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.alter_column("texts", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_column("texts")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_column("remark")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_column("postponed_at")
    op.drop_table("revision")
    op.drop_table("activity_event")

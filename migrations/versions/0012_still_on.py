"""The question whether an activity still takes place.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OLD = (
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
NEW = (*OLD[:-1], "unconfirmed", OLD[-1])


def let_history_tell(values: tuple[str, ...]) -> None:
    with op.batch_alter_table("activity_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_activity_event_happened"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_activity_event_happened"), sa.column("what").in_(values))


def upgrade() -> None:
    op.create_table(
        "still_on",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unconfirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_still_on_activity_id_activity"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_still_on")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_still_on_token_hash")),
    )
    op.create_index(op.f("ix_still_on_unconfirmed_at"), "still_on", ["unconfirmed_at"], unique=False)
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("go_on", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.alter_column("go_on", existing_type=sa.String(length=200), server_default=None)
    let_history_tell(NEW)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM activity_event WHERE what = 'unconfirmed'"))
    let_history_tell(OLD)
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_column("go_on")
    op.drop_table("still_on")

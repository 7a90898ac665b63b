"""Invitations to act for an organisation, and what happened among its colleagues. Who organised something acts for its organisation.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STEPS = ("invited", "taken_back", "joined", "left", "removed")
EVERY_INITIATOR = """
INSERT INTO membership (user_id, organisation_id, since)
SELECT activity.initiator_id, activity.organisation_id, MIN(activity.created_at) FROM activity
WHERE NOT EXISTS (
    SELECT 1 FROM membership
    WHERE membership.user_id = activity.initiator_id AND membership.organisation_id = activity.organisation_id
)
GROUP BY activity.initiator_id, activity.organisation_id
"""


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["invited_by_id"], ["user.id"], name=op.f("fk_invitation_invited_by_id_user"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id_organisation"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("organisation_id", "email", name=op.f("uq_invitation_organisation_id_email")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_table(
        "organisation_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(*STEPS, name="organisationstep", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_event_organisation_id_organisation"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_event")),
    )
    op.create_index(op.f("ix_organisation_event_organisation_id"), "organisation_event", ["organisation_id"], unique=False)
    op.execute(sa.text(EVERY_INITIATOR))


def downgrade() -> None:
    op.drop_index(op.f("ix_organisation_event_organisation_id"), table_name="organisation_event")
    op.drop_table("organisation_event")
    op.drop_table("invitation")

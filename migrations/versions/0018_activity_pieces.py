"""What feeds are joined from.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_piece",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("feature", "point", "entry", "row", name="kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipe", sa.String(length=16), nullable=False),
        sa.Column("octets", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_piece_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "kind", name=op.f("pk_activity_piece")),
    )


def downgrade() -> None:
    op.drop_table("activity_piece")

"""picture_of_a_revision

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("picture_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_revision_picture_id"), ["picture_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_revision_picture_id_picture"), "picture", ["picture_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_revision_picture_id_picture"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_revision_picture_id"))
        batch_op.drop_column("picture_id")

"""The check before packing can find a word on the box that neighbours need not read.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OLD = (
    *("empty", "too_long", "no_room", "formula", "invisible", "other_letter", "unprintable", "po_box", "unknown_address", "not_dutch"),
    *("left_empty", "doubtful_address", "other_town", "double_address"),
)
NEW = (*OLD[:7], "lonely", *OLD[7:])


def let_check_find(values: tuple[str, ...]) -> None:
    with op.batch_alter_table("batch_finding", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_batch_finding_finding"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_batch_finding_finding"), sa.column("finding").in_(values))


def upgrade() -> None:
    let_check_find(NEW)


def downgrade() -> None:
    op.execute("DELETE FROM batch_finding WHERE finding = 'lonely'")
    let_check_find(OLD)

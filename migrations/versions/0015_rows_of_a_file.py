"""How many orders or parcels each file of a batch holds, so that a part is found again whatever the size of parts has become.

Revision ID: 0015
Revises: 0014
"""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOST = {"pakbonnen": 250, "etiketten-10x15": 250, "etiketten-a4": 700}  # what was in one file until now


def upgrade() -> None:
    with op.batch_alter_table("artefact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("row_count", sa.Integer(), nullable=True))
    artefact = sa.table("artefact", *(sa.column(name) for name in ("id", "batch_id", "name", "row_count")))
    line = sa.table("batch_line", sa.column("batch_id"), sa.column("lead_number"))
    bind = op.get_bind()
    parcels = sa.func.sum(sa.case((line.c.lead_number == "", 1), else_=0))
    found = bind.execute(sa.select(line.c.batch_id, sa.func.count(), parcels).group_by(line.c.batch_id))
    totals = {batch_id: (orders, parcels) for batch_id, orders, parcels in found}
    for stem, most in MOST.items():
        one_kind = sa.or_(artefact.c.name == f"{stem}.pdf", artefact.c.name.like(f"{stem}-%"))
        rows = bind.execute(sa.select(artefact.c.id, artefact.c.batch_id).where(one_kind).order_by(artefact.c.batch_id, artefact.c.id)).all()
        for batch_id, files in groupby(rows, lambda row: row.batch_id):
            left = totals.get(batch_id, (0, 0))[stem != "pakbonnen"]
            for file in files:
                bind.execute(sa.update(artefact).where(artefact.c.id == file.id).values(row_count=min(most, left)))
                left -= min(most, left)


def downgrade() -> None:
    with op.batch_alter_table("artefact", schema=None) as batch_op:
        batch_op.drop_column("row_count")

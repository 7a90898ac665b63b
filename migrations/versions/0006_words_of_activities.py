"""The words of activities, for a search that forgives. `flask prepare` fills them for activities that were there before."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("stem", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
        sa.UniqueConstraint("word", name=op.f("uq_search_word_word")),
    )
    op.create_index(op.f("ix_search_word_stem"), "search_word", ["stem"])
    op.create_table(
        "activity_word",
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_word_activity_id_activity"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["word_id"], ["search_word.id"], name=op.f("fk_activity_word_word_id_search_word"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("word_id", "activity_id", name=op.f("pk_activity_word")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_activity_word_activity_id"), "activity_word", ["activity_id"])


def downgrade() -> None:
    op.drop_table("activity_word")
    op.drop_table("search_word")

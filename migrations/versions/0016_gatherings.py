"""Gatherings and their sessions; a moment belongs to an activity or to a session.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op


revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gathering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("opening", "regionaal", "masterclass", "anders", name="kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("organiser", sa.String(length=120), nullable=False),
        sa.Column(
            "attendance",
            sa.Enum("plek", "online", "allebei", name="attendance", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("online_link", sa.String(length=500), nullable=False),
        sa.Column("venue", sa.String(length=120), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=7), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("hearing_loop", sa.Boolean(), nullable=False),
        sa.Column("takes_sign_ups", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("attendance = 'online' OR town != ''", name=op.f("ck_gathering_place_named")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_gathering_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering")),
    )
    with op.batch_alter_table("gathering", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gathering_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "iedereen",
                "initiatiefnemers",
                "gemeenten",
                "professionals",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name=op.f("fk_session_gathering_id_gathering")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_session_occurrence_id_occurrence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("occurrence_id", name=op.f("uq_session_occurrence_id")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_gathering_id"), ["gathering_id"], unique=False)

    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.alter_column("activity_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.drop_index("ix_session_gathering_id", table_name="session")
    op.drop_table("session")
    op.drop_index("ix_gathering_edition_id", table_name="gathering")
    op.drop_table("gathering")
    of_sessions = "SELECT id FROM occurrence WHERE activity_id IS NULL"
    sign_ups = f"SELECT id FROM sign_up WHERE occurrence_id IN ({of_sessions})"  # noqa: S608 nothing comes from outside
    op.execute(f"DELETE FROM sign_up_event WHERE sign_up_id IN ({sign_ups})")  # noqa: S608
    op.execute(f"DELETE FROM sign_up WHERE occurrence_id IN ({of_sessions})")  # noqa: S608
    op.execute("DELETE FROM occurrence WHERE activity_id IS NULL")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.alter_column("activity_id", existing_type=sa.Integer(), nullable=False)

"""Alembic environment: one connection, cascades off on SQLite while tables are rebuilt, models as the target."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection, text

import weekapp.tables  # noqa: F401  all tables must be known to the metadata
from weekapp.db import Base, Instant, db


def run() -> None:
    """Migrate the database of the running application."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # batch mode drops and renames: a cascade would delete children
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        migrate(connection)
        connection.commit()
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            connection.exec_driver_sql("ROLLBACK")  # inside a transaction the next line would do nothing
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"foreign keys are broken after migrating: {broken[:5]}")


def plain_types(kind: str, thing: object, context: AutogenContext) -> str | Literal[False]:
    """Own column types are written as what they are in the database, so that a migration outlives our classes."""
    if kind != "type":
        return False
    if isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    return "sa.Text()" if type(thing).__name__ == "AsaList" else False


def migrate(connection: Connection) -> None:
    """Run the steps in the transaction of `connection`."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,
        render_item=plain_types,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


run()

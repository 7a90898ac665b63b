"""What a database is made of, in a form that two databases can be compared by."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, inspect

import weekapp.tables  # noqa: F401  all tables must be known to the metadata
from weekapp.config import Settings
from weekapp.core import create_core
from weekapp.db import Base, db

ADVICE = "run: .venv/bin/flask --app wsgi db revision --autogenerate -m what_changed"


def core_on(url: str, folder: Path) -> Flask:
    """An application without pages on a database of its own."""
    values = {"SECRET_KEY": "test " * 8, "DATA_DIR": str(folder), "DATABASE_URL": url, "BROKER_URL": "memory://", "CACHE_URL": "memory://"}
    return create_core(Settings.from_mapping({f"WEEKAPP_{name}": text for name, text in values.items()}))


@contextmanager
def engine_on(url: str, folder: Path) -> Iterator[Engine]:
    """The engine of such an application."""
    with core_on(url, folder).app_context():
        yield db.engine
        db.session.remove()
        db.engine.dispose()


def described(engine: Engine) -> dict[str, Any]:
    """Each column, key, index and check of each table, by name."""
    looked = inspect(engine)
    found: dict[str, Any] = {}
    for table in looked.get_table_names():
        if table == "alembic_version":
            continue
        for column in looked.get_columns(table):
            kind = column["type"].compile(engine.dialect)
            found[f"{table}.{column['name']}"] = (kind, column["nullable"], column["default"] and "a default")
        found[f"{table} primary key"] = looked.get_pk_constraint(table)["constrained_columns"]
        for index in looked.get_indexes(table):
            found[f"{table} index {index['name']}"] = (index["column_names"], bool(index["unique"]), where(index))
        for unique in looked.get_unique_constraints(table):
            found[f"{table} unique {unique['name']}"] = unique["column_names"]
        for key in looked.get_foreign_keys(table):
            found[f"{table} foreign key {key['name']}"] = (
                key["constrained_columns"],
                key["referred_table"],
                key["referred_columns"],
                key["options"],
            )
        for check in looked.get_check_constraints(table):
            found[f"{table} check {check['name']}"] = normal(check["sqltext"])
    return found


def where(index: Any) -> str:
    """The condition of a partial index."""
    options = index.get("dialect_options", {})
    conditions = (options.get("sqlite_where"), options.get("postgresql_where"))
    return normal(" ".join(str(condition) for condition in conditions if condition is not None))


def normal(sql: str) -> str:
    """SQL without what differs in spelling only."""
    return re.sub(r"[\s()\"]+", " ", sql).strip().lower()


def differences(migrated: dict[str, Any], of_models: dict[str, Any]) -> list[str]:
    """What one has and the other has not, or has differently."""
    names = sorted(migrated.keys() | of_models.keys())
    return [
        f"{name}: migrations make {migrated.get(name, 'nothing')}, models say {of_models.get(name, 'nothing')}"
        for name in names
        if migrated.get(name) != of_models.get(name)
    ]


def made_by_migrations(url: str, folder: Path) -> dict[str, Any]:
    """An empty database after all migrations."""
    with engine_on(url, folder) as engine:
        upgrade()
        return described(engine)


def made_by_models(url: str, folder: Path) -> dict[str, Any]:
    """An empty database with the tables of the models."""
    with engine_on(url, folder) as engine:
        Base.metadata.create_all(engine)
        return described(engine)


def differences_on_sqlite() -> list[str]:
    """Models against migrations, in files that are gone afterwards."""
    with TemporaryDirectory(prefix="weekapp-") as name:
        folder = Path(name)
        migrated = made_by_migrations(f"sqlite:///{folder}/migrated.db", folder)
        return differences(migrated, made_by_models(f"sqlite:///{folder}/models.db", folder))

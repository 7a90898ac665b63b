"""Two kinds of databases that a test can have: made once with all tables and municipalities, then copied for each test that wrote."""

import os
import shutil
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade

from weekapp.db import db
from weekapp.geography import service as geography


class SqliteDatabases:
    """A file, copied from a template file."""

    def __init__(self, folder: Path) -> None:
        self.template, self.live = folder / "template.db", folder / "live.db"
        self.url = f"sqlite:///{self.live}"

    def fill(self, app: Flask) -> None:
        """Make the template through the application itself."""
        migrate(app)
        self.live.replace(self.template)
        self.reset()

    def reset(self) -> None:
        """A fresh copy."""
        for ending in ("-wal", "-shm"):
            self.live.with_name(self.live.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.live)


class PostgresDatabases:
    """A database of a real server, copied from a template database."""

    def __init__(self, address: str) -> None:
        self.address = address
        runner = os.environ.get("PYTEST_XDIST_WORKER", "")  # several may share a server that was given
        self.live, self.pristine = f"live{runner}", f"pristine{runner}"
        self.url = f"postgresql+psycopg://{address.removeprefix('postgresql://')}/{self.live}"
        self.run(dropped(self.live), dropped(self.pristine), f"CREATE DATABASE {self.live}")

    def fill(self, app: Flask) -> None:
        """Make the template through the application itself."""
        migrate(app)
        self.run(f"ALTER DATABASE {self.live} RENAME TO {self.pristine}")
        self.reset()

    def reset(self) -> None:
        """A fresh copy."""
        self.run(dropped(self.live), f"CREATE DATABASE {self.live} TEMPLATE {self.pristine} STRATEGY FILE_COPY")

    def run(self, *commands: str) -> None:
        with psycopg.connect(f"{self.address}/postgres", autocommit=True) as connection:
            for command in commands:
                connection.execute(command)


def dropped(database: str) -> str:
    """Away with a database, whoever is still connected."""
    return f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"


def migrate(app: Flask) -> None:
    """All tables by the migrations, and the reference data."""
    with app.app_context():
        upgrade()
        geography.load_reference()
        db.session.remove()
        db.engine.dispose()

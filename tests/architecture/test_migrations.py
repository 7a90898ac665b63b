"""Migrations: in step with the models, both ways, and no row is lost on the way (C14)."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import insert, select, text

from tests.architecture.databases import ADVICE, described, differences, engine_on, made_by_migrations, made_by_models
from tests.builders import make_activity, make_order
from tests.conftest import PostgresDatabases, SqliteDatabases
from tests.shipments.making import make_batch
from weekapp.activities.models import Activity, Occurrence
from weekapp.batches.models import Artefact, BatchLine
from weekapp.core import ROOT
from weekapp.db import db, transaction
from weekapp.geography.service import load_reference

REBUILD = '''"""A change that makes SQLite build a parent table anew."""

from alembic import op

revision, down_revision = "9999", "{last}"


def upgrade() -> None:
    with op.batch_alter_table("{table}", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"):
        pass


def downgrade() -> None:
    pass
'''


@pytest.fixture
def new_database(databases: SqliteDatabases | PostgresDatabases, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """new_database("name") is the address of an empty database."""
    made = []

    def make(name: str) -> str:
        if isinstance(databases, SqliteDatabases):
            return f"sqlite:///{tmp_path}/{name}.db"
        made.append(name)
        databases.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        return databases.url.rsplit("/", 1)[0] + f"/{name}"

    yield make
    for name in made:
        databases.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_migrations_make_the_tables_that_models_describe(new_database: Callable[[str], str], tmp_path: Path) -> None:
    found = differences(made_by_migrations(new_database("migrated"), tmp_path), made_by_models(new_database("of_models"), tmp_path))
    assert found == [], ADVICE


def test_migrations_go_down_to_nothing_and_up_again(new_database: Callable[[str], str], tmp_path: Path) -> None:
    with engine_on(new_database("up_and_down"), tmp_path) as engine:
        upgrade()
        before = described(engine)
        downgrade(revision="base")
        assert described(engine) == {}
        upgrade()
        assert described(engine) == before


@pytest.mark.parametrize("table", ["activity", "organisation", "user", "edition"])
def test_rebuilding_a_parent_table_keeps_its_children(table: str, new_database: Callable[[str], str], tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder)
    last = max(path.name[:4] for path in (folder / "versions").glob("0*.py"))
    with engine_on(new_database("with_children"), tmp_path) as engine:
        upgrade(directory=str(folder))
        load_reference()
        with transaction():
            make_activity()
        (folder / "versions" / "9999_rebuild.py").write_text(REBUILD.format(last=last, table=table))
        db.session.remove()
        upgrade(directory=str(folder))
        assert len(db.session.scalars(select(Occurrence)).all()) == 1
        assert db.session.scalars(select(Activity.title)).all() == ["Samen soep eten"]
        if engine.dialect.name == "sqlite":
            assert db.session.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_each_migration_has_a_number_says_what_it_changes_and_goes_both_ways() -> None:
    for number, path in enumerate(sorted((ROOT / "migrations" / "versions").glob("*.py")), 1):
        assert path.name.startswith(f"{number:04d}_"), path.name
        assert "def downgrade" in path.read_text()


def test_files_that_were_sealed_before_learn_how_many_rows_they_hold(new_database: Callable[[str], str], tmp_path: Path) -> None:
    """0015: 251 orders in 250 parcels, sealed when 250 pages made one file."""
    names = ("pakbonnen-1-van-2.pdf", "pakbonnen-2-van-2.pdf", "etiketten-10x15.pdf", "etiketten-a4.pdf", "manifest.json")
    with engine_on(new_database("sealed_before"), tmp_path):
        upgrade()
        load_reference()
        with transaction():
            batch = make_batch(make_order(state="approved"))
            [line] = db.session.scalars(select(BatchLine))
            copied = {column.name: getattr(line, column.name) for column in BatchLine.__table__.columns} | {"is_live": False}
            rows = [
                copied | {"id": line.id + n, "position": line.position + n, "lead_number": "x" if n == 1 else ""} for n in range(1, 251)
            ]
            db.session.execute(insert(BatchLine), rows)
            for name in names:
                db.session.add(Artefact(batch_id=batch.id, name=name, media_type="x", sha256="x", size=1, content=b"x"))
        db.session.remove()
        downgrade(revision="0014")
        upgrade()
        found = {file.name: file.row_count for file in db.session.scalars(select(Artefact))}
    assert [found[name] for name in names] == [250, 1, 250, 250, None]

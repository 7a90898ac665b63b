"""The database: session, naming convention, and `transaction()`, the only place that commits.

Outside `transaction()` the session only reads. On SQLite a transaction begins with BEGIN IMMEDIATE, so that what
is read before a write cannot change in between (SQLite's own default silently loses updates); on PostgreSQL services lock the
rows that they count (`lock`).
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from threading import Lock
from time import monotonic, sleep
from typing import IO, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ColumnElement, DateTime, Dialect, Engine, Enum, MetaData, event, select, type_coerce
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.types import NullType, TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An instant, kept in UTC and always aware of it, on both databases (DATA-08)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_spelled(instant: ColumnElement[Any] | InstrumentedAttribute[datetime]) -> ColumnElement[Any]:
    """An instant as the database spells it, to sort by: reading the dates of 10,000 rows takes longer than their bytes."""
    return type_coerce(instant, NullType())


def instant_from(spelled: str | datetime) -> datetime:
    """What `as_spelled` meant: SQLite gives text in UTC, PostgreSQL an instant."""
    return datetime.fromisoformat(spelled).replace(tzinfo=UTC) if isinstance(spelled, str) else spelled.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant()}


def choice(kind: type[StrEnum]) -> Enum:
    """The column type of a fixed list of values: text, and a CHECK so that the database knows the list too."""
    values = [member.value for member in kind]
    return Enum(
        kind, native_enum=False, length=20, create_constraint=True, name=kind.__name__.lower(), values_callable=lambda _kind: values
    )


db = SQLAlchemy()  # for its sessions and engines; tables derive from Base, whose columns it would not take over

T = TypeVar("T", bound=Base)

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_waiting: ContextVar[list[Callable[[], None]] | None] = ContextVar("waiting", default=None)
_one_writer = Lock()  # threads of this process take turns here to write to SQLite
PATIENCE = 15.0  # seconds to wait for one's turn to write to SQLite, and for a lock of PostgreSQL


class WriteOutsideTransaction(RuntimeError):
    """Something was changed outside `transaction()`: a mistake in our code."""


class Busy(RuntimeError):
    """Others are writing to SQLite, and this was not worth waiting for."""


@contextmanager
def transaction(*, waits: bool = True) -> Iterator[None]:
    """Commit at the end, or undo everything; effects registered with `after_commit` follow only on success.

    What was read before is read again inside, under the lock. Not to be nested: the edge (view, task, command) commits. With `waits` false
    it raises Busy instead of waiting for others to write to SQLite.
    """
    if _writing.get():
        raise RuntimeError("transaction() inside transaction(): only the outermost edge commits")
    if db.session.new or db.session.dirty or db.session.deleted:
        raise WriteOutsideTransaction("objects were changed before transaction() began")
    db.session.rollback()
    effects: list[Callable[[], None]] = []
    writing, waiting = _writing.set(True), _waiting.set(effects)
    try:
        with turn_to_write(waits):
            try:
                yield
                db.session.commit()
            except BaseException:
                db.session.rollback()
                raise
    finally:
        _writing.reset(writing)
        _waiting.reset(waiting)
    for effect in effects:
        effect()


@contextmanager
def turn_to_write(waits: bool) -> Iterator[None]:
    """On SQLite: threads, and by a locked file processes, write one after the other; its own waiting is a lottery that some lose (LOAD-05).

    Who waits in vain goes on all the same: then the busy_timeout of SQLite has the last word.
    """
    path = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not path:
        yield
        return
    if not _one_writer.acquire(blocking=waits):
        raise Busy
    try:
        with open(f"{path}.turn", "wb") as file:
            end = monotonic() + PATIENCE
            while not is_locked_by_us(file) and monotonic() < end:
                if not waits:
                    raise Busy
                sleep(0.002)
            yield
    finally:
        _one_writer.release()


def is_locked_by_us(file: IO[bytes]) -> bool:
    """Take the lock if it is free; it goes when the file is closed, also when the process is killed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def after_commit(effect: Callable[[], None]) -> None:
    """Run `effect` when the running transaction has been committed; it is dropped on rollback."""
    effects = _waiting.get()
    if effects is None:
        raise RuntimeError("after_commit() outside transaction()")
    effects.append(effect)


def lock(row: T) -> T:
    """Read the row again and keep others from changing it until the end of the transaction.

    Lock what is used up, late, before counting, and several rows in the order of their keys.
    """
    key = type(row).__mapper__.primary_key_from_instance(row)
    found = db.session.get(type(row), key, with_for_update=True, populate_existing=True)
    assert found is not None, "a locked row cannot vanish: rows that are locked are never deleted"
    return found


def is_reachable() -> bool:
    """Whether the database answers."""
    return db.session.execute(select(1)).scalar() == 1


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(session: Session, _context: object, _instances: object) -> None:
    if not _writing.get() and (session.new or session.dirty or session.deleted):
        raise WriteOutsideTransaction("use `with transaction():` around what changes rows")


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if type(connection).__module__ != "sqlite3":
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")

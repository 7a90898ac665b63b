"""After its term nothing of a person is left: not in a table, not in a file (PRIV-05, PRIV-06)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from fulfilment import build
from fulfilment.reconcile import broken
from tests.builders import make_activity, make_edition, make_order, make_organisation, make_package, make_user
from weekapp import clock, privacy
from weekapp.batches import service as batches
from weekapp.batches.models import Batch
from weekapp.batches.service import FilesGone
from weekapp.db import Base, db, transaction
from weekapp.shipments import telling

CANARY = "Kanarieke"
ORDERED = datetime(2027, 7, 1, 12, tzinfo=UTC)
AFTER_TERM = datetime(2027, 10, 6, 12, tzinfo=UTC) + timedelta(days=91)


def week_with_a_canary() -> int:
    """An edition in which somebody called Kanarieke organised, ordered and was sent a parcel; the id of the batch."""
    with transaction():
        staff = make_user("logistics", password="x")
        canary = make_user("initiator", name=CANARY, phone="+31612345678", email="kanarieke@voorbeeld.nl")
        activity = make_activity(initiator=canary, organisation=make_organisation("Buurthuis", member=canary))
        order = {"recipient": CANARY, "attention": CANARY, "street": "Kanariekestraat"}
        make_order(activity=activity, package=make_package(stock=5), state="approved", **order)
        batch_id = batches.request(make_edition(), run_key="canary", profile="generiek", by_id=staff.id).id
    assert build.make(batch_id) == "built"
    with transaction():
        batches.hand_over(db.session.get_one(Batch, batch_id), by=staff)
        telling.tell_some(batch_id, clock.now())
    with transaction():
        batches.close(db.session.get_one(Batch, batch_id), by=staff)
    return batch_id


def tables_with(words: str) -> list[str]:
    """Tables in which any value holds these words, bytes included."""
    found = []
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(text(f'SELECT * FROM "{table.name}"')).all()
        if any(words.lower() in repr(bytes(value) if isinstance(value, memoryview) else value).lower() for row in rows for value in row):
            found.append(table.name)
    return found


def test_nobody_is_left_after_the_term(app: Flask, at: Callable[[datetime], None]):
    at(ORDERED)
    week_with_a_canary()
    assert {"user", "order", "batch_line", "artefact"} <= set(tables_with("kanarieke"))
    at(AFTER_TERM)
    with transaction():
        gone = privacy.purge(AFTER_TERM)
    assert (gone.order_addresses, gone.initiators) == (1, 1)
    assert tables_with("kanarieke") == []
    assert broken() == []


def test_people_stay_until_the_term(app: Flask, at: Callable[[datetime], None]):
    at(ORDERED)
    week_with_a_canary()
    with transaction():
        gone = privacy.purge(AFTER_TERM - timedelta(days=2))
    assert (gone.order_addresses, gone.initiators) == (0, 0)
    assert "order" in tables_with("kanarieke")


def test_purging_again_finds_nothing_more(app: Flask, at: Callable[[datetime], None]):
    at(ORDERED)
    week_with_a_canary()
    for _ in range(2):
        with transaction():
            gone = privacy.purge(AFTER_TERM)
    assert set(vars(gone).values()) == {0}


def test_files_of_a_wiped_batch_say_why_they_are_gone(app: Flask, at: Callable[[datetime], None]):
    at(ORDERED)
    batch_id = week_with_a_canary()
    with transaction():
        privacy.purge(AFTER_TERM)
    with transaction(), pytest.raises(FilesGone):
        batches.download(db.session.get_one(Batch, batch_id), f"batch-{batch_id}.zip", by=make_user("logistics"))


def test_initiator_who_organises_again_stays(app: Flask, at: Callable[[datetime], None]):
    at(ORDERED)
    with transaction():
        faithful = make_user("initiator", name="Trouwe Ziel")
        make_activity(initiator=faithful)
        make_activity(initiator=faithful, edition=make_edition(2028))
        privacy.purge(AFTER_TERM)
    assert tables_with("Trouwe Ziel") == ["user"]

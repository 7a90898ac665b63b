"""The proof finds each kind of damage, and names what is broken."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, update

from fulfilment import build, commands, reconcile
from tests.builders import make_activity, make_user
from tests.fulfilment.filling import approved_orders, ask
from tests.gatherings.making import make_session
from weekapp.activities.models import Activity, Occurrence
from weekapp.batches import service
from weekapp.batches.models import Artefact, Batch, BatchLine
from weekapp.db import db, transaction
from weekapp.orders.models import Order, OrderEvent
from weekapp.packages.models import Package, StockEntry


@pytest.fixture
def week(app: Flask) -> Flask:
    """Three orders that have left in a batch, three that are packed in another, three that are approved."""
    approved_orders(3)
    build.make(ask("een"))
    with transaction():
        service.hand_over(db.session.get_one(Batch, 1), by=make_user("logistics"))
    approved_orders(3)
    build.make(ask("twee"))
    approved_orders(3)
    return app


def test_an_undamaged_week_has_nothing_broken(week: Flask) -> None:
    assert reconcile.broken() == []
    answer = week.test_cli_runner().invoke(commands.group, ["reconcile"])
    assert (answer.exit_code, answer.output) == (0, "everything agrees\n")


Damage = Callable[[], object]
DAMAGE: list[tuple[str, Damage]] = [
    ("package 1 shows", lambda: update(Package).where(Package.id == 1).values(on_hand=Package.on_hand + 1)),
    ("package 2 shows", lambda: update(Package).where(Package.id == 2).values(reserved=0)),
    ("order 9 should hold", lambda: update(Order).where(Order.id == 9).values(quantity=9)),
    ("order 7 should hold", lambda: update(Order).where(Order.id == 7).values(state="cancelled")),
    (
        "order 1: 2 packages left and 0 came back, the ledger has 0 and 0",
        lambda: delete(StockEntry).where(StockEntry.order_id == 1, StockEntry.kind == "issued"),
    ),
    ("order 4 is in a batch that has no live line", lambda: update(BatchLine).where(BatchLine.order_id == 4).values(is_live=False)),
    ("batch 2 has a live line of order 4", lambda: update(Order).where(Order.id == 4).values(batch_id=1)),
    ("order 4 is in a batch that has no live line", lambda: update(Order).where(Order.id == 4).values(batch_id=99)),
    ("order 2 is batched in batch 1, which is handed_over", lambda: update(Order).where(Order.id == 2).values(state="batched")),
    ("batch 2 shows 4 orders", lambda: update(Batch).where(Batch.id == 2).values(order_count=4)),
    ("batch 2 shows", lambda: delete(BatchLine).where(BatchLine.order_id == 4)),
    ("file pakbonnen.pdf of batch 2 is not what was sealed", lambda: changed("pakbonnen.pdf", content=b"%PDF")),
    ("the manifest of batch 2 lists other files", lambda: changed("pakbonnen.pdf", sha256="0" * 64)),
    ("the manifest of batch 2 lists other files", lambda: changed("manifest.json", content=b"[]")),
    ("file batch-2.zip of batch 2 is not what was sealed", lambda: changed("bestellingen.xlsx", name="x.xlsx")),
    ("file batch-2.zip of batch 2 is not what was sealed", lambda: changed("batch-2.zip", size=1)),
    ("without a manifest", lambda: delete(Artefact).where(Artefact.batch_id == 2, Artefact.name == "manifest.json")),
    (
        "order 7 is approved, its history ends with received",
        lambda: delete(OrderEvent).where(OrderEvent.order_id == 7, OrderEvent.state == "approved"),
    ),
    ("order 7 is approved, but its activity does not go on", lambda: update(Activity).where(Activity.id == 3).values(state="withdrawn")),
    ("order 8 waits, while package 3", lambda: update(Order).where(Order.id == 8).values(state="waiting")),
    (
        "moment 1 should be that of an activity or of a session",
        lambda: update(Occurrence).where(Occurrence.id == 1).values(activity_id=None),
    ),
]


def changed(name: str, /, **columns: object) -> object:
    return update(Artefact).where(Artefact.batch_id == 2, Artefact.name == name).values(**columns)


@pytest.mark.parametrize(("words", "damage"), DAMAGE, ids=[words for words, _ in DAMAGE])
def test_damage_is_named(week: Flask, words: str, damage: Damage) -> None:
    with transaction():
        db.session.execute(damage())  # type: ignore[call-overload]
    assert any(words in line for line in reconcile.broken()), reconcile.broken()


def test_the_moment_of_a_session_needs_no_activity_and_must_not_have_one(app: Flask) -> None:
    with transaction():
        made = make_session()
        activity = make_activity()
    assert reconcile.broken() == []
    with transaction():
        made.moment.activity_id = activity.id
    assert len(reconcile.broken()) == 1


def test_the_command_ends_with_1_when_something_is_broken(week: Flask) -> None:
    with transaction():
        db.session.execute(update(Batch).where(Batch.id == 2).values(order_count=4))
    answer = week.test_cli_runner().invoke(commands.group, ["reconcile"])
    assert answer.exit_code == 1
    assert "1 broken" in answer.output

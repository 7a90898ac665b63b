"""A batch from asked for to sealed: what it takes, what it freezes, what happens when it is done twice or goes wrong."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from fulfilment import build, claim, commands, reconcile
from tests.builders import make_order, make_user
from tests.fulfilment.filling import approved_orders, ask, batch_now, orders_now
from weekapp import clock
from weekapp.activities import rules as activities
from weekapp.batches import lines, queries, rules, service
from weekapp.batches.models import Batch, BatchLine
from weekapp.batches.rules import State
from weekapp.db import db, transaction
from weekapp.errors import NotFound
from weekapp.orders import queries as order_queries
from weekapp.orders import rules as orders
from weekapp.orders import service as ordering
from weekapp.orders.rules import Hold


def made(count: int = 4, **more: object) -> int:
    """A sealed batch."""
    approved_orders(count, **more)
    batch_id = ask()
    assert build.make(batch_id) == "built"
    return batch_id


def claimed(batch_id: int) -> str:
    """A worker claims the orders and gets no further; its token."""
    with transaction():
        token = claim.take_in_hand(batch_id)
    is_more = True
    while is_more:
        with transaction():
            is_more = claim.claim_some(batch_id, token, most=2)
    return token


def silence(batch_id: int) -> None:
    """The worker that makes the batch shows no life any more."""
    with transaction():
        db.session.get_one(Batch, batch_id).worked_at = clock.now() - timedelta(minutes=2)


def file(batch_id: int, name: str) -> bytes:
    """The bytes of one file."""
    artefact = queries.artefact(batch_id, name)
    assert artefact is not None, name
    return b"".join(queries.content_of(artefact))


def test_everything_that_is_ready_goes_in_and_nothing_else(app: Flask) -> None:
    approved_orders(4)
    with transaction():
        make_order(state="received")
    batch_id = ask()
    assert build.make(batch_id) == "built"
    assert sorted(order.state for order in orders_now()) == [orders.State.BATCHED] * 4 + [orders.State.RECEIVED]
    assert (batch_now(batch_id).order_count, batch_now(batch_id).package_count) == (4, 6)
    assert reconcile.broken() == []


def test_a_batch_has_these_files(app: Flask) -> None:
    batch_id = made()
    names = [artefact.name for artefact in queries.artefacts(batch_id)]
    assert names == [
        "picklijst.xlsx",
        "picklijst.pdf",
        "bestellingen.xlsx",
        "pakbonnen.pdf",
        "etiketten-10x15.pdf",
        "etiketten-a4.pdf",
        "vervoerder-generiek.csv",
        "manifest.json",
        f"batch-{batch_id}.zip",
    ]


def test_the_zip_has_the_files_and_the_manifest_their_hashes(app: Flask) -> None:
    batch_id = made()
    with zipfile.ZipFile(io.BytesIO(file(batch_id, f"batch-{batch_id}.zip"))) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    listed = json.loads(inside["manifest.json"])["files"]
    assert {one["name"]: one["sha256"] for one in listed} == {
        name: hashlib.sha256(content).hexdigest() for name, content in inside.items() if name != "manifest.json"
    }
    assert inside["pakbonnen.pdf"] == file(batch_id, "pakbonnen.pdf")


def test_what_must_arrive_first_is_packed_first(app: Flask, at: Callable[[datetime], None]) -> None:
    approved_orders(3)
    with transaction():
        later, urgent, early = orders_now()
        later.needed_by, early.needed_by = later.needed_by + timedelta(days=3), early.needed_by - timedelta(days=3)
        urgent.needed_by, urgent.is_urgent = later.needed_by + timedelta(days=9), True
        wanted = [urgent.id, early.id, later.id]
        db.session.flush()
        service.request_on_demand(later.edition, click="klik", by_id=0)
    build.make(1)
    assert [line.order_id for line in queries.lines(1)] == wanted


def test_an_order_of_an_activity_that_does_not_go_on_stays_behind(app: Flask) -> None:
    approved_orders(2)
    with transaction():
        make_order(state="approved").activity.state = activities.State.WITHDRAWN
    batch_id = ask()
    build.make(batch_id)
    assert batch_now(batch_id).order_count == 2


def test_a_batch_that_is_sealed_is_not_made_again(app: Flask) -> None:
    batch_id = made()
    before = file(batch_id, f"batch-{batch_id}.zip")
    assert build.make(batch_id) == "skipped"
    assert file(batch_id, f"batch-{batch_id}.zip") == before
    assert len(queries.artefacts(batch_id)) == 9


def test_what_changes_afterwards_does_not_reach_a_sealed_batch(app: Flask) -> None:
    batch_id = made()
    with transaction():
        for order in orders_now():
            order.recipient, order.street = "Iemand anders", "Andere straat"
    assert "Iemand anders" not in file(batch_id, "vervoerder-generiek.csv").decode()
    assert queries.lines(batch_id)[0].recipient != "Iemand anders"


def test_what_changes_between_claiming_and_rendering_does_not_reach_the_files(app: Flask) -> None:
    approved_orders(2)
    batch_id = ask()
    claimed(batch_id)
    with transaction():
        for order in orders_now():
            order.recipient = "Iemand anders"
    silence(batch_id)
    assert build.make(batch_id) == "built"
    assert "Iemand anders" not in file(batch_id, "vervoerder-generiek.csv").decode()


def test_an_attempt_that_did_not_come_to_its_end_is_done_again_with_the_same_bytes(app: Flask) -> None:
    approved_orders(3)
    batch_id = ask()
    token = claimed(batch_id)
    frozen = build.read(batch_id)
    assert frozen is not None
    assert build.render(frozen, token)
    first = {one.name: one.sha256 for one in queries.artefacts(batch_id)}
    silence(batch_id)
    assert build.make(batch_id) == "built"
    second = {one.name: one.sha256 for one in queries.artefacts(batch_id)}
    assert {name: second[name] for name in first} == first
    assert reconcile.broken() == []


def test_nobody_sees_the_files_of_a_batch_that_is_not_sealed(app: Flask) -> None:
    approved_orders(1)
    batch_id = ask()
    token = claimed(batch_id)
    frozen = build.read(batch_id)
    assert frozen is not None
    assert build.render(frozen, token)
    with pytest.raises(NotFound), transaction():
        service.download(db.session.get_one(Batch, batch_id), "pakbonnen.pdf", by=make_user())


def test_orders_are_claimed_a_few_at_a_time_in_one_row_of_positions(app: Flask) -> None:
    approved_orders(5)
    batch_id = ask()
    claimed(batch_id)
    found = queries.lines(batch_id)
    assert [line.position for line in found] == [1, 2, 3, 4, 5]
    assert [(line.needed_by, line.postcode, line.house_number) for line in found] == sorted(
        (line.needed_by, line.postcode, line.house_number) for line in found
    )
    assert (batch_now(batch_id).state, batch_now(batch_id).order_count) == (State.CLAIMED, 5)


def test_a_worker_that_dies_between_two_claims_loses_nothing(app: Flask) -> None:
    approved_orders(5)
    batch_id = ask()
    with transaction():
        token = claim.take_in_hand(batch_id)
    with transaction():
        assert claim.claim_some(batch_id, token, most=2)
    assert reconcile.broken() == []
    silence(batch_id)
    assert build.make(batch_id) == "built"
    assert sorted(line.order_id for line in queries.lines(batch_id)) == [order.id for order in orders_now()]
    assert reconcile.broken() == []


def test_an_order_taken_out_while_the_files_are_made_is_not_in_them(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    approved_orders(3)
    batch_id, original = ask(), build.render

    def render_while_somebody_cancels(frozen: build.Frozen, token: str) -> bool:
        answer = original(frozen, token)
        monkeypatch.setattr(build, "render", original)
        with transaction():
            service.cancel_order(orders_now()[1], by=make_user())
        return answer

    monkeypatch.setattr(build, "render", render_while_somebody_cancels)
    assert build.make(batch_id) == "built"
    assert json.loads(file(batch_id, "manifest.json"))["orders"] == 2
    assert queries.recall_list(batch_id) == []
    assert reconcile.broken() == []


def test_a_batch_of_which_every_order_was_taken_out_is_closed(app: Flask) -> None:
    approved_orders(1)
    batch_id = ask()
    claimed(batch_id)
    with transaction():
        service.cancel_order(orders_now()[0], by=make_user())
    silence(batch_id)
    assert build.make(batch_id) == "closed"
    assert (batch_now(batch_id).state, queries.artefacts(batch_id)) == (State.CLOSED, [])
    assert reconcile.broken() == []


def test_a_batch_for_which_nothing_is_left_is_closed(app: Flask) -> None:
    approved_orders(1)
    batch_id = ask()
    with transaction():
        ordering.hold(orders_now()[0], Hold.OTHER, "", by=make_user())
    assert build.make(batch_id) == "closed"
    assert batch_now(batch_id).order_count == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"recipient": "Buurthuis 😀"}, "Deze tekens kunnen we niet op de pakbon printen: 😀"),
        ({"recipient": "=HYPERLINK(1)"}, "begint met een teken dat een rekenblad uitvoert"),
        ({"street": ""}, "Straat is leeg."),
    ],
)
def test_an_order_that_cannot_be_printed_is_held_and_stops_nobody(app: Flask, changed: dict[str, str], words: str) -> None:
    approved_orders(3)
    with transaction():
        wrong = orders_now()[1]
        for name, value in changed.items():
            setattr(wrong, name, value)
        wrong_id = wrong.id
    batch_id = ask()
    assert build.make(batch_id) == "built"
    assert [order.state for order in orders_now()] == [orders.State.BATCHED, orders.State.HELD, orders.State.BATCHED]
    assert words in order_queries.events(wrong_id)[-1].event.note
    assert reconcile.broken() == []


def test_letters_are_written_in_one_way(app: Flask) -> None:
    approved_orders(1, attention="Zoe\u0308")
    batch_id = ask()
    build.make(batch_id)
    assert queries.lines(batch_id)[0].attention == "Zoë"


@pytest.mark.parametrize(
    ("kept", "written"), [("+31612345678", "0612345678"), ("+31302345678", "0302345678"), ("+4930123456", "004930123456"), ("", "")]
)
def test_phones_are_written_as_carriers_want_them(kept: str, written: str) -> None:
    assert lines.national(kept) == written


def test_more_parcels_than_a_carrier_takes_become_more_files(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    approved_orders(5)
    with transaction():
        batch_id = service.request(orders_now()[0].edition, run_key="k", profile="sendcloud", by_id=0).id
    limited = build.profile("sendcloud")
    monkeypatch.setattr(build, "profile", lambda _key: type(limited)(**{**vars(limited), "row_limit": 2}))
    build.make(batch_id)
    names = [artefact.name for artefact in queries.artefacts(batch_id) if artefact.name.endswith(".csv")]
    assert names == [f"vervoerder-sendcloud-{part}-van-3.csv" for part in (1, 2, 3)]


def test_a_batch_that_another_worker_makes_is_left_alone(app: Flask) -> None:
    approved_orders(1)
    batch_id = ask()
    with transaction():
        assert claim.take_in_hand(batch_id)
    assert build.make(batch_id) == "skipped"


def test_a_batch_whose_worker_fell_silent_is_taken_over(app: Flask) -> None:
    approved_orders(1)
    batch_id = ask()
    claimed(batch_id)
    silence(batch_id)
    assert build.make(batch_id) == "built"
    assert reconcile.broken() == []


def test_a_batch_is_given_up_after_five_attempts_in_words(app: Flask) -> None:
    approved_orders(1)
    batch_id = ask()
    for _ in range(rules.MOST_ATTEMPTS):
        with transaction():
            assert claim.take_in_hand(batch_id)
        with transaction():
            db.session.get_one(Batch, batch_id).worked_at = None
    assert build.make(batch_id) == "skipped"
    assert batch_now(batch_id).state == State.FAILED
    assert "te vaak niet gelukt" in batch_now(batch_id).failure
    assert reconcile.broken() == []


def test_a_worker_that_was_only_slow_cannot_spoil_what_another_does(app: Flask) -> None:
    approved_orders(2)
    batch_id = ask()
    slow = claimed(batch_id)
    frozen = build.read(batch_id)
    assert frozen is not None
    silence(batch_id)
    with transaction():
        quick = claim.take_in_hand(batch_id)
    assert not build.render(frozen, slow)
    assert build.give_up(batch_id, slow, "te langzaam") == "failed"
    assert build.render_and_seal(batch_id, quick) == "built"
    assert build.render_and_seal(batch_id, slow) == "closed"
    assert batch_now(batch_id).state == State.READY
    assert reconcile.broken() == []


def test_the_command_makes_a_batch_without_a_worker(app: Flask) -> None:
    approved_orders(2)
    batch = commands.batch(clock.now())
    assert batch is not None
    assert (batch.state, batch.order_count) == (State.READY, 2)


def test_the_command_says_that_there_is_nothing_to_send(app: Flask) -> None:
    approved_orders(1)
    with transaction():
        ordering.hold(orders_now()[0], Hold.OTHER, "", by=make_user())
    answer = app.test_cli_runner().invoke(commands.group, ["batch"])
    assert answer.exit_code == 1
    assert "geen bestellingen" in answer.output


def test_lines_keep_the_contents_of_the_package_of_that_day(app: Flask) -> None:
    batch_id = made(1)
    line = db.session.scalars(select(BatchLine)).one()
    assert line.contents == {"package": "Kom Erbij-pakket", "version": 1, "items": [["Placemats", 50], ["Poster", 1]]}
    assert batch_now(batch_id).claimed_at <= datetime.now(UTC)

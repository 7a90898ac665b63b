"""Files of carriers in the worker: read once, applied once, whoever else is at it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from fulfilment.carrier import apply
from tests.builders import make_activity, make_order, make_package, make_user
from tests.shipments.making import make_batch, make_mapping, packed_order, uploaded
from weekapp import clock
from weekapp.accounts.models import User
from weekapp.db import db, transaction
from weekapp.errors import InvalidInput, WrongState
from weekapp.mail.models import OutgoingMail
from weekapp.orders.models import Order, OrderEvent
from weekapp.orders.rules import State
from weekapp.packages import queries as stock
from weekapp.packages.models import StockEntry
from weekapp.queue import Task
from weekapp.shipments import files, queries
from weekapp.shipments.models import Parcel, ReturnFile, ReturnRow
from weekapp.shipments.rules import Carrier, Columns, FileState, Verdict

MB = 1024 * 1024


def fresh(file_id: int) -> ReturnFile:
    db.session.rollback()
    return db.session.get_one(ReturnFile, file_id, populate_existing=True)


def apply_it(file_id: int) -> str:
    """What the button does, and then the worker."""
    with transaction():
        files.apply(db.session.get_one(ReturnFile, file_id), by=make_user("logistics"))
    return apply.apply_file(file_id)


def packed(count: int, **more) -> list[str]:
    """Numbers of orders in one batch that has left."""
    activity = make_activity()
    package = make_package(stock=count * 2)
    orders = [make_order(activity=activity, package=package, state="approved", **more) for _ in range(count)]
    make_batch(*orders)
    return [order.number for order in orders]


def counts() -> list[int]:
    """How many there are of everything that a file can make."""
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(table)) for table in (Parcel, OrderEvent, StockEntry, OutgoingMail)]


def test_a_file_is_read_and_shown_and_changes_nothing_yet(app: Flask) -> None:
    with transaction():
        make_mapping()
        order = packed_order()
        file = uploaded(f"{order.number};3SABCD1;bezorgd", "WEB-1;3SX;onderweg", f"{order.number};3SABCD1;onderweg")
        file_id, order_id = file.id, order.id
    before = counts()
    assert apply.parse_file(file_id) == "parsed"
    assert fresh(file_id).counts == {"matched": 1, "unknown": 1, "double": 1}
    assert (db.session.get_one(Order, order_id).state, counts()) == (State.SHIPPED, before)


def test_a_file_is_applied(app: Flask) -> None:
    with transaction():
        make_mapping()
        order = packed_order()
        order_id = order.id
        file_id = uploaded(f"{order.number};3SABCD1;bezorgd").id
    apply.parse_file(file_id)
    assert apply_it(file_id) == "applied"
    file = fresh(file_id)
    assert (file.state, file.content, file.counted(Verdict.MATCHED)) == (FileState.APPLIED, None, 1)
    assert db.session.get_one(Order, order_id).state == State.DELIVERED


def test_reading_and_applying_again_does_nothing(app: Flask) -> None:
    with transaction():
        make_mapping()
        order = packed_order()
        file_id = uploaded(f"{order.number};3SABCD1;retour").id
    apply.parse_file(file_id)
    apply_it(file_id)
    before = counts()
    assert (apply.parse_file(file_id), apply.apply_file(file_id), apply_it(file_id)) == ("skipped", "skipped", "skipped")
    assert counts() == before


def test_the_same_file_once_more_holds_nothing_new(app: Flask) -> None:
    with transaction():
        make_mapping()
        numbers = packed(3)
        rows = [f"{number};3SABCD{place};retour" for place, number in enumerate(numbers)]
        file_id = uploaded(*rows).id
    apply.parse_file(file_id)
    apply_it(file_id)
    before = counts()
    with transaction():
        again_id = uploaded(*rows).id
    assert again_id != file_id
    apply.parse_file(again_id)
    assert fresh(again_id).counts == {"unchanged": 3}
    assert queries.applied_twin(fresh(again_id)).id == file_id
    apply_it(again_id)
    assert counts() == before


def test_the_same_file_while_it_waits_is_one_file(app: Flask) -> None:
    with transaction():
        make_mapping()
        assert uploaded("KE27-00001;3SABCD1;bezorgd").id == uploaded("KE27-00001;3SABCD1;bezorgd").id
        assert uploaded("KE27-00001;3SABCD1;bezorgd", carrier=Carrier.DPD).carrier == Carrier.DPD


def test_one_file_uploaded_by_many_at_once_is_one_file(app: Flask) -> None:
    with transaction():
        user_id = make_user("logistics").id

    def upload(_number: int) -> int:
        with app.app_context(), transaction():
            return uploaded("KE27-00001;3SABCD1;bezorgd", by=db.session.get_one(User, user_id)).id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(upload, range(6)))) == 1


def test_a_file_applied_by_several_workers_at_once_is_applied_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ORDERS_AT_ONCE", 3)
    with transaction():
        make_mapping()
        numbers = packed(20)
        file_id = uploaded(
            *(f"{number};3SABCD{place:03d};{'retour' if place % 2 else 'onderweg'}" for place, number in enumerate(numbers))
        ).id
    apply.parse_file(file_id)
    with transaction():
        files.apply(db.session.get_one(ReturnFile, file_id), by=make_user("logistics"))

    def work(_number: int) -> str:
        with app.app_context():
            return apply.apply_file(file_id)

    with ThreadPoolExecutor(4) as pool:
        assert "applied" in set(pool.map(work, range(4)))
    assert (fresh(file_id).state, queries.count_done(file_id)) == (FileState.APPLIED, 20)
    parcels, _events, _stock, mails = counts()
    assert (parcels, mails) == (20, 10)
    assert all(sums.shown == sums.booked for sums in stock.ledger_sums())
    assert {parcel.taken_back for parcel in db.session.scalars(select(Parcel))} == {None, 1}


def test_what_a_killed_worker_left_is_done_by_the_next_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ORDERS_AT_ONCE", 2)
    with transaction():
        make_mapping()
        numbers = packed(5)
        file_id = uploaded(*(f"{number};3SABCD{place};onderweg" for place, number in enumerate(numbers))).id
    apply.parse_file(file_id)
    with transaction():
        files.apply(db.session.get_one(ReturnFile, file_id), by=make_user("logistics"))
    with transaction():
        files.apply_some(file_id)  # and here the worker dies
    assert queries.left_behind(clock.now()) == []
    assert queries.left_behind(clock.now() + timedelta(minutes=2)) == [(Task.APPLY_RETURN_FILE, file_id)]
    assert apply.apply_file(file_id) == "applied"
    assert counts()[0] == 5


def test_a_killed_chunk_leaves_nothing_half(app: Flask) -> None:
    with transaction():
        make_mapping()
        order = packed_order()
        file_id = uploaded(f"{order.number};3SABCD1;retour").id
    apply.parse_file(file_id)
    with transaction():
        files.apply(db.session.get_one(ReturnFile, file_id), by=make_user("logistics"))
    before = counts()

    def die_half_way() -> None:
        with transaction():
            files.apply_some(file_id)
            raise OperationalError("gone", {}, Exception())

    with pytest.raises(OperationalError):
        die_half_way()
    assert counts() == before


def test_a_lost_message_is_found(app: Flask) -> None:
    with transaction():
        file_id = uploaded("KE27-00001;3SABCD1;bezorgd").id
    assert queries.left_behind(clock.now()) == []
    assert queries.left_behind(clock.now() + timedelta(minutes=2)) == [(Task.PARSE_RETURN_FILE, file_id)]


def test_a_file_that_another_worker_reads_is_left_alone_until_that_one_is_dead(app: Flask, at) -> None:
    with transaction():
        make_mapping()
        file_id = uploaded("KE27-00001;3SABCD1;bezorgd").id
    with transaction():
        assert files.take(file_id) is not None
    assert apply.parse_file(file_id) == "skipped"
    assert queries.left_behind(clock.now() + timedelta(minutes=2)) == []
    assert queries.left_behind(clock.now() + timedelta(minutes=6)) == [(Task.PARSE_RETURN_FILE, file_id)]
    at(clock.now() + timedelta(minutes=6))
    assert apply.parse_file(file_id) == "parsed"


def test_a_file_that_kills_its_worker_again_and_again_is_refused(app: Flask, at) -> None:
    with transaction():
        file_id = uploaded("KE27-00001;3SABCD1;bezorgd").id
    now = clock.now()
    for attempt in range(6):
        at(now + timedelta(minutes=6 * attempt))
        with transaction():
            files.take(file_id)
    assert (fresh(file_id).state, fresh(file_id).content) == (FileState.REFUSED, None)


def test_without_a_mapping_staff_are_asked_and_the_answer_is_remembered(app: Flask) -> None:
    with transaction():
        order = packed_order()
        row = f"{order.number};3SABCD1;afgeleverd bij de buren op nummer 3"
        file_id, next_id = uploaded(row).id, uploaded(row, "").id
    assert apply.parse_file(file_id) == "unclear"
    assert fresh(file_id).found_columns == ["Referentie", "Barcode", "Status"]
    columns = Columns("Referentie", "Barcode", "Status")
    with transaction():
        files.choose_columns(db.session.get_one(ReturnFile, file_id), columns, by=make_user("logistics"))
    assert apply.parse_file(file_id) == "unclear"
    assert fresh(file_id).unknown_words == ["afgeleverd bij de buren op nummer 3"[:40]]
    words = {fresh(file_id).unknown_words[0]: queries.rules.Status.DELIVERED}
    with transaction():
        chosen = Columns("Referentie", "Barcode", "Status", "", words)
        files.choose_columns(db.session.get_one(ReturnFile, file_id), chosen, by=make_user("logistics"))
    assert apply.parse_file(file_id) == "parsed"
    assert apply.parse_file(next_id) == "parsed"  # asked once
    assert queries.mapping(Carrier.POSTNL).delimiter == ";"


def test_a_bad_file_changes_nothing_and_every_row_is_told(app: Flask) -> None:
    with transaction():
        make_mapping()
        order = packed_order()
        rows = [f"{order.number};3SABCD1;bezorgd", f"{order.number};3,1E+12;bezorgd", f"{order.number};;bezorgd"]
        file_id = uploaded(*rows).id
    before = counts()
    assert apply.parse_file(file_id) == "refused"
    assert (fresh(file_id).state, fresh(file_id).counts, counts()) == (FileState.REFUSED, {"wrong": 2}, before)
    assert [row.row for row in queries.rows_of(file_id, Verdict.WRONG, most=9)] == [3, 4]
    with pytest.raises(WrongState), transaction():
        files.apply(db.session.get_one(ReturnFile, file_id), by=make_user("logistics"))


def test_a_refused_file_can_be_read_with_other_columns(app: Flask) -> None:
    with transaction():
        make_mapping(barcode="Status", status="")
        order = packed_order()
        file_id = uploaded(f"{order.number};3SABCD1;zo").id
    assert apply.parse_file(file_id) == "refused"
    with transaction():
        chosen = Columns("Referentie", "Barcode")
        files.choose_columns(db.session.get_one(ReturnFile, file_id), chosen, by=make_user("logistics"))
    assert apply.parse_file(file_id) == "parsed"
    assert fresh(file_id).counts == {"matched": 1}


def test_what_changed_since_somebody_looked_is_judged_again(app: Flask) -> None:
    with transaction():
        make_mapping()
        order = packed_order()
        file_id, other_id = uploaded(f"{order.number};3SABCD1;bezorgd").id, uploaded(f"{order.number};3SABCD1;bezorgd", "").id
    apply.parse_file(file_id)
    apply.parse_file(other_id)
    apply_it(file_id)
    before = counts()
    apply_it(other_id)
    assert (fresh(other_id).counts, counts()) == ({"unchanged": 1}, before)


def test_a_file_that_is_put_away_is_wiped_and_cannot_be_applied(app: Flask) -> None:
    with transaction():
        make_mapping()
        file_id = uploaded("KE27-00001;3SABCD1;bezorgd").id
    apply.parse_file(file_id)
    with transaction():
        files.discard(db.session.get_one(ReturnFile, file_id), by=make_user("logistics"))
    assert fresh(file_id).content is None
    with pytest.raises(WrongState), transaction():
        files.apply(db.session.get_one(ReturnFile, file_id), by=make_user("logistics"))


def test_a_file_of_30_mb_is_not_kept(app: Flask) -> None:
    with pytest.raises(InvalidInput), transaction():
        files.receive(b"x" * 30 * MB, "csv", Carrier.DPD, by=make_user("logistics"))


def test_contents_go_after_seven_days_and_rows_after_ninety(app: Flask) -> None:
    with transaction():
        make_mapping()
        order = packed_order()
        waiting, refused = uploaded(f"{order.number};3SABCD1;bezorgd").id, uploaded(f"{order.number};;bezorgd").id
    for file_id in (waiting, refused):
        apply.parse_file(file_id)
    with transaction():
        assert files.forget_old(clock.now() + timedelta(days=6)) == {"files": 0, "rows": 0}
        assert files.forget_old(clock.now() + timedelta(days=8)) == {"files": 2, "rows": 0}
    assert {fresh(waiting).state, fresh(refused).state} == {FileState.REFUSED}
    assert (fresh(waiting).content, fresh(refused).content) == (None, None)
    with pytest.raises(WrongState), transaction():
        files.choose_columns(db.session.get_one(ReturnFile, refused), Columns("Referentie", "Barcode"), by=make_user())
    with transaction():
        assert files.forget_old(clock.now() + timedelta(days=91)) == {"files": 0, "rows": 2}
    assert db.session.scalar(select(func.count()).select_from(ReturnRow)) == 0

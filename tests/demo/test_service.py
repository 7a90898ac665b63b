"""The demo edition: believable, complete, the same each time, and sound."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from fulfilment import reconcile, tasks
from tests.builders import make_user
from weekapp import clock
from weekapp.accounts import queries as accounts
from weekapp.accounts import service as account_service
from weekapp.activities import rules as activities
from weekapp.activities import still_on
from weekapp.activities.models import Activity, Occurrence, StillOn
from weekapp.batches.models import Batch
from weekapp.batches.rules import State as BatchState
from weekapp.core import settings
from weekapp.db import db, transaction
from weekapp.demo import service
from weekapp.demo.people import FIRST_MUNICIPALITY
from weekapp.editions import queries as editions
from weekapp.editions.rules import Window, window
from weekapp.errors import DomainError
from weekapp.gatherings import queries as gatherings
from weekapp.gatherings.rules import Kind
from weekapp.mail.models import OutgoingMail
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.organisations import queries as organisations
from weekapp.organisations.models import Organisation
from weekapp.packages.models import Package, StockEntry
from weekapp.signups import queries as sign_ups

NOVEMBER = datetime(2026, 11, 23, 12, tzinfo=UTC)
assert tasks.build_batch, "the worker's tasks are known: demo data have it make batches"


def filled(activity_count: int = 130, order_count: int = 110, seed: int = service.SEED, now: datetime = NOVEMBER) -> None:
    with clock.pretending(now):
        service.fill(activity_count, order_count, seed=seed)


def current() -> int:
    with clock.pretending(NOVEMBER):
        edition = editions.current()
        assert edition
        return edition.id


def test_has_as_many_activities_and_orders_as_asked_in_250_municipalities(app: Flask) -> None:
    filled(900, 680)
    of_edition = Activity.edition_id == current()
    assert db.session.scalar(select(func.count()).select_from(Activity).where(of_edition)) == 900
    assert db.session.scalar(select(func.count()).select_from(Order)) == 680
    public = (of_edition, Activity.state == activities.State.PUBLISHED)
    assert db.session.scalar(select(func.count(Activity.municipality_code.distinct())).where(*public)) == 250
    assert reconcile.broken() == []


@pytest.mark.parametrize(
    "now",
    [
        datetime(2027, 1, 1, 0, 10, tzinfo=UTC),
        datetime(2027, 3, 28, 3, tzinfo=UTC),
        datetime(2027, 8, 31, 12, tzinfo=UTC),
        datetime(2027, 9, 29, 16, tzinfo=UTC),
        datetime(2027, 10, 6, 21, 59, tzinfo=UTC),
        datetime(2027, 10, 6, 22, 1, tzinfo=UTC),
    ],
)
def test_on_any_day_both_windows_are_open_and_everything_agrees(app: Flask, now: datetime) -> None:
    filled(60, 45, now=now)
    with clock.pretending(now):
        edition, today = editions.current(), clock.today()
    assert edition
    assert edition.last_day >= today
    assert window(edition.registration_opens, edition.registration_closes, today) is Window.OPEN
    assert window(edition.ordering_opens, edition.ordering_closes, today) is Window.OPEN
    assert reconcile.broken() == []


def test_nothing_happens_before_the_window_opened_or_after_now(app: Flask) -> None:
    filled()
    edition = db.session.get(Organisation, 1) and editions.by_year(2027)
    assert edition
    opened = clock.day_bounds(edition.registration_opens)[0]
    for column in (Activity.created_at, Activity.changed_at, Activity.published_at, Order.created_at, Order.changed_at, StockEntry.at):
        table = column.class_
        wanted = select(func.min(column), func.max(column))
        first, last = db.session.execute(wanted.where(table.edition_id == edition.id) if hasattr(table, "edition_id") else wanted).one()
        assert opened <= first <= last <= NOVEMBER, column


def test_orders_are_in_every_state(app: Flask) -> None:
    filled()
    assert set(db.session.scalars(select(Order.state))) == set(State)


def test_activities_are_in_every_state(app: Flask) -> None:
    filled()
    assert set(db.session.scalars(select(Activity.state))) == set(activities.State)


def test_gatherings_are_coming_called_off_and_over(app: Flask) -> None:
    filled()
    with clock.pretending(NOVEMBER):
        coming, been = gatherings.coming_and_been()
    assert {one.kind for one in coming} == set(Kind) - {Kind.OTHER}
    assert [len(one.sessions) for one in coming if one.kind is Kind.OPENING] == [3]
    assert [bool(one.cancelled_at) for one in coming].count(True) == 1
    assert any(not one.has_place for one in coming)
    counted = sign_ups.counts(session.occurrence_id for one in coming for session in one.sessions).values()
    assert any(one.confirmed for one in counted)
    assert any(one.waiting for one in counted)
    assert len(been) == 1


def test_the_same_seed_gives_the_same_data_and_another_seed_others(app: Flask) -> None:
    def story() -> list[tuple[object, ...]]:
        rows = select(Activity.title, Activity.postcode, Activity.created_at, Occurrence.uid, Occurrence.starts_at, Organisation.name)
        rows = rows.join(Occurrence, Occurrence.activity_id == Activity.id).join(Organisation, Organisation.id == Activity.organisation_id)
        return [tuple(row) for row in db.session.execute(rows.order_by(Activity.id, Occurrence.id))] + [
            tuple(row) for row in db.session.execute(select(Order.number, Order.state, Order.place_key).order_by(Order.id))
        ]

    class Undo(Exception):
        pass

    def told(seed: int) -> list[tuple[object, ...]]:
        try:
            with clock.pretending(NOVEMBER), transaction():
                terms = service.terms_of(clock.now())
                service.store(service.random_of(seed), 80, 60, terms)
                found = story()
                raise Undo
        except Undo:
            return found

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_refuses_a_database_with_anything_in_it(app: Flask) -> None:
    with transaction():
        make_user()
    with pytest.raises(DomainError, match="niet leeg"):
        filled()
    assert db.session.scalar(select(func.count()).select_from(Activity)) == 0


def test_more_orders_than_the_maximum_for_each_activity_are_refused_in_words(app: Flask) -> None:
    with pytest.raises(DomainError, match="meer activiteiten"):
        filled(2, 11)


def test_more_orders_than_activities_go_to_several_doors(app: Flask) -> None:
    filled(40, 150)
    assert reconcile.broken() == []
    quantity = select(func.sum(Order.quantity)).where(Order.state != State.CANCELLED).group_by(Order.activity_id)
    assert max(db.session.scalars(quantity)) <= settings().max_packages


def test_new_orders_find_packages_and_the_waiting_list_is_of_the_other_package(app: Flask) -> None:
    filled()
    usual, scarce, small = db.session.scalars(select(Package).order_by(Package.id))
    assert usual.is_offered
    assert small.is_offered
    assert small.available > 0
    assert usual.available > 50
    assert not scarce.is_offered
    assert scarce.available == 0
    assert set(db.session.scalars(select(Order.package_id).where(Order.state == State.WAITING))) == {scarce.id}


def test_batches_of_former_days_are_closed_under_way_and_ready(app: Flask) -> None:
    filled()
    batches = db.session.scalars(select(Batch).order_by(Batch.id)).all()
    assert [batch.state for batch in batches] == [BatchState.CLOSED, BatchState.HANDED_OVER, BatchState.READY]
    assert [clock.local(batch.requested_at).hour for batch in batches] == [settings().cutoff.hour] * 3


def test_no_mail_goes_out_about_the_past(app: Flask) -> None:
    filled()
    for batch_id in db.session.scalars(select(Batch.id)).all():
        tasks.tell_shipped.run(batch_id)
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 0


def test_nothing_is_left_for_the_next_cut_off_that_should_have_been_in_the_last(app: Flask) -> None:
    filled()
    with clock.pretending(NOVEMBER):
        assert tasks.cut_off.run() == []


def test_the_account_of_the_initiator_shows_activities_and_parcels_in_many_states(app: Flask) -> None:
    filled()
    initiator = accounts.by_email("initiator@voorbeeld.nl")
    assert initiator
    mine = Counter(
        db.session.scalars(select(Activity.state).where(Activity.initiator_id == initiator.id, Activity.edition_id == current()))
    )
    assert mine[activities.State.PUBLISHED] == 3
    assert len(mine) == 4
    assert {State.DELIVERED, State.SHIPPED, State.BATCHED} <= set(
        db.session.scalars(select(Order.state).where(Order.initiator_id == initiator.id))
    )


def test_a_newcomer_sees_a_question_without_an_answer_and_a_colleague_who_is_invited(app: Flask) -> None:
    filled()
    with clock.pretending(NOVEMBER):
        initiator = accounts.by_email("initiator@voorbeeld.nl")
        assert initiator
        [question] = [one for one in db.session.scalars(select(StillOn)) if one.activity.initiator_id == initiator.id]
        assert still_on.can_answer(question.activity)
        assert (question.answered_at, question.unconfirmed_at) == (None, None)
        [invited] = organisations.open_invitations(question.activity.organisation_id)
        assert invited.invited_by_id == initiator.id
        assert invited.expires_at > NOVEMBER


def test_the_municipality_sees_an_activity_that_nobody_confirmed(app: Flask) -> None:
    filled(900, 100)
    with clock.pretending(NOVEMBER):
        [unconfirmed] = still_on.unconfirmed(FIRST_MUNICIPALITY)
    assert unconfirmed.initiator.email != "initiator@voorbeeld.nl"


def test_each_role_has_an_account_that_can_sign_in(app: Flask) -> None:
    filled(30, 10)
    path = settings().data_dir / "demo-accounts.json"
    assert path.stat().st_mode & 0o777 == 0o600
    listed = {account["role"]: account for account in json.loads(path.read_text())}
    assert set(listed) == {"moderator", "logistics", "municipality", "manager", "initiator"}
    assert (listed["initiator"]["password"], listed["initiator"]["totp_secret"]) == (None, None)
    for role in set(listed) - {"initiator"}:
        account = listed[role]
        user = account_service.staff_with_password(account["email"], account["password"])
        assert user
        assert {one.name for one in user.roles} == {role}
        with transaction():
            assert account_service.use_code(user, totp_now(account["totp_secret"]))


def totp_now(secret: str) -> str:
    return str(pyotp.TOTP(secret).now())


def test_a_seeded_password_would_be_a_door_so_each_time_they_are_new(app: Flask, tmp_path: Path) -> None:
    class Undo(Exception):
        pass

    found = []
    for _ in range(2):
        try:
            with transaction():
                service.store(service.random_of(1), 3, 0, service.terms_of(clock.now()))
                found.append((settings().data_dir / "demo-accounts.json").read_text())
                raise Undo
        except Undo:
            continue
    assert found[0] != found[1]


def test_new_rows_get_ids_after_those_of_the_demo(app: Flask) -> None:
    filled(30, 20)
    with transaction():
        user = make_user("initiator")
        assert user.id > 30 * 11 // 20

"""`flask --app wsgi ...`: what an operator does without a browser."""

from datetime import timedelta

import pyotp
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from fulfilment import tasks
from tests.builders import make_edition, make_package, make_user
from weekapp import cli, clock
from weekapp.accounts import queries as accounts
from weekapp.accounts import service as account_service
from weekapp.activities.models import Activity
from weekapp.db import db, transaction
from weekapp.editions import queries as editions
from weekapp.mail.models import OutgoingMail
from weekapp.mail.rules import MailState
from weekapp.packages import queries as packages
from weekapp.registration.models import Progress, Registration

assert tasks.build_batch, "the worker's tasks are known: demo data have it make batches"


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def test_opens_an_edition_once(app: Flask) -> None:
    said = run(app, "edition", "open", "2031")
    assert (said.exit_code, "2031-09-25 to 2031-10-01" in said.output) == (0, True), said.output
    assert editions.by_year(2031)
    again = run(app, "edition", "open", "2031")
    assert again.exit_code == 1
    assert "De editie van 2031 is er al." in again.output


def test_adds_staff_who_can_sign_in_with_what_was_shown(app: Flask) -> None:
    said = run(app, "staff", "add", "mo@voorbeeld.nl", "--role", "moderator")
    assert said.exit_code == 0, said.output
    shown = dict(line.split(":", 1) for line in said.output.splitlines() if ":" in line)
    password, secret = shown["Password"].strip(), shown["Second factor"].strip()
    assert f"otpauth://totp/Kom%20erbij:mo%40voorbeeld.nl?secret={secret}" in said.output
    user = account_service.staff_with_password("mo@voorbeeld.nl", password)
    assert user
    with transaction():
        assert account_service.use_code(user, pyotp.TOTP(secret).now())


def test_a_password_that_was_typed_is_not_shown(app: Flask) -> None:
    typed = "paard batterij nietje"
    said = app.test_cli_runner().invoke(
        args=["staff", "add", "mo@voorbeeld.nl", "--role", "manager", "--ask-password"], input=f"{typed}\n{typed}\n"
    )
    assert said.exit_code == 0, said.output
    assert typed not in said.output
    assert account_service.staff_with_password("mo@voorbeeld.nl", typed)


def test_a_municipality_officer_without_a_municipality_is_refused_in_words(app: Flask) -> None:
    said = run(app, "staff", "add", "gem@voorbeeld.nl", "--role", "municipality")
    assert said.exit_code == 1
    assert "GM0344" in said.output
    assert accounts.by_email("gem@voorbeeld.nl") is None


def test_a_role_that_does_not_exist_is_refused(app: Flask) -> None:
    assert run(app, "staff", "add", "x@voorbeeld.nl", "--role", "king").exit_code == 2


def test_stock_that_came_in_is_booked(app: Flask) -> None:
    with transaction():
        package_id = make_package(stock=3).id
    said = run(app, "stock", "receive", str(package_id), "4", "--reason", "nalevering")
    assert "7 on hand, 7 available" in said.output
    package = packages.package(package_id)
    assert package
    assert package.on_hand == 7
    assert packages.movements(package_id)[0][0].reason == "nalevering"


@pytest.mark.parametrize(("package", "quantity"), [("99", "4"), ("1", "0")])
def test_stock_that_cannot_be_is_refused_in_words(app: Flask, package: str, quantity: str) -> None:
    with transaction():
        make_package(stock=1)
    said = run(app, "stock", "receive", package, quantity)
    assert said.exit_code == 1
    assert "Traceback" not in said.output


def test_demo_fills_an_empty_database_and_refuses_any_other(app: Flask) -> None:
    assert run(app, "demo", "--activities", "12", "--orders", "9").exit_code == 0
    count = db.session.scalar(select(func.count()).select_from(Activity))
    again = run(app, "demo", "--activities", "12", "--orders", "9")
    assert again.exit_code == 1
    assert "niet leeg" in again.output
    assert db.session.scalar(select(func.count()).select_from(Activity)) == count


def test_prepare_can_be_repeated_and_leaves_real_data_alone(app: Flask) -> None:
    with transaction():
        make_edition()
    for _ in range(2):
        assert run(app, "prepare").exit_code == 0
    assert db.session.scalar(select(func.count()).select_from(Activity)) == 0


def test_purge_removes_what_was_never_confirmed_after_72_hours_and_mails_after_30_days(app: Flask) -> None:
    now = clock.now()

    def registration(age: timedelta, progress: Progress) -> Registration:
        name = f"{age}{progress}"
        at = now - age
        return Registration(token_hash=name, send_id=name, progress=progress, answers={}, created_at=at, changed_at=at)

    def mail(age: timedelta) -> OutgoingMail:
        at = now - age
        return OutgoingMail(event_key=str(age), template="x", recipient="", values={}, state=MailState.SENT, created_at=at, next_try_at=at)

    old, young = timedelta(hours=73), timedelta(hours=71)
    with transaction():
        make_user()
        db.session.add_all(registration(old, progress) for progress in Progress)
        db.session.add_all([registration(young, Progress.SENT), mail(timedelta(days=31)), mail(timedelta(days=29))])
    said = run(app, "privacy", "purge")
    assert "2 registrations" in said.output
    assert "1 mails" in said.output
    assert sorted(db.session.scalars(select(Registration.progress))) == [Progress.CONFIRMED, Progress.SENT]
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 1


def test_every_command_says_what_it_does() -> None:
    for command in (cli.prepare, cli.demo, *cli.edition.commands.values(), *cli.staff.commands.values(), *cli.stock.commands.values()):
        assert command.help

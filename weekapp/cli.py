"""What an operator does without a browser: `flask --app wsgi <command>`. Each is one transaction and one call."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import pyotp
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade

from weekapp import clock
from weekapp import privacy as privacy_service
from weekapp.accounts import proof
from weekapp.accounts import service as accounts
from weekapp.accounts.rules import STAFF
from weekapp.activities import word_index
from weekapp.core import settings
from weekapp.db import transaction
from weekapp.demo import service as demo_service
from weekapp.editions import service as editions
from weekapp.errors import DomainError, InvalidInput
from weekapp.geography import service as geography
from weekapp.orders import service as orders
from weekapp.packages import queries as packages

Command = Callable[..., None]

edition = AppGroup("edition", help="Editions of the Week.")
staff = AppGroup("staff", help="People who work with the system.")
stock = AppGroup("stock", help="Packages in the warehouse.")
privacy = AppGroup("privacy", help="Terms of personal data.")


def register(app: Flask) -> None:
    """Add all commands to `flask`."""
    for command in (prepare, demo, edition, staff, stock, privacy):
        app.cli.add_command(command)


def in_words(command: Command) -> Command:
    """Errors that are meant for people end the command with their text and exit code 1."""

    @wraps(command)
    def run(*args: Any, **arguments: Any) -> None:
        try:
            command(*args, **arguments)
        except InvalidInput as error:
            raise click.ClickException("\n".join(f"{field}: {text}" for field, text in error.errors)) from None
        except DomainError as error:
            raise click.ClickException(str(error)) from None

    return run


@click.command("prepare")
@with_appcontext
@in_words
def prepare() -> None:
    """Bring the database in step with the program; fill an empty one when WEEKAPP_DEMO is on. Repeating does no harm."""
    upgrade()
    loaded = geography.load_reference()
    if loaded:
        click.echo(f"{loaded} municipalities loaded")
    with transaction():
        indexed = word_index.write_missing()
    if indexed:
        click.echo(f"{indexed} activities can now be found by their words")
    if settings().demo and demo_service.is_empty():
        fill(900, 680, demo_service.SEED)


@click.command("demo")
@click.option("--activities", default=900, show_default=True, type=click.IntRange(1), help="How many activities.")
@click.option("--orders", default=680, show_default=True, type=click.IntRange(0), help="How many orders.")
@click.option("--seed", default=demo_service.SEED, show_default=True, help="The same seed gives the same data.")
@with_appcontext
@in_words
def demo(activities: int, orders: int, seed: int) -> None:
    """Fill an empty database with a believable edition; refuses when there is anything in it."""
    fill(activities, orders, seed)


def fill(activities: int, orders: int, seed: int) -> None:
    """Make demo data and say what was made."""
    click.echo(f"Making demo data: {activities} activities, {orders} orders ...")
    year = demo_service.fill(activities, orders, seed=seed)
    click.echo(f"The edition of {year} is there. Accounts: {settings().data_dir / 'demo-accounts.json'}")


@edition.command("open")
@click.argument("year", type=click.IntRange(2000, 2200))
@in_words
def open_edition(year: int) -> None:
    """Make the edition of YEAR with the default dates and windows; /beheer changes them."""
    with transaction():
        made = editions.open_edition(year)
    click.echo(f"{made.name}: {made.first_day} to {made.last_day}; registering {made.registration_opens} to {made.registration_closes}")


@staff.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(sorted(role.value for role in STAFF)))
@click.option("--municipality", metavar="GMxxxx", help="CBS code; for the role municipality.")
@click.option("--ask-password", is_flag=True, help="Type a password instead of having one made.")
@in_words
def add_staff(email: str, role: str, municipality: str | None, ask_password: bool) -> None:
    """Give EMAIL a role, a new password and a new second factor, and show both once."""
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask_password else secrets.token_urlsafe(15)
    totp_secret = proof.new_totp_secret()
    with transaction():
        accounts.add_staff(email, role, password=password, totp_secret=totp_secret, municipality_code=municipality)
    if not ask_password:
        click.echo(f"Password:       {password}")
    click.echo(f"Second factor:  {totp_secret}")
    click.echo(f"For the app:    {pyotp.TOTP(totp_secret).provisioning_uri(name=email, issuer_name=proof.ISSUER)}")
    click.echo("These are shown once. Hand them over in person, or by two different ways.")


@stock.command("receive")
@click.argument("package_id", type=int)
@click.argument("quantity", type=int)
@click.option("--reason", default="", help="Where they came from.")
@in_words
def receive(package_id: int, quantity: int, reason: str) -> None:
    """Book QUANTITY packages that came in; who waits for them is served first."""
    with transaction():
        package = packages.package(package_id)
        if package is None:
            raise click.ClickException(f"There is no package {package_id}.")
        served = orders.receive_stock(package, quantity, by_id=0, reason=reason)
    click.echo(f"{package.name}: {package.on_hand} on hand, {package.available} available; {len(served)} waiting orders served")


@privacy.command("purge")
@in_words
def purge() -> None:
    """Remove everything whose term has ended (docs/production.md: also after a restore)."""
    with transaction():
        gone = privacy_service.purge(clock.now())
    click.echo(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in vars(gone).items()))

"""What an operator does without a browser: `flask --app wsgi fulfilment batch | reconcile | sweep`."""

import sys
from datetime import datetime

import click
from flask import Flask
from flask.cli import AppGroup

from fulfilment import build, tasks
from fulfilment import reconcile as reconciling
from fulfilment import sweep as sweeping
from fulfilment.carrier import apply
from weekapp import clock
from weekapp.batches import queries
from weekapp.batches import service as batches
from weekapp.batches.models import Batch
from weekapp.batches.profiles import profile
from weekapp.db import transaction
from weekapp.editions import queries as editions
from weekapp.errors import DomainError
from weekapp.queue import Task

group = AppGroup("fulfilment", help="Batches and proofs.")
WORK = {
    Task.BUILD_BATCH: build.make,
    Task.TELL_SHIPPED: tasks.tell_shipped.run,
    Task.SEND_MAIL: tasks.send_mail.run,
    Task.PARSE_RETURN_FILE: apply.parse_file,
    Task.APPLY_RETURN_FILE: apply.apply_file,
}


def register(app: Flask) -> None:
    """Add the commands, and refuse to start with a carrier profile that does not exist."""
    profile(app.config["SETTINGS"].carrier_profile)
    app.cli.add_command(group)


def batch(now: datetime) -> Batch | None:
    """Make a batch of the current edition now, in this process; None when there is no edition. Raises NothingToSend."""
    edition = editions.current()
    if edition is None:
        return None
    with transaction():
        batch_id = batches.request_on_demand(edition, click=f"{now.isoformat()}", by_id=0).id
    build.make(batch_id)
    return queries.batch(batch_id)


def reconcile() -> list[str]:
    """Every invariant that is broken."""
    return reconciling.broken()


def sweep() -> sweeping.Left:
    """Pick up what was left behind, in this process."""
    return sweeping.do_it_here(clock.now(), WORK)


@group.command("batch")
def batch_command() -> None:
    """Make a batch now."""
    try:
        made = batch(clock.now())
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    if made is None:
        raise click.ClickException("There is no edition. Make one: flask --app wsgi edition open YEAR")
    click.echo(f"batch {made.id}: {made.state.value}, {made.order_count} orders, {made.package_count} packages {made.failure}".rstrip())


@group.command("reconcile")
def reconcile_command() -> None:
    """Prove that nothing was lost or doubled; exit code 1 and a list where something is broken."""
    found = reconcile()
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} broken" if found else "everything agrees")
    sys.exit(1 if found else 0)


@group.command("sweep")
def sweep_command() -> None:
    """Pick up what was left behind: batches, mails, waiting orders."""
    left = sweep()
    click.echo(f"{len(left.batches)} batches, {len(left.untold)} batches to tell of, {len(left.mails)} mails, {left.orders} orders")

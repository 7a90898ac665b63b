"""Fills an empty database with a believable edition: the same seed gives the same data, whatever the size.

Thousands of rows go in at once instead of through the services, which would take minutes; `fulfilment reconcile` in the tests proves
that they agree with each other. Only the worker knows what a batch is: those of former days are made by it (see demo/batches.py).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, update

from weekapp import clock
from weekapp.accounts.models import User, user_role
from weekapp.accounts.rules import RoleName
from weekapp.activities.models import Activity
from weekapp.activities.word_index import write_missing
from weekapp.batches import rules as batch_rules
from weekapp.core import settings
from weekapp.db import db, transaction
from weekapp.demo import accounts, activities, batches, gatherings, ledger, orders, people, waiting
from weekapp.demo.activities import Ids, Rows, Season
from weekapp.demo.ledger import Story
from weekapp.demo.orders import PlannedOrder, Terms
from weekapp.demo.people import Group
from weekapp.editions import rules as editions
from weekapp.editions import service as edition_service
from weekapp.editions.models import Edition
from weekapp.errors import N_, DomainError
from weekapp.geography.models import Municipality
from weekapp.orders.models import Order
from weekapp.organisations.models import Membership, Organisation
from weekapp.organisations.rules import name_key
from weekapp.packages import service as stock
from weekapp.packages.models import Item, Package, PackageLine

SEED = 2024
FORMER = 48  # activities of the edition before
OPEN_SINCE = timedelta(days=70)
LOCAL_NAMES = ("Week van de Ontmoeting", "Kom d'r bij!", "Samen in de stad")  # of a few municipalities
ITEMS = {  # code: name, weight in grams, size (invented)
    "placemats": ("Placemats", 9, "A3"),
    "ansichtkaarten": ("Ansichtkaarten", 4, "A6"),
    "gesprekskaartjes": ("Gesprekskaartjes", 3, "A7"),
    "badges": ("Badges", 6, "rond, 6 cm"),
    "poster": ("Posters", 40, "A2"),
    "vloersticker": ("Vloersticker", 90, "rond, 60 cm"),
}
USUAL = {"placemats": 50, "ansichtkaarten": 50, "gesprekskaartjes": 25, "badges": 10, "poster": 3, "vloersticker": 1}
SMALL = {"placemats": 25, "ansichtkaarten": 25, "gesprekskaartjes": 10, "poster": 1}
SMALL_SERVES, SMALL_STOCK = 25, 60


class NotEmpty(DomainError):
    """There is something in the database already: it may be real."""

    def __init__(self) -> None:
        super().__init__(N_("De database is niet leeg. Demogegevens gaan alleen in een lege database."))


def is_empty() -> bool:
    """Whether nobody and nothing is in the database but the reference data."""
    return not any(db.session.scalar(select(table.id).limit(1)) for table in (Edition, User, Organisation))


@dataclass(frozen=True)
class Stored:
    """What the first transaction left to be done."""

    year: int
    orders: list[PlannedOrder]
    story: Story


def fill(activity_count: int, order_count: int, *, seed: int = SEED) -> int:
    """Make it all; the year of the edition. A command, so it commits by itself; raises NotEmpty.

    When it is broken off after the first transaction, what is there is sound: the worker goes on with it.
    """
    terms = terms_of(clock.now())
    if order_count > activity_count * settings().max_packages:
        raise DomainError(N_("Voor %(orders)s bestellingen zijn meer activiteiten nodig."), orders=order_count)
    with transaction():
        if not is_empty():
            raise NotEmpty()
        stored = store(random_of(seed), activity_count, order_count, terms)
    batches.make_past_batches(stored.orders, stored.story.edition, stored.story.logistics, terms.last_cut_off)
    with transaction():
        batches.approve(ledger.approvals(stored.orders, stored.story))
    return stored.year


def random_of(seed: int) -> Random:
    """Chance that can be repeated."""
    return Random(seed)  # noqa: S311 no secret is made with it


def terms_of(now: datetime) -> Terms:
    """What the settings say about orders at this moment."""
    chosen = settings()
    return Terms(chosen.visitors_per_package, chosen.max_packages, now, batch_rules.last_cut_off(now, chosen.cutoff)[1])


def store(rng: Random, activity_count: int, order_count: int, terms: Terms) -> Stored:
    """Everything but the batches, and the list of accounts."""
    edition, former = add_editions(terms.now)
    staff, kept = accounts.add_staff(people.FIRST_MUNICIPALITY)
    groups = make_groups(rng, activity_count)
    ids = add_groups(groups, edition.id, staff[RoleName.MODERATOR].id, kept)
    before = activities.plan(rng, groups, season_of(former, terms.now), min(FORMER, activity_count), first_id=1)
    planned = activities.plan(rng, groups, season_of(edition, terms.now), activity_count, first_id=len(before) + 1)
    add(activities.rows(rng, before, groups, replace(ids, edition=former.id)))
    add(activities.rows(rng, planned, groups, ids))
    write_missing()
    waiting.add(ids, people.FIRST_MUNICIPALITY)
    wanted = orders.plan(rng, planned, groups, order_count, terms)
    story = add_orders(wanted, edition, ids, staff[RoleName.LOGISTICS].id, terms)
    follow_ids()
    gatherings.add(rng, edition, former, terms.now, by=staff[RoleName.MANAGER])
    accounts.write(settings().data_dir, kept)
    return Stored(edition.year, wanted, story)


def add_editions(now: datetime) -> tuple[Edition, Edition]:
    """The Week that comes next with both windows open, and the one before it."""
    today = clock.local(now).date()
    year = editions.upcoming_year(today)
    first, last = editions.default_days(year)
    closes = max(date(year, 9, 14), min(today + timedelta(days=3), last))
    former = edition_service.open_edition(year - 1)
    edition = edition_service.open_edition(
        year,
        opens=min(today - OPEN_SINCE, first - OPEN_SINCE),
        closes=closes,
        ordering_closes=max(date(year, 8, 31), min(today + timedelta(days=2), closes)),
    )
    return edition, former


def season_of(edition: Edition, now: datetime) -> Season:
    """From the first hour of registering until now, or until the Week began."""
    opened = clock.instant(edition.registration_opens, time(9))
    return Season(edition, opened, min(now, clock.instant(edition.first_day, time())))


def make_groups(rng: Random, activity_count: int) -> list[Group]:
    """The organisations; a few municipalities get a name of their own for the Week."""
    places = people.chosen_municipalities(rng, activities.MUNICIPALITIES)
    for (row, _), name in zip(places[1:], LOCAL_NAMES, strict=False):
        db.session.execute(update(Municipality).where(Municipality.code == row.code).values(local_name=name))
    return people.make_groups(rng, activities.groups_for(activity_count), places)


def add_groups(groups: list[Group], edition_id: int, moderator_id: int, kept: list[accounts.Account]) -> Ids:
    """Organisations with their initiators; the first of these gets an account that is shown."""
    now = clock.now()
    initiator, account = accounts.add_initiator(groups[0])
    kept.append(account)
    ids = Ids(edition=edition_id, first_organisation=1, first_initiator=initiator.id, moderator=moderator_id)
    numbered = list(enumerate(groups))
    users = [
        {"id": initiator.id + n, "email": group.email, "name": group.person, "phone": group.phone, "fs_uniquifier": f"demo-{n}"}
        for n, group in numbered[1:]
    ]
    role_id = initiator.roles[0].id
    organisations = [
        {"id": 1 + n, "name": group.name, "name_key": name_key(group.name), "kind": group.kind, "created_at": now} for n, group in numbered
    ]
    memberships = [{"user_id": initiator.id + n, "organisation_id": 1 + n, "since": now} for n, _ in numbered]
    add({User: [user | {"created_at": now} for user in users], Organisation: organisations, Membership: memberships})
    if users:
        db.session.execute(insert(user_role), [{"user_id": user["id"], "role_id": role_id} for user in users])
    return ids


def add_orders(wanted: list[PlannedOrder], edition: Edition, ids: Ids, logistics_id: int, terms: Terms) -> Story:
    """The orders with their stock; the packages begin with what the ledger says."""
    items = {code: Item(code=code, name=name, weight_grams=weight, size=size) for code, (name, weight, size) in ITEMS.items()}
    usual = add_package(edition, "Kom Erbij-pakket", items, USUAL)
    scarce = add_package(edition, "Kom Erbij-pakket met grote letters", items, USUAL, is_offered=False)
    small = add_package(edition, "Klein Kom Erbij-pakket", items, SMALL, visitors_served=SMALL_SERVES)
    story = Story(
        year=edition.year,
        edition=edition.id,
        package=usual.id,
        scarce_package=scarce.id,
        first_delivery=clock.instant(edition.registration_opens, time(8)),
        second_delivery=terms.last_cut_off + (terms.now - terms.last_cut_off) / 2,
        logistics=logistics_id,
    )
    rows, booked = ledger.rows(wanted, ids, story)
    for package in (usual, scarce):
        package.on_hand, package.reserved = booked.on_hand.get(package.id, 0), booked.reserved.get(package.id, 0)
    db.session.flush()
    add(rows)
    stock.receive(small, SMALL_STOCK, by_id=logistics_id, reason="Eerste levering")
    return story


def add_package(edition: Edition, name: str, items: dict[str, Item], counts: dict[str, int], **more: Any) -> Package:
    """A package with so many of each item in it."""
    lines = [PackageLine(item=items[code], count=count, position=n) for n, (code, count) in enumerate(counts.items(), 1)]
    package = Package(edition_id=edition.id, name=name, lines=lines, **more)
    db.session.add(package)
    db.session.flush()
    return package


def add(rows: Rows) -> None:
    """Many rows at once, table by table."""
    for table, some in rows.items():
        if some:
            db.session.execute(insert(table), some)


def follow_ids() -> None:
    """Rows came with their ids: let PostgreSQL count on from there (SQLite does so by itself)."""
    if db.engine.dialect.name == "postgresql":
        for table in (Organisation, User, Activity, Order):
            name = db.engine.dialect.identifier_preparer.format_table(table.__table__)
            last = select(func.setval(func.pg_get_serial_sequence(name, "id"), select(func.max(table.id)).scalar_subquery()))
            db.session.execute(last)

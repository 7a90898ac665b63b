"""Builders with defaults: a test names only the fact that matters. They add to the running transaction and flush."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from weekapp import clock
from weekapp.accounts import service as accounts
from weekapp.accounts import signed_in
from weekapp.accounts.models import Role, User
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity, ActivityAudience, Occurrence
from weekapp.activities.word_index import write_words
from weekapp.db import db, transaction
from weekapp.editions.models import Edition
from weekapp.geography.rules import Precision
from weekapp.orders import rules as orders
from weekapp.orders.models import Order, OrderEvent
from weekapp.organisations.models import Membership, Organisation
from weekapp.organisations.rules import Kind, name_key
from weekapp.packages.models import Item, Package, PackageLine

serial = count(1)


def added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def make_edition(year: int = 2027, **more: Any) -> Edition:
    """An edition whose windows are open on any day of a test."""
    found = db.session.scalar(select(Edition).where(Edition.year == year))
    if found:
        return found
    values = {
        "name": f"Week tegen Eenzaamheid {year}",
        "first_day": date(year, 9, 30),
        "last_day": date(year, 10, 6),
        "registration_opens": date(year - 2, 1, 1),
        "registration_closes": date(year, 9, 14),
        "ordering_opens": date(year - 2, 1, 1),
        "ordering_closes": date(year, 8, 31),
        "changed_at": clock.now(),
    }
    return added(Edition(year=year, **(values | more)))


def make_user(*roles: str, **more: Any) -> User:
    """A person; roles by name, e.g. make_user("moderator")."""
    number = next(serial)
    values = {
        "email": f"persoon{number}@voorbeeld.nl",
        "name": f"Persoon {number}",
        "fs_uniquifier": f"u{number}-{id(more)}",
        "created_at": clock.now(),
    }
    user = added(User(**(values | more)))
    for name in roles:
        role = db.session.scalar(select(Role).where(Role.name == name)) or added(Role(name=name))
        user.roles.append(role)
    db.session.flush()
    return user


def make_organisation(name: str = "Buurthuis De Linde", *, member: User | None = None, **more: Any) -> Organisation:
    values = {"name": name, "name_key": name_key(name), "kind": Kind.WELFARE, "created_at": clock.now()}
    organisation = added(Organisation(**(values | more)))
    if member:
        added(Membership(user_id=member.id, organisation_id=organisation.id, since=clock.now()))
    return organisation


def make_activity(
    title: str = "Samen soep eten",
    *,
    starts: datetime | None = None,
    hours: float = 2,
    audiences: tuple[str, ...] = ("iedereen",),
    **more: Any,
) -> Activity:
    """A published activity in Utrecht with one moment, on the first day of the Week unless `starts` says otherwise."""
    edition = more.pop("edition", None) or make_edition()
    initiator = more.pop("initiator", None) or make_user("initiator")
    organisation = more.pop("organisation", None) or make_organisation(member=initiator)
    starts = starts or datetime(edition.year, 9, 30, 10, tzinfo=UTC)
    now = clock.now()
    values = {
        "edition_id": edition.id,
        "organisation_id": organisation.id,
        "initiator_id": initiator.id,
        "state": activities.State.PUBLISHED,
        "title": title,
        "description": "We koken soep en eten samen aan een lange tafel.",
        "theme": activities.Theme.EATING,
        "expected_visitors": 40,
        "street": "Voorbeeldstraat",
        "house_number": 12,
        "postcode": "3511 LX",
        "town": "Utrecht",
        "municipality_code": "GM0344",
        "lon": 5.118,
        "lat": 52.0899,
        "precision": Precision.PC4,
        "search_text": activities.folded(title),
        "created_at": now,
        "changed_at": now,
        "submitted_at": now,
        "published_at": now,
    }
    activity = added(Activity(**(values | more)))
    if db.session.get(Membership, (initiator.id, organisation.id)) is None:
        added(Membership(user_id=initiator.id, organisation_id=organisation.id, since=now))
    write_words({activity.id: activity.search_text})
    make_occurrence(activity, starts, hours)
    for audience in audiences:
        added(ActivityAudience(activity_id=activity.id, audience=activities.Audience(audience)))
    db.session.refresh(activity)
    return activity


def make_occurrence(activity: Activity, starts: datetime, hours: float = 2, **more: Any) -> Occurrence:
    values = {"uid": str(UUID(int=next(serial))), "changed_at": clock.now()}
    return added(Occurrence(activity_id=activity.id, starts_at=starts, ends_at=starts + timedelta(hours=hours), **(values | more)))


def make_package(*, stock: int = 100, edition: Edition | None = None, **more: Any) -> Package:
    """A package of 50 placemats and a poster; `stock` is received through the ledger by the service, so figures agree."""
    from weekapp.packages import service

    edition = edition or make_edition()
    package = added(Package(edition_id=edition.id, **({"name": "Kom Erbij-pakket"} | more)))
    for position, (code, name, many) in enumerate((("placemats", "Placemats", 50), ("poster", "Poster", 1)), 1):
        item = db.session.scalar(select(Item).where(Item.code == code)) or added(Item(code=code, name=name))
        added(PackageLine(package_id=package.id, item_id=item.id, count=many, position=position))
    if stock:
        service.receive(package, stock, by_id=0)
    db.session.refresh(package)
    return package


def package_of(edition: Edition) -> Package:
    """The first package of an edition, made when there is none."""
    return db.session.scalar(select(Package).where(Package.edition_id == edition.id).order_by(Package.id)) or make_package(edition=edition)


def make_order(
    *, activity: Activity | None = None, package: Package | None = None, quantity: int = 1, state: str = "received", **more: Any
) -> Order:
    """An order at a doorstep of its own, with its stock reserved; `state` may be received or approved."""
    from weekapp.packages import service

    activity = activity or make_activity()
    package = package or package_of(activity.edition)
    number = next(serial)
    values = {
        "number": orders.number_of(activity.edition.year, number),
        "recipient": activity.organisation.name,
        "attention": activity.initiator.name,
        "street": "Voorbeeldstraat",
        "house_number": number,
        "postcode": "3511 LX",
        "town": "Utrecht",
        "precision": Precision.PC4,
        "needed_by": date(activity.edition.year, 9, 23),
        "organisation_key": activity.organisation.name_key,
        "created_at": clock.now(),
        "changed_at": clock.now(),
    } | more
    values.setdefault("place_key", orders.place_key(values["postcode"], values["house_number"], "", ""))
    order = added(
        Order(
            edition_id=activity.edition_id,
            package_id=package.id,
            activity_id=activity.id,
            organisation_id=activity.organisation_id,
            initiator_id=activity.initiator_id,
            quantity=quantity,
            state=orders.State(state),
            **values,
        )
    )
    service.reserve(package, quantity, order_id=order.id, by_id=0)
    steps = (orders.State.RECEIVED, orders.State.APPROVED) if state == "approved" else (orders.State(state),)
    for step in steps:
        added(OrderEvent(order_id=order.id, at=clock.now(), state=step))
    return order


def sign_in(client: FlaskClient, user: User) -> None:
    """Sign a stored person in without the pages for it; staff as if with their second factor."""
    with transaction():
        token = accounts.start_sign_in(user, second_factor=accounts.is_staff(user))
    with client.session_transaction() as session:
        session.clear()
        session.update({signed_in.TOKEN: token, signed_in.SEEN: int(clock.now().timestamp())})

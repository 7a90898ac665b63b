"""Step 1 of a batch: take it in hand, claim its orders, freeze their lines. Each in a transaction of its own."""

import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any

import phonenumbers
import structlog
from sqlalchemy import insert

from fulfilment.artefacts.pdf_file import unprintable
from fulfilment.artefacts.rows import Row, address_lines
from fulfilment.carrier.profiles import Profile, problems, profile
from weekapp import clock
from weekapp.batches import queries, rules, service
from weekapp.batches.models import Batch, BatchLine
from weekapp.batches.rules import State
from weekapp.db import db, lock
from weekapp.errors import N_
from weekapp.orders import packing
from weekapp.orders.models import Order
from weekapp.packages.models import Package

log = structlog.get_logger()

CHUNK = 500  # orders in one transaction
WANTED = frozenset({State.REQUESTED, State.CLAIMED})
TEXTS = ("recipient", "attention", "branch", "street", "letter", "addition", "postcode", "town")


def take_in_hand(batch_id: int) -> str:
    """The token of this worker when it is to make the batch: it is wanted, and no other worker has shown life lately; else ''.

    Counts the attempts, and gives up after too many.
    """
    batch = db.session.get(Batch, batch_id)
    if batch is None or lock(batch).state not in WANTED or not rules.is_silent(batch.worked_at, clock.now()):
        return ""
    if batch.attempts >= rules.MOST_ATTEMPTS:
        log.error("batch given up", batch_id=batch.id, attempts=batch.attempts)
        service.fail(batch, N_("Het maken van de batch is te vaak niet gelukt. Vraag de beheerder om in de logs te kijken."))
        return ""
    batch.attempts += 1
    batch.worked_at, batch.worker_token = clock.now(), secrets.token_hex(8)
    return batch.worker_token


def mine(batch_id: int, token: str) -> Batch | None:
    """The locked batch, if it is still to be made and still in the hands of this worker; shows life."""
    batch = lock(db.session.get_one(Batch, batch_id))
    if batch.state not in WANTED or batch.worker_token != token:
        return None
    batch.worked_at = clock.now()
    return batch


def claim_some(batch_id: int, token: str, *, most: int = CHUNK) -> bool:
    """Put the next orders that are ready in the batch and freeze them; whether there may be more.

    A few at a time, since on SQLite nobody else writes meanwhile. When there are no more the batch is claimed; empty it is closed.
    """
    batch = mine(batch_id, token)
    if batch is None or batch.state != State.REQUESTED:
        return False
    chosen, now = profile(batch.profile), clock.now()
    orders, is_more = packing.claim(batch.edition_id, batch.id, now, most=most, problem_of=lambda order: problem_of(order, chosen))
    position = queries.last_position(batch.id)
    lines = [frozen(order) | {"batch_id": batch.id, "order_id": order.id, "position": position + n} for n, order in enumerate(orders, 1)]
    if lines:
        db.session.execute(insert(BatchLine), lines)
    batch.order_count += len(orders)
    batch.package_count += sum(order.quantity for order in orders)
    if not is_more:
        batch.claimed_at, batch.state = now, State.CLAIMED if batch.order_count else State.CLOSED
        batch.closed_at = None if batch.order_count else now
        log.info("batch claimed", batch_id=batch.id, orders=batch.order_count)
    return is_more


def problem_of(order: Order, chosen: Profile) -> str:
    """Why this order cannot go into the files, in words for staff; '' when it can."""
    row = row_of(frozen(order) | {"number": order.number})
    found = list(problems(chosen, row))
    signs = unprintable("".join([*address_lines(row), row.package]))
    if signs:
        found.append(f"Deze tekens kunnen we niet op de pakbon printen: {signs}")
    return " ".join(found)


def frozen(order: Order) -> dict[str, Any]:
    """An order as columns of a line. Letters with accents are written in one way, as carriers expect them."""
    texts = {name: unicodedata.normalize("NFC", getattr(order, name)) for name in TEXTS}
    return {
        **texts,
        "order_number": order.number,
        "quantity": order.quantity,
        "needed_by": order.needed_by,
        "house_number": order.house_number,
        "email": order.initiator.email,
        "phone": national(order.initiator.phone),
        "contents": contents_of(order.package),
    }


def contents_of(package: Package) -> dict[str, Any]:
    """The bill of materials of one package."""
    items = [[line.item.name, line.count] for line in package.lines]
    return {"package": package.name, "version": package.version, "items": items}


def row_of(columns: Mapping[Any, Any]) -> Row:
    """What the files need of a frozen line."""
    contents = columns["contents"]
    texts = {name: columns[name] for name in (*TEXTS, "quantity", "needed_by", "house_number", "email", "phone")}
    items = tuple((str(name), int(count)) for name, count in contents["items"])
    return Row(number=columns["order_number"], package=contents["package"], items=items, **texts)


def national(phone: str) -> str:
    """A phone number as carriers want it: 0612345678, or 00 49 ... without spaces for other countries (SEC-10 b)."""
    if not phone:
        return ""
    try:
        number = phonenumbers.parse(phone, "NL")
    except phonenumbers.NumberParseException:
        return ""
    if number.country_code == 31:
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        return "".join(sign for sign in written if sign.isdigit())
    return f"00{number.country_code}{phonenumbers.national_significant_number(number)}"

"""An order as a line of a batch, and a line as a row of its files."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import phonenumbers

from weekapp.batches.rows import Row
from weekapp.orders.models import Order
from weekapp.packages.models import Package

TEXTS = ("recipient", "attention", "branch", "street", "letter", "addition", "postcode", "town")


def frozen(order: Order) -> dict[str, Any]:
    """An order as columns of a line. Letters with accents are written in one way, as carriers expect them."""
    texts = {name: unicodedata.normalize("NFC", getattr(order, name)) for name in TEXTS}
    return {
        **texts,
        "order_number": order.number,
        "lead_number": "",  # who travels with whom is known when all orders are there (service.bundle)
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
    items = same_items(tuple((str(name), int(count)) for name, count in contents["items"]))
    return Row(number=columns["order_number"], lead=columns["lead_number"], package=contents["package"], items=items, **texts)


@lru_cache(maxsize=64)
def same_items(items: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """One bill of materials in memory for all rows that have it: a batch may hold 25,000."""
    return items


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

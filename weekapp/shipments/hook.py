"""What carriers push (POST /logistiek/haken/<carrier>): whether it is really theirs, and what it says. Bytes in, lines out.

The signature is HMAC-SHA256 with the secret of WEEKAPP_WEBHOOK_SECRET over the timestamp, a full stop and the body, as `sha256=<hex>`.
"""

import hashlib
import hmac
import json
from datetime import datetime, timedelta

from weekapp import clock
from weekapp.errors import N_, InvalidInput
from weekapp.shipments import rules
from weekapp.shipments.rules import Told

SIGNATURE, TIMESTAMP = "X-Weekapp-Signature", "X-Weekapp-Timestamp"
FRESH = 300  # seconds that a message may be old, or that clocks may differ: an older one is replayed
MOST_LINES = 200  # in one message
MOST_BYTES = 256 * 1024


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """What the header must hold."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_genuine(secret: str, timestamp: str, signature: str, body: bytes, now: datetime) -> bool:
    """Whether a message comes from who knows the secret, and was sent just now. `timestamp` is in seconds since 1970."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    is_fresh = abs(now.timestamp() - int(timestamp)) <= FRESH
    return hmac.compare_digest(signature_of(secret, timestamp, body).encode(), signature.encode()) and is_fresh


def lines_in(body: bytes, now: datetime) -> list[Told]:
    """The lines of a message, numbered from 1; raises InvalidInput with everything that is wrong in it."""
    try:
        items = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidInput([("body", N_("Dit is geen JSON."))]) from None
    if not isinstance(items, list) or not items:
        raise InvalidInput([("body", N_("Stuur een lijst met een of meer zendingen."))])
    if len(items) > MOST_LINES:
        raise InvalidInput([("body", N_("Stuur hoogstens 200 zendingen tegelijk."))])
    errors: list[tuple[str, str]] = []
    lines = [line_of(item, number, now, errors) for number, item in enumerate(items, 1)]
    if errors:
        raise InvalidInput(errors)
    return [line for line in lines if line is not None]


def line_of(item: object, number: int, now: datetime, errors: list[tuple[str, str]]) -> Told | None:
    """One line; what is wrong with it is added to `errors` under `<number>.<field>`."""
    if not isinstance(item, dict):
        errors.append((str(number), N_("Elke zending is een object met reference, barcode, status en at.")))
        return None
    values = {name: item.get(name) if isinstance(item.get(name), str) else "" for name in ("reference", "barcode", "status", "at")}
    wrong = []
    reference = rules.clean_number(values["reference"] or "")
    if not rules.is_order_number(reference):
        wrong.append(("reference", N_("Dit is geen bestelnummer. Bijvoorbeeld: KE27-00042.")))
    barcode = rules.clean_barcode(values["barcode"] or "")
    if barcode is None:
        wrong.append(("barcode", N_("Een barcode heeft 6 tot 40 letters en cijfers.")))
    status = rules.meaning_of(values["status"] or "", {})
    if status is None:
        wrong.append(("status", N_("Kies announced, shipped, lost, delivered, damaged of returned.")))
    at = moment_in(values["at"] or "", now)
    if at is None:
        wrong.append(("at", N_("Schrijf het moment met tijdzone. Bijvoorbeeld: 2027-09-20T10:00:00Z.")))
    errors += [(f"{number}.{field}", text) for field, text in wrong]
    return Told(number, reference, barcode or "", status, at)


def moment_in(text: str, now: datetime) -> datetime | None:
    """An instant that names its zone (API-04) and is not in the future; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
        return None if moment.tzinfo is None or moment > now + timedelta(seconds=FRESH) else clock.local(moment)
    except (ValueError, OverflowError):
        return None

"""Track-and-trace links of carriers (LOG-06). A link holds a postcode: it stands in a mail or on a status page, never in a log."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from weekapp.shipments.models import Parcel
from weekapp.shipments.rules import CARRIER_WORDS, STATUS_WORDS, Carrier

LINKS = {
    Carrier.POSTNL: "https://jouw.postnl.nl/track-and-trace/{barcode}-NL-{postcode}",
    Carrier.DHL: "https://my.dhlecommerce.nl/home/tracktrace/{barcode}/{postcode}?lang=nl_NL",
    Carrier.DPD: "https://tracking.dpd.de/status/nl_NL/parcel/{barcode}",
}


@dataclass(frozen=True)
class Followed:
    """A parcel as its initiator sees it; `link` is '' when the carrier has no page about it."""

    carrier: str
    barcode: str
    status: str
    link: str


def followed(parcels: Iterable[Parcel], postcode: str) -> list[Followed]:
    """The parcels of one order that have a barcode, with the words for carrier and status as catalogue texts."""
    return [
        Followed(CARRIER_WORDS[one.carrier], one.barcode, STATUS_WORDS[one.status], link(one.carrier, one.barcode, postcode))
        for one in parcels
        if one.barcode
    ]


def link(carrier: Carrier, barcode: str, postcode: str) -> str:
    """Where to follow a parcel; '' when the carrier has no such page or the parcel no barcode."""
    if carrier not in LINKS or not barcode:
        return ""
    return LINKS[carrier].format(barcode=quote(barcode, safe=""), postcode=quote(postcode.replace(" ", ""), safe=""))

"""Track-and-trace links of carriers (LOG-06). A link holds a postcode: it stands in a mail or on a status page, never in a log."""

from urllib.parse import quote

from weekapp.shipments.rules import Carrier

LINKS = {
    Carrier.POSTNL: "https://jouw.postnl.nl/track-and-trace/{barcode}-NL-{postcode}",
    Carrier.DHL: "https://my.dhlecommerce.nl/home/tracktrace/{barcode}/{postcode}?lang=nl_NL",
    Carrier.DPD: "https://tracking.dpd.de/status/nl_NL/parcel/{barcode}",
}


def link(carrier: Carrier, barcode: str, postcode: str) -> str:
    """Where to follow a parcel; '' when the carrier has no such page or the parcel no barcode."""
    if carrier not in LINKS or not barcode:
        return ""
    return LINKS[carrier].format(barcode=quote(barcode, safe=""), postcode=quote(postcode.replace(" ", ""), safe=""))

"""Activities as CSV for people with a spreadsheet: it opens in columns with a double click, and no cell is run (SEC-10)."""

from collections.abc import Callable
from datetime import datetime

from weekapp import clock
from weekapp.activities.public import Moment, PublicActivity
from weekapp.formulas import MARK, csv_line, disarmed

COLUMNS: dict[str, Callable[[PublicActivity], str]] = {
    "id": lambda a: str(a.id),
    "titel": lambda a: a.title,
    "afgelast": lambda a: yes_or_no(a.is_cancelled),
    "eerste_begin": lambda a: on_the_clock(a.moments[0].starts_at),
    "eerste_einde": lambda a: on_the_clock(a.moments[0].ends_at),
    "momenten": lambda a: ", ".join(stretch(moment) for moment in a.moments),
    "doorlopend": lambda a: yes_or_no(a.is_ongoing),
    "gebouw": lambda a: a.venue,
    "straat": lambda a: a.street,
    "huisnummer": lambda a: a.house_number,
    "postcode": lambda a: a.postcode,
    "plaats": lambda a: a.town,
    "gemeente": lambda a: a.municipality.name if a.municipality else "",
    "gemeentecode": lambda a: a.municipality.code if a.municipality else "",
    "provincie": lambda a: a.municipality.province if a.municipality else "",
    "organisatie": lambda a: a.organisation,
    "organisatiesoort": lambda a: a.kind,
    "thema": lambda a: a.theme,
    "doelgroepen": lambda a: ", ".join(a.audiences),
    "gratis": lambda a: yes_or_no(a.is_free),
    "kosten": lambda a: a.cost,
    "alleen": lambda a: yes_or_no(a.can_come_alone),
    "rolstoel": lambda a: yes_or_no(a.wheelchair),
    "ringleiding": lambda a: yes_or_no(a.hearing_loop),
    "zonder_aanmelden": lambda a: yes_or_no(not a.sign_up_needed),
    "omschrijving": lambda a: a.description,
    "lengtegraad": lambda a: decimal(a.lon),
    "breedtegraad": lambda a: decimal(a.lat),
    "precisie": lambda a: a.precision,
    "gewijzigd": lambda a: on_the_clock(a.changed_at),
}


def sheet(rows: list[bytes]) -> bytes:
    """The names of the columns, and one finished row for each activity."""
    return b"".join((MARK.encode(), csv_line([*COLUMNS, "url"]), *rows))


def row(activity: PublicActivity, base_url: str) -> bytes:
    """One activity; times are Dutch wall times."""
    cells = [*(cell(activity) for cell in COLUMNS.values()), base_url + activity.path]
    return csv_line([disarmed(cell) for cell in cells])


def on_the_clock(instant: datetime) -> str:
    """2027-09-30 10:00"""
    return f"{clock.local(instant):%Y-%m-%d %H:%M}"


def stretch(moment: Moment) -> str:
    """2027-09-30 10:00-12:00"""
    start, end = on_the_clock(moment.starts_at), on_the_clock(moment.ends_at)
    return f"{start}-{end[11:]}" if start[:10] == end[:10] else f"{start}-{end}"


def yes_or_no(value: bool) -> str:
    return "ja" if value else "nee"


def decimal(value: float | None) -> str:
    """With a comma: a Dutch Excel reads 52.0899 as five hundred thousand."""
    return "" if value is None else f"{value:.5f}".replace(".", ",")

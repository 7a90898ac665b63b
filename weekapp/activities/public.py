"""An activity as everyone may see it: no field of a person, and of a home only the town."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from weekapp import addresses
from weekapp.activities.models import Activity, ActivityAudience, Occurrence
from weekapp.activities.rules import AUDIENCE_WORDS, THEME_WORDS, Audience, State, Theme
from weekapp.db import db
from weekapp.geography import reference
from weekapp.geography.rules import Precision
from weekapp.organisations.models import Organisation
from weekapp.organisations.rules import Kind

COLUMNS = (
    Activity.id,
    Activity.title,
    Activity.description,
    Activity.theme,
    Activity.state,
    Activity.is_ongoing,
    Activity.is_free,
    Activity.cost,
    Activity.can_come_alone,
    Activity.wheelchair,
    Activity.hearing_loop,
    Activity.sign_up_needed,
    Activity.takes_sign_ups,
    Activity.is_home,
    Activity.venue,
    Activity.street,
    Activity.house_number,
    Activity.letter,
    Activity.addition,
    Activity.postcode,
    Activity.town,
    Activity.municipality_code,
    Activity.lon,
    Activity.lat,
    Activity.precision,
    Activity.created_at,
    Activity.changed_at,
    Activity.organisation_id,
    Organisation.name.label("organisation"),
    Organisation.kind,
)
MOMENT_COLUMNS = (
    Occurrence.activity_id,
    Occurrence.id,
    Occurrence.uid,
    Occurrence.starts_at,
    Occurrence.ends_at,
    Occurrence.sequence,
    Occurrence.changed_at,
    Occurrence.cancelled_at,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of an activity; instants are UTC."""

    id: int
    uid: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_at: datetime
    is_cancelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicActivity:
    """All that may be told of an activity. Of a home only the town is in here (PRIV-04); of people there is nothing."""

    id: int
    title: str
    description: str
    theme: Theme
    audiences: tuple[Audience, ...]
    is_cancelled: bool
    is_withdrawn: bool = False  # only calendars tell of it, and no more than that it does not take place
    is_ongoing: bool
    is_free: bool
    cost: str
    can_come_alone: bool
    wheelchair: bool
    hearing_loop: bool
    sign_up_needed: bool
    takes_sign_ups: bool
    is_home: bool
    venue: str
    street: str
    house_number: str
    postcode: str
    town: str
    municipality: reference.MunicipalityRow | None
    lon: float | None
    lat: float | None
    precision: Precision
    organisation_id: int
    organisation: str
    kind: Kind
    created_at: datetime
    changed_at: datetime
    moments: tuple[Moment, ...]

    @property
    def path(self) -> str:
        """The address of its page, without the host."""
        return addresses.activity(self.id, self.title)

    @property
    def street_line(self) -> str:
        """Voorbeeldstraat 12 A; where the street is not known the postcode stands for it; of a home nothing."""
        return f"{self.street or self.postcode} {self.house_number}".strip()

    @property
    def place_lines(self) -> tuple[str, ...]:
        """Where it is, from the building to the town."""
        town = f"{self.postcode} {self.town}" if self.street and self.postcode else self.town
        return tuple(line for line in (self.venue, self.street_line, town.strip()) if line)

    @property
    def theme_words(self) -> str:
        """The catalogue text of its theme."""
        return THEME_WORDS[self.theme]

    @property
    def audience_words(self) -> tuple[str, ...]:
        """The catalogue texts of whom it is for."""
        return tuple(AUDIENCE_WORDS[audience] for audience in self.audiences)

    def is_over(self, now: datetime) -> bool:
        """Whether all its moments have been."""
        return all(moment.ends_at <= now for moment in self.moments)


def load(which: Iterable[ColumnElement[bool]]) -> list[PublicActivity]:
    """Activities by id with all that is public of them, in three statements whatever their number."""
    which = list(which)
    moments: dict[int, list[Moment]] = defaultdict(list)
    of_moments = select(*MOMENT_COLUMNS).join(Activity, Activity.id == Occurrence.activity_id).where(*which)
    for row in db.session.execute(of_moments.order_by(Occurrence.starts_at, Occurrence.id)):
        moments[row.activity_id].append(moment_from(row))
    audiences: dict[int, list[Audience]] = defaultdict(list)
    of_audiences = select(ActivityAudience.activity_id, ActivityAudience.audience)
    of_audiences = of_audiences.join(Activity, Activity.id == ActivityAudience.activity_id).where(*which)
    for activity_id, audience in db.session.execute(of_audiences.order_by(ActivityAudience.audience)):
        audiences[activity_id].append(audience)
    rows = db.session.execute(select(*COLUMNS).join(Organisation).where(*which).order_by(Activity.id))
    return [public(row, tuple(audiences[row.id]), tuple(moments[row.id])) for row in rows]


def moment_from(row: Any) -> Moment:
    return Moment(row.id, row.uid, row.starts_at, row.ends_at, row.sequence, row.changed_at, row.cancelled_at is not None)


def public(row: Any, audiences: tuple[Audience, ...], moments: tuple[Moment, ...]) -> PublicActivity:
    """What may be told of a row."""
    number = " ".join(part for part in (f"{row.house_number}{row.letter}", row.addition) if part)
    return PublicActivity(
        id=row.id,
        title=row.title,
        description=row.description,
        theme=row.theme,
        audiences=audiences,
        is_cancelled=row.state == State.CANCELLED,
        is_withdrawn=row.state == State.WITHDRAWN,
        is_ongoing=row.is_ongoing,
        is_free=row.is_free,
        cost=row.cost,
        can_come_alone=row.can_come_alone,
        wheelchair=row.wheelchair,
        hearing_loop=row.hearing_loop,
        sign_up_needed=row.sign_up_needed,
        takes_sign_ups=row.takes_sign_ups,
        is_home=row.is_home,
        venue="" if row.is_home else row.venue,
        street="" if row.is_home else row.street,
        house_number="" if row.is_home else number,
        postcode="" if row.is_home else row.postcode,
        town=row.town,
        municipality=reference.municipality(row.municipality_code or ""),
        lon=row.lon,
        lat=row.lat,
        precision=row.precision,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        kind=row.kind,
        created_at=row.created_at,
        changed_at=row.changed_at,
        moments=moments,
    )

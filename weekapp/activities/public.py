"""An activity as everyone may see it: no field of a person, and of a home only the town."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from weekapp import addresses
from weekapp.activities.models import Activity, ActivityAudience, ActivityLanguage, Occurrence
from weekapp.activities.rules import (
    AUDIENCE_WORDS,
    LANGUAGE_WORDS,
    STOP_WORDS,
    THEME_WORDS,
    WELCOME_WORDS,
    Audience,
    Language,
    State,
    Stop,
    Theme,
)
from weekapp.db import db
from weekapp.geography import reference
from weekapp.geography.rules import Precision
from weekapp.organisations.models import Organisation
from weekapp.organisations.rules import Kind
from weekapp.pictures import links
from weekapp.pictures.models import Picture
from weekapp.pictures.rules import Shown

COLUMNS = (
    Activity.id,
    Activity.title,
    Activity.description,
    Activity.theme,
    Activity.state,
    Activity.postponed_at,
    Activity.is_ongoing,
    Activity.is_free,
    Activity.cost,
    Activity.can_come_alone,
    Activity.wheelchair,
    Activity.accessible_toilet,
    Activity.hearing_loop,
    Activity.quiet,
    Activity.welcomer,
    Activity.stop,
    Activity.parking,
    Activity.public_phone,
    Activity.public_email,
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
    Activity.picture_id,
    Picture.digest.label("picture_digest"),
    Picture.is_public.label("picture_is_public"),
    Picture.alt_text.label("picture_alt"),
    Picture.width.label("picture_width"),
    Picture.height.label("picture_height"),
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
    Occurrence.moved_from,
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
    moved_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicActivity:
    """All that may be told of an activity. Of a home only the town is in here (PRIV-04); of people there is nothing."""

    id: int
    title: str
    description: str
    theme: Theme
    audiences: tuple[Audience, ...]
    is_cancelled: bool
    is_postponed: bool = False  # cancelled for now, a new date follows
    is_withdrawn: bool = False  # only calendars tell of it, and no more than that it does not take place
    is_ongoing: bool
    is_free: bool
    cost: str
    can_come_alone: bool
    wheelchair: bool
    accessible_toilet: bool
    hearing_loop: bool
    quiet: bool
    welcomer: str
    languages: tuple[Language, ...]
    stop: Stop
    parking: bool
    public_phone: str
    public_email: str
    picture: Shown | None
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

    @property
    def welcome_words(self) -> tuple[str, ...]:
        """The catalogue sentences of what is so on its welcome card, but for money: `cost` says more about that."""
        return tuple(words[0] for name, words in WELCOME_WORDS.items() if name != "is_free" and getattr(self, name))

    @property
    def language_words(self) -> tuple[str, ...]:
        """The catalogue texts of the languages that people speak besides Dutch."""
        return tuple(LANGUAGE_WORDS[language] for language in self.languages)

    @property
    def stop_words(self) -> str:
        """The catalogue text of how far the nearest stop is; '' when nobody said."""
        return STOP_WORDS[self.stop]

    def is_over(self, now: datetime) -> bool:
        """Whether all its moments have been."""
        return all(moment.ends_at <= now for moment in self.moments)


def load(which: Iterable[ColumnElement[bool]]) -> list[PublicActivity]:
    """Activities by id with all that is public of them, in four statements whatever their number."""
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
    languages: dict[int, list[Language]] = defaultdict(list)
    of_languages = select(ActivityLanguage.activity_id, ActivityLanguage.language)
    of_languages = of_languages.join(Activity, Activity.id == ActivityLanguage.activity_id).where(*which)
    for activity_id, language in db.session.execute(of_languages.order_by(ActivityLanguage.language)):
        languages[activity_id].append(language)
    around = select(*COLUMNS).join(Organisation).outerjoin(Picture, Picture.id == Activity.picture_id)
    rows = db.session.execute(around.where(*which).order_by(Activity.id))
    return [public(row, tuple(audiences[row.id]), tuple(languages[row.id]), tuple(moments[row.id])) for row in rows]


def moment_from(row: Any) -> Moment:
    is_off = row.cancelled_at is not None
    return Moment(row.id, row.uid, row.starts_at, row.ends_at, row.sequence, row.changed_at, is_off, row.moved_from)


def picture_of(row: Any) -> Shown | None:
    """Where its picture is to be had, and what it shows in words."""
    if row.picture_digest is None:
        return None
    path = links.path_of(row.picture_id, row.picture_digest, row.picture_is_public)
    return Shown(path, row.picture_alt, row.picture_width, row.picture_height)


def public(row: Any, audiences: tuple[Audience, ...], languages: tuple[Language, ...], moments: tuple[Moment, ...]) -> PublicActivity:
    """What may be told of a row."""
    number = " ".join(part for part in (f"{row.house_number}{row.letter}", row.addition) if part)
    return PublicActivity(
        id=row.id,
        title=row.title,
        description=row.description,
        theme=row.theme,
        audiences=audiences,
        is_cancelled=row.state == State.CANCELLED,
        is_postponed=row.postponed_at is not None,
        is_withdrawn=row.state == State.WITHDRAWN,
        is_ongoing=row.is_ongoing,
        is_free=row.is_free,
        cost=row.cost,
        can_come_alone=row.can_come_alone,
        wheelchair=row.wheelchair,
        accessible_toilet=row.accessible_toilet,
        hearing_loop=row.hearing_loop,
        quiet=row.quiet,
        welcomer=row.welcomer,
        languages=languages,
        stop=row.stop,
        parking=row.parking,
        public_phone=row.public_phone,
        public_email=row.public_email,
        picture=picture_of(row),
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

"""Believable activities: which organisation does what, where and when, and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from weekapp import clock
from weekapp.activities import service
from weekapp.activities.models import Activity, ActivityAudience, ActivityLanguage, Occurrence
from weekapp.activities.rules import VISIBLE, Language, State, Stop
from weekapp.activities.service import NewActivity
from weekapp.db import Base
from weekapp.demo.people import Group
from weekapp.demo.texts import Recipe, texts
from weekapp.editions.models import Edition
from weekapp.geography.rules import Precision
from weekapp.moderation.models import Review, Verdict
from weekapp.organisations.rules import Kind

Rows = dict[type[Base], list[dict[str, Any]]]

MUNICIPALITIES = 250
STATES = {State.PUBLISHED: 785, State.SUBMITTED: 105, State.CANCELLED: 60, State.RETURNED: 30, State.WITHDRAWN: 20}
OF_FIRST_GROUP = (State.PUBLISHED, State.PUBLISHED, State.PUBLISHED, State.SUBMITTED, State.RETURNED, State.CANCELLED)
BUSY = {Kind.LIBRARY: 5, Kind.WELFARE: 3, Kind.CARE: 2, Kind.MUNICIPALITY: 2}  # how much more than others they organise
DAYS = (30, 25, 15, 10, 20, 22, 20)  # weights of the days of the Week, from Thursday
SPOKEN = (Language.ENGLISH, Language.ARABIC, Language.TURKISH, Language.UKRAINIAN, Language.POLISH)
ENOUGH = 20  # activities from which on the first organisation shows every state


@dataclass(frozen=True)
class Ids:
    """Where the rows of organisations and their initiators begin; both follow the order of the groups."""

    edition: int
    first_organisation: int
    first_initiator: int
    moderator: int


@dataclass(frozen=True)
class Season:
    """An edition, and from when until when its activities came in."""

    edition: Edition
    opened: datetime
    until: datetime


@dataclass(frozen=True)
class Planned:
    """One activity that is to be stored. `decided_at` is when a moderator looked at it; `group` counts from 0."""

    id: int
    group: int
    new: NewActivity
    state: State
    created_at: datetime
    decided_at: datetime | None = None
    cancelled_at: datetime | None = None
    is_ongoing: bool = False

    @property
    def changed_at(self) -> datetime:
        """The last of its steps."""
        return self.cancelled_at or self.decided_at or self.created_at


def groups_for(count: int) -> int:
    """How many organisations do so many activities."""
    return max(1, count * 11 // 20)


def plan(rng: Random, groups: Sequence[Group], season: Season, count: int, *, first_id: int) -> list[Planned]:
    """Spread activities over organisations."""
    planned: list[Planned] = []
    for number, share in enumerate(shares(rng, groups, count)):
        recipes = texts().recipes_of(groups[number].kind)
        chosen = rng.sample(recipes, min(share, len(recipes))) + rng.choices(recipes, k=max(0, share - len(recipes)))
        for place, recipe in enumerate(chosen):
            state = state_of(rng, number, place, count)
            new = told(rng, recipe, groups[number], host_of(rng, groups, number), season.edition)
            planned.append(dated(rng, Planned(first_id + len(planned), number, new, state, season.opened), season))
    return planned


def shares(rng: Random, groups: Sequence[Group], count: int) -> list[int]:
    """How many activities each organisation has: one at least, libraries and welfare more, the first one enough to show each state."""
    found = [1 if number < count else 0 for number in range(len(groups))]
    weights = [BUSY.get(group.kind, 1) for group in groups]
    if count >= ENOUGH:
        found[0], weights[0] = len(OF_FIRST_GROUP), 0
    for number in rng.choices(range(len(groups)), weights=weights, k=max(0, count - sum(found))):
        found[number] += 1
    return found


def state_of(rng: Random, group: int, place: int, count: int) -> State:
    """By chance; the first activity of the first organisations is public, so that each municipality shows one."""
    if group == 0 and count >= ENOUGH:
        return OF_FIRST_GROUP[place]
    if place == 0 and group < MUNICIPALITIES:
        return State.PUBLISHED
    return rng.choices(list(STATES), list(STATES.values()))[0]


def dated(rng: Random, one: Planned, season: Season) -> Planned:
    """The same activity with the moments of its steps."""
    opened = max(season.opened, season.until - timedelta(days=6)) if one.state == State.SUBMITTED else season.opened
    created = opened + (season.until - opened) * rng.random()
    decided = None if one.state == State.SUBMITTED else min(season.until, created + timedelta(hours=rng.uniform(2, 50)))
    cancelled = decided + (season.until - decided) * rng.random() if decided and one.state == State.CANCELLED else None
    is_ongoing = len(one.new.moments) > 1 and rng.random() < 0.25
    return replace(one, created_at=created, decided_at=decided, cancelled_at=cancelled, is_ongoing=is_ongoing)


def host_of(rng: Random, groups: Sequence[Group], group: int) -> Group:
    """At whose house: mostly their own, now and then with others in the same municipality."""
    if group and rng.random() < 0.12:
        nearby = [one for one in groups if one.municipality == groups[group].municipality and one.venue]
        if nearby:
            return rng.choice(nearby)
    return groups[group]


def told(rng: Random, recipe: Recipe, group: Group, host: Group, edition: Edition) -> NewActivity:
    """What the initiator would have typed."""
    address = host.address
    visitors = rng.randint(*recipe.visitors)
    moments = moments_of(rng, recipe, edition)
    sign_up = rng.random() < (0.5 if visitors < 25 else 0.15)
    is_home = group.kind == Kind.RESIDENTS and rng.random() < 0.15
    return NewActivity(
        title=title(rng, recipe, host),
        description=description(rng, recipe, len(moments), (edition.last_day - edition.first_day).days + 1, sign_up),
        theme=recipe.theme,
        audiences=recipe.audiences,
        expected_visitors=visitors,
        moments=moments,
        venue=host.venue,
        street=address.street,
        house_number=address.house_number,
        letter=address.letter,
        addition=address.addition,
        postcode=address.postcode,
        town=address.town,
        municipality_code=address.municipality_code,
        lon=address.lon,
        lat=address.lat,
        precision=address.precision,
        is_home=is_home and address.precision == Precision.PC4,
        is_free=not recipe.cost,
        cost=recipe.cost,
        can_come_alone=rng.random() < 0.75,
        wheelchair=rng.random() < (0.85 if group.kind in {Kind.CARE, Kind.LIBRARY} else 0.55),
        hearing_loop=rng.random() < (0.4 if group.kind in {Kind.CARE, Kind.LIBRARY} else 0.1),
        sign_up_needed=sign_up,
        **welcome(group, host),
    )


def welcome(group: Group, host: Group) -> dict[str, Any]:
    """More of the welcome card, the same for all that a group does at one place; by chance of its own, so that the rest stays as it was."""
    rng = Random(f"{group.name} {host.venue} {host.address.postcode}")  # noqa: S311 no secret is made with it
    is_public_building = group.kind in {Kind.CARE, Kind.LIBRARY, Kind.WELFARE}
    return {
        "accessible_toilet": rng.random() < (0.7 if is_public_building else 0.2),
        "quiet": rng.random() < 0.15,
        "stop": rng.choices(list(Stop), (3, 4, 2, 1))[0],
        "parking": rng.random() < 0.5,
        "languages": tuple(rng.sample(SPOKEN, rng.choices((0, 1, 2), (8, 3, 1))[0])),
    }


def title(rng: Random, recipe: Recipe, host: Group) -> str:
    """A title; those that name no place get the town now and then."""
    chosen = rng.choice([one for one in recipe.titles if host.venue or "{venue}" not in one])
    if "{" not in chosen and chosen[-1].isalpha() and " in " not in chosen and rng.random() < 0.45:
        chosen += " in {town}"
    return chosen.format(town=host.address.town, venue=host.venue)


def description(rng: Random, recipe: Recipe, moments: int, days: int, sign_up: bool) -> str:
    """A few short sentences that agree with the other answers."""
    said = texts()
    parts = [rng.choice(recipe.what), rng.choice(said.how)]
    if moments > 1:
        parts.append(said.several[0] if moments == days else rng.choice(said.several[1:]))
    parts.append("Meld je wel even aan, dan weten we op hoeveel mensen we rekenen." if sign_up else "Aanmelden hoeft niet.")
    return " ".join([*parts, rng.choice(said.welcome)])


def moments_of(rng: Random, recipe: Recipe, edition: Edition) -> tuple[tuple[datetime, datetime], ...]:
    """One moment, or for one in eight several at the same time of day."""
    days = [edition.first_day + timedelta(days=n) for n in range((edition.last_day - edition.first_day).days + 1)]
    weights = [DAYS[n % len(DAYS)] for n in range(len(days))]
    chosen = set(rng.choices(days, weights=weights))
    if rng.random() < 0.125:
        chosen |= set(rng.sample(days, rng.choice((2, 3, len(days)))))
    begins = time(rng.choice(recipe.starts), rng.choice((0, 0, 30)))
    lasts = timedelta(hours=rng.choice(recipe.hours))
    return tuple((starts, starts + lasts) for starts in (clock.instant(day, begins) for day in sorted(chosen)))


def rows(rng: Random, planned: Sequence[Planned], groups: Sequence[Group], ids: Ids) -> Rows:
    """What is stored of the activities: themselves, their moments, audiences and verdicts."""
    found: Rows = {Activity: [], Occurrence: [], ActivityAudience: [], ActivityLanguage: [], Review: []}
    for one in planned:
        found[Activity].append(activity_row(rng, one, groups[one.group].name, ids))
        found[Occurrence] += [moment_row(rng, one, starts, ends) for starts, ends in one.new.moments]
        found[ActivityAudience] += [{"activity_id": one.id, "audience": audience} for audience in one.new.audiences]
        found[ActivityLanguage] += [{"activity_id": one.id, "language": language} for language in one.new.languages]
        if one.decided_at:
            found[Review].append(review_row(rng, one, ids.moderator))
    return found


def activity_row(rng: Random, one: Planned, organisation: str, ids: Ids) -> dict[str, Any]:
    """The columns of an activity; point and precision as the service keeps them (a home has no exact point)."""
    told = {name: value for name, value in vars(one.new).items() if name not in {"audiences", "languages", "moments"}}
    lon, lat, precision, bag_id = service.place_to_keep(one.new)
    return told | {
        "id": one.id,
        "edition_id": ids.edition,
        "organisation_id": ids.first_organisation + one.group,
        "initiator_id": ids.first_initiator + one.group,
        "state": one.state,
        "is_ongoing": one.is_ongoing,
        "takes_sign_ups": one.new.sign_up_needed,
        "lon": lon,
        "lat": lat,
        "precision": precision,
        "bag_id": bag_id,
        "search_text": service.search_text(one.new, organisation),
        "created_at": one.created_at,
        "submitted_at": one.created_at,
        "changed_at": one.changed_at,
        "published_at": one.decided_at if one.state in VISIBLE else None,
        "cancelled_at": one.cancelled_at,
        "cancel_reason": rng.choice(texts().cancelled) if one.cancelled_at else "",
    }


def moment_row(rng: Random, one: Planned, starts: datetime, ends: datetime) -> dict[str, Any]:
    """One moment; subscribers have seen a cancelled one change once."""
    return {
        "activity_id": one.id,
        "starts_at": starts,
        "ends_at": ends,
        "uid": str(UUID(int=rng.getrandbits(128), version=4)),
        "sequence": 1 if one.cancelled_at else 0,
        "changed_at": one.changed_at,
    }


def review_row(rng: Random, one: Planned, moderator: int) -> dict[str, Any]:
    """What the moderator said."""
    is_returned = one.state == State.RETURNED
    return {
        "activity_id": one.id,
        "by_id": moderator,
        "verdict": Verdict.RETURNED if is_returned else Verdict.APPROVED,
        "reason": rng.choice(texts().returned) if is_returned else "",
        "at": one.decided_at,
    }

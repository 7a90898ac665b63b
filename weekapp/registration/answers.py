"""What somebody has answered so far: typed on this side, plain JSON in the row."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time
from typing import Any, Self

from weekapp import clock
from weekapp.activities.rules import Audience, Language, Stop, Theme
from weekapp.geography.pins import LonLat
from weekapp.geography.rules import Precision
from weekapp.organisations.rules import Kind
from weekapp.registration.rules import STEPS, Again, Step


@dataclass(frozen=True, kw_only=True)
class AboutActivity:
    """Step 1: what happens and how welcome people are."""

    title: str
    description: str
    theme: Theme
    audiences: tuple[Audience, ...]
    expected_visitors: int
    is_free: bool
    cost: str
    can_come_alone: bool
    wheelchair: bool
    hearing_loop: bool
    sign_up_needed: bool
    accessible_toilet: bool = False
    quiet: bool = False
    welcomer: str = ""
    languages: tuple[Language, ...] = ()
    stop: Stop = Stop.UNKNOWN
    parking: bool = False
    public_phone: str = ""
    public_email: str = ""
    picture_id: int | None = None

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        lists = {"audiences": tuple(map(Audience, raw["audiences"])), "languages": tuple(map(Language, raw.get("languages", ())))}
        return cls(**{**raw, **lists, "theme": Theme(raw["theme"]), "stop": Stop(raw.get("stop", Stop.UNKNOWN))})

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"audiences": [str(one) for one in self.audiences], "languages": [str(one) for one in self.languages]}


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address as it was typed and found; what could not be found is empty or None (DATA-02)."""

    postcode: str
    house_number: int
    letter: str
    addition: str
    street: str
    town: str
    municipality_code: str | None
    lon: float | None
    lat: float | None
    precision: Precision
    bag_id: str

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        return cls(**{**raw, "precision": Precision(raw["precision"])})

    @property
    def line(self) -> str:
        """Street and number on one line: 'Voorbeeldstraat 12A bis'."""
        number = f"{self.house_number}{self.letter}" + (f" {self.addition}" if self.addition else "")
        return f"{self.street} {number}".strip()


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A day with begin and end, as on a Dutch clock."""

    day: date
    begins: time
    ends: time

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Begin and end as instants; the wall times have been checked when they were typed."""
        return clock.instant(self.day, self.begins), clock.instant(self.day, self.ends)


@dataclass(frozen=True, kw_only=True)
class AboutPlace:
    """Step 2: where and when. `pin` is where somebody put the pin by hand; None: it stands where the address says."""

    venue: str
    address: Address
    is_home: bool
    moments: tuple[Moment, ...]
    is_ongoing: bool = False
    pin: LonLat | None = None

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        moments = tuple(
            Moment(day=date.fromisoformat(day), begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))
            for day, begins, ends in raw["moments"]
        )
        address, pin = Address.from_json(raw["address"]), raw.get("pin")
        where = {"venue": raw["venue"], "is_home": raw["is_home"], "is_ongoing": raw.get("is_ongoing", False)}
        return cls(**where, address=address, moments=moments, pin=(pin[0], pin[1]) if pin else None)

    def to_json(self) -> dict[str, Any]:
        moments = [(one.day.isoformat(), one.begins.isoformat("minutes"), one.ends.isoformat("minutes")) for one in self.moments]
        where = {"venue": self.venue, "address": asdict(self.address), "is_home": self.is_home, "pin": self.pin}
        return where | {"is_ongoing": self.is_ongoing, "moments": moments}


@dataclass(frozen=True, kw_only=True)
class AboutYou:
    """Step 3: who organises, and whom we can call or mail."""

    organisation: str
    kind: Kind
    name: str
    email: str
    phone: str

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        return cls(**{**raw, "kind": Kind(raw["kind"])})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class AboutPackage:
    """Step 4: the package. `elsewhere` is None when it goes to the place of the activity; `name` is '' when there is one kind only."""

    wanted: bool
    name: str = ""
    quantity: int = 0
    elsewhere: Address | None = None
    attention: str = ""
    again: Again = Again.NONE
    branch: str = ""

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        elsewhere = Address.from_json(raw["elsewhere"]) if raw["elsewhere"] else None
        return cls(**{**raw, "elsewhere": elsewhere, "again": Again(raw["again"])})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


Part = AboutActivity | AboutPlace | AboutYou | AboutPackage


@dataclass(frozen=True, kw_only=True)
class Answers:
    """All steps; one that has not been answered yet is None."""

    activity: AboutActivity | None = None
    place: AboutPlace | None = None
    you: AboutYou | None = None
    package: AboutPackage | None = None

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """The answers of a row; raw is step -> answers."""
        kinds: dict[Step, Any] = {Step.ACTIVITY: AboutActivity, Step.PLACE: AboutPlace, Step.YOU: AboutYou, Step.PACKAGE: AboutPackage}
        given: dict[str, Any] = {NAME_OF[step]: kind.from_json(raw[step]) for step, kind in kinds.items() if step in raw}
        return cls(**given)

    @property
    def missing(self) -> Step | None:
        """The first step without an answer."""
        return next((step for step in STEPS if step in NAME_OF and getattr(self, NAME_OF[step]) is None), None)

    @property
    def next_step(self) -> Step:
        """Where to go on: to the first gap, else to the page that shows everything."""
        return self.missing or Step.CHECK

    def may_open(self, step: Step) -> bool:
        """Whether all steps before this one have been answered."""
        return self.missing is None or STEPS.index(step) <= STEPS.index(self.missing)

    @property
    def delivery_address(self) -> Address:
        """Where the package goes."""
        assert self.place is not None, "the place is answered before the package"
        return (self.package and self.package.elsewhere) or self.place.address


NAME_OF = dict(zip(STEPS, (field.name for field in fields(Answers)), strict=False))
STEP_OF = {AboutActivity: Step.ACTIVITY, AboutPlace: Step.PLACE, AboutYou: Step.YOU, AboutPackage: Step.PACKAGE}

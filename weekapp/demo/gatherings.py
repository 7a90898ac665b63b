"""Gatherings of the demo, from gatherings.toml: an opening with three sessions, a regional meeting, a masterclass, and one that is off."""

import tomllib
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any
from uuid import UUID

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.demo import guests
from weekapp.editions import service as editions
from weekapp.editions.models import Edition
from weekapp.gatherings import service
from weekapp.gatherings.rules import Attendance, Audience, Kind
from weekapp.gatherings.service import NewGathering, NewSession

OF_GATHERING = set(NewGathering.__dataclass_fields__)


@cache
def texts() -> list[dict[str, Any]]:
    """The content of gatherings.toml."""
    found: list[dict[str, Any]] = tomllib.loads((files("weekapp.demo") / "gatherings.toml").read_text(encoding="utf-8"))["gatherings"]
    return found


def add(rng: Random, edition: Edition, former: Edition, now: datetime, *, by: User) -> None:
    """All of them; what was before now was made before it."""
    days = {"week": edition.first_day - timedelta(days=1), "today": clock.local(now).date(), "former": former.first_day - timedelta(days=1)}
    for text in texts():
        day = days[text["from"]] + timedelta(days=text["days"])
        made_at = min(now, clock.instant(day - timedelta(days=60), time(9)))
        with clock.pretending(made_at):
            add_one(rng, (former if text["from"] == "former" else edition).id, text, day, now, by=by)
    for one in (edition, former):
        editions.touch(one.id)  # at the real time: when something changed last never goes back


def add_one(rng: Random, edition_id: int, text: dict[str, Any], day: date, now: datetime, *, by: User) -> None:
    chosen: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in text.items() if name in OF_GATHERING
    }
    chosen |= {"kind": Kind(text["kind"]), "attendance": Attendance(text["attendance"])}
    gathering = service.make(edition_id, NewGathering(**chosen), by=by)
    for session in text["sessions"]:
        made = service.add_session(gathering, new_session(session, day), by=by)
        made.moment.uid = str(UUID(int=rng.getrandbits(128), version=4))
        guests.add(rng, made.moment, session.get("coming", 0), session.get("waiting", 0), now)
    if "called_off" in text:
        service.call_off(gathering, text["called_off"], by=by)


def new_session(text: dict[str, Any], day: date) -> NewSession:
    return NewSession(
        title=text["title"],
        room=text["room"],
        audience=Audience(text["audience"]),
        starts_at=clock.instant(day, time(text["begins"])),
        ends_at=clock.instant(day, time(text["ends"])),
        places=text["places"],
    )

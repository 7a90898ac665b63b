"""People of the demo who signed up for a session: invented first names. Rows, not the service: nobody must get a mail about the past."""

from datetime import datetime, timedelta
from random import Random

from weekapp.activities.models import Occurrence
from weekapp.db import db
from weekapp.demo.people import names
from weekapp.signups import letters, queries, rules
from weekapp.signups.models import SignUp, SignUpEvent
from weekapp.signups.rules import Call, Reason, State


def add(rng: Random, moment: Occurrence, coming: int, waiting: int, now: datetime) -> None:
    """So many people who come one by one, and so many who wait, over the days before `now`."""
    first = now - timedelta(hours=coming + waiting)
    for number in range(coming + waiting):
        add_one(rng, moment, has_place=number < coming, at=first + timedelta(hours=number))


def add_one(rng: Random, moment: Occurrence, *, has_place: bool, at: datetime) -> None:
    key = f"{rng.getrandbits(256):064x}"
    sign_up = SignUp(
        occurrence=moment,
        first_name=rng.choice(names()["first"]),
        email=f"gast.{key[:8]}@voorbeeld.nl",
        party_size=1,
        state=State.CONFIRMED if has_place else State.WAITING,
        code="".join(rng.choices(rules.ALPHABET, k=rules.CODE_LENGTH)),
        send_key=key,
        confirmed_at=at if has_place else None,
        queued_at=None if has_place else at,
        told_sequence=moment.sequence,
        call=Call.NONE,
        created_at=at,
        changed_at=at,
    )
    sign_up.cancel_hash = letters.cancel_hash(sign_up)
    db.session.add(sign_up)
    db.session.flush()
    reason = Reason.CONFIRMED if has_place else Reason.FULL
    left = queries.free(moment, at)
    db.session.add(SignUpEvent(sign_up_id=sign_up.id, at=at, state=sign_up.state, reason=reason, party_size=1, places_left=left))

"""Other texts for an activity that is public: they wait for a moderator while the approved ones stay (product.md rule 9)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities import changes, history
from weekapp.activities.models import Activity
from weekapp.activities.rules import TEXTS, Happened
from weekapp.db import db, lock
from weekapp.moderation.models import Review, Revision, RevisionState, Verdict
from weekapp.moderation.service import AlreadyJudged
from weekapp.pictures.models import Picture

STEP_TO = {
    RevisionState.APPROVED: Happened.TEXT_APPROVED,
    RevisionState.RETURNED: Happened.TEXT_RETURNED,
    RevisionState.TAKEN_BACK: Happened.TEXT_TAKEN_BACK,
}

PICTURE = "picture_id"
STILL_WANTED = frozenset({RevisionState.WAITING, RevisionState.RETURNED})  # what its initiator goes on with


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text; `is_new` or `is_old` when only one of the two texts has them."""

    words: str
    is_old: bool = False
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One text as it was and as it should be, in pieces: whoever reads needs to read only what is marked."""

    name: str
    before: list[Piece]
    after: list[Piece]


def texts_of(activity: Activity) -> dict[str, Any]:
    """The texts that are public once the activity is."""
    return {name: getattr(activity, name) for name in TEXTS}


def waiting_for(activity_id: int) -> Revision | None:
    """The texts of an activity that wait for a moderator."""
    rows = select(Revision).where(Revision.activity_id == activity_id, Revision.state == RevisionState.WAITING)
    return db.session.scalar(rows.options(joinedload(Revision.by), joinedload(Revision.activity)))


def newest_of(activity_id: int) -> Revision | None:
    """The last texts that somebody sent in, whatever became of them."""
    return db.session.scalar(select(Revision).where(Revision.activity_id == activity_id).order_by(Revision.id.desc()).limit(1))


def returned_of(activity_ids: Collection[int]) -> set[int]:
    """Of these activities the ones whose last new texts came back to whoever sent them."""
    newest = select(func.max(Revision.id)).where(Revision.activity_id.in_(activity_ids)).group_by(Revision.activity_id)
    rows = select(Revision.activity_id).where(Revision.id.in_(newest), Revision.state == RevisionState.RETURNED)
    return set(db.session.scalars(rows)) if activity_ids else set()


def waiting(limit: int | None = None) -> list[Revision]:
    """All texts that wait, oldest first."""
    rows = select(Revision).where(Revision.state == RevisionState.WAITING).order_by(Revision.sent_at, Revision.id)
    around = (joinedload(Revision.activity).joinedload(Activity.organisation), joinedload(Revision.by))
    return list(db.session.scalars(rows.options(*around).limit(limit)))


def count_waiting() -> int:
    """How many texts wait."""
    return db.session.execute(select(func.count()).select_from(Revision).where(Revision.state == RevisionState.WAITING)).scalar_one()


def picture_of(one: Revision) -> Picture | None:
    """The picture that waits with a revision."""
    return db.session.get(Picture, one.texts[PICTURE]) if one.texts.get(PICTURE) else None


def words_to_read(one: Revision) -> str:
    """All that a revision says in words, those about its picture too."""
    picture = picture_of(one)
    words = [text for name, text in one.texts.items() if name != PICTURE]
    return "\n".join([*words, *([picture.alt_text] if picture else [])])


def revision(revision_id: int) -> Revision | None:
    """One revision with what its page shows."""
    rows = select(Revision).where(Revision.id == revision_id)
    return db.session.scalar(rows.options(joinedload(Revision.activity).joinedload(Activity.organisation), joinedload(Revision.by)))


def propose(activity: Activity, texts: Mapping[str, Any], *, by: User) -> Revision | None:
    """Hand in other texts; the newest take the place of earlier ones that still wait. None when they are what is public already."""
    lock(activity)
    different = {name: texts[name] for name in TEXTS if name in texts and texts[name] != getattr(activity, name)}
    earlier = waiting_for(activity.id)
    if earlier is not None:
        lock(earlier)
        if earlier.texts == different:
            return earlier
        if not different:
            settle(earlier, RevisionState.TAKEN_BACK, by=by)
            return None
        earlier.texts, earlier.picture_id, earlier.sent_at, earlier.by_id = different, different.get(PICTURE), clock.now(), by.id
        history.note(activity, Happened.TEXT_SENT, by=by)
        return earlier
    if not different:
        return None
    asked = {"texts": different, "picture_id": different.get(PICTURE)}
    new = Revision(activity_id=activity.id, by_id=by.id, state=RevisionState.WAITING, sent_at=clock.now(), **asked)
    db.session.add(new)
    history.note(activity, Happened.TEXT_SENT, by=by)
    return new


def approve(revision: Revision, version: str, *, by: User) -> Revision:
    """Put the texts on the website; raises AlreadyJudged when somebody was first or when it is another text now."""
    activity = lock_waiting(revision, version)
    changes.set_texts(activity, revision.texts, clock.now())
    return settle(revision, RevisionState.APPROVED, by=by)


def send_back(revision: Revision, version: str, reason: str, *, by: User) -> Revision:
    """Ask for another text; the approved one stays. Raises AlreadyJudged."""
    lock_waiting(revision, version)
    revision.reason = reason
    return settle(revision, RevisionState.RETURNED, by=by)


def lock_waiting(revision: Revision, version: str) -> Activity:
    """Activity first and then the revision, as whoever proposes does."""
    activity = lock(revision.activity)
    lock(revision)
    if revision.state != RevisionState.WAITING or version_of(revision) != version:
        raise AlreadyJudged()
    return activity


def settle(revision: Revision, state: RevisionState, *, by: User) -> Revision:
    revision.state, revision.judged_at, revision.judged_by_id = state, clock.now(), by.id
    history.note(revision.activity, STEP_TO[state], by=by, after=revision.reason)
    db.session.flush()
    return revision


def version_of(revision: Revision) -> str:
    """Tells one text from another that was sent in while a moderator was reading."""
    return revision.sent_at.isoformat()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What is different between two sets of texts, word by word. A picture that is another one has no pieces: it is seen, not read."""
    different = [name for name in TEXTS if name in after and after[name] != before.get(name, after[name] if name == PICTURE else "")]
    return [Difference(name, [], []) if name == PICTURE else compared(name, before.get(name, ""), after[name]) for name in different]


def compared(name: str, before: str, after: str) -> Difference:
    old, new = words_of(before), words_of(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a < b:
            left.append(Piece("".join(old[a:b]), is_old=what != "equal"))
        if c < d:
            right.append(Piece("".join(new[c:d]), is_new=what != "equal"))
    return Difference(name, left, right)


def words_of(text: str) -> list[str]:
    """Words and the space between them."""
    return re.findall(r"\s+|[^\s]+", text)


def last_read(activity_id: int) -> dict[str, Any]:
    """The texts of an activity as a moderator sent it back; empty when nobody has read it yet."""
    rows = select(Review.texts).where(Review.activity_id == activity_id, Review.verdict == Verdict.RETURNED)
    return db.session.scalar(rows.order_by(Review.id.desc()).limit(1)) or {}

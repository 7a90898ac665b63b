"""Which activities hold the words of a search; what nobody wrote that way is looked up as the word that was probably meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from weekapp.activities.models import Activity, ActivityWord, SearchWord
from weekapp.activities.words import PREFIX, REST, STEM_PART, Known, meant, stem_of, typos_allowed
from weekapp.db import db

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Sought:
    """A word of a search, the ids of the words that serve it, and the words that were looked up instead when nobody wrote it that way."""

    word: str
    ids: tuple[int, ...]
    instead: tuple[str, ...] = ()

    @property
    def occurs(self) -> Condition:
        """True of an activity that holds one of its words."""
        if not self.ids:
            return false()
        return Activity.id.in_(select(ActivityWord.activity_id).where(ActivityWord.word_id.in_(self.ids)))


def sought(words: Sequence[str], visible: Condition) -> tuple[Sought, ...]:
    """What to look up for each word. Only what is `visible` counts: a typo in a draft must not stand for the right word."""
    return tuple(as_written(word, visible) or as_meant(word, visible) for word in words)


def as_written(word: str, visible: Condition) -> Sought | None:
    """The word as it was typed, with its forms and compounds; None when no visible activity has it."""
    ids = ids_of(family(word))
    return Sought(word, ids) if ids and db.session.scalar(occurring(ids, visible).limit(1)) else None


def as_meant(typed: str, visible: Condition) -> Sought:
    """The word that was probably meant; when there is none, nothing is found."""
    for group in meant(typed, near_in_length(typed)):
        in_use = set(db.session.scalars(occurring([one.id for one in group], visible).distinct()))
        instead = sorted({one.word for one in group if one.id in in_use})
        if instead:
            return Sought(typed, ids_of(or_(*map(family, instead))), tuple(instead))
    return Sought(typed, ())


def family(word: str) -> Condition:
    """True of a known word that serves somebody who asks for `word`; the same as `words.belongs_to`."""
    stem, ways = stem_of(word), []
    ways.append(SearchWord.stem == stem)
    if len(word) >= PREFIX:
        ways.append(SearchWord.word.startswith(word))
    if len(stem) >= STEM_PART:
        ways.append(SearchWord.stem.startswith(stem))
        ways.append(SearchWord.stem.endswith(stem) & (func.length(SearchWord.stem) >= len(stem) + REST))
    return or_(*ways)


def ids_of(condition: Condition) -> tuple[int, ...]:
    return tuple(db.session.scalars(select(SearchWord.id).where(condition).order_by(SearchWord.id)))


def occurring(ids: Sequence[int], visible: Condition) -> Select[int]:
    """Those of these words that occur in a visible activity."""
    of_activities = select(ActivityWord.word_id).join(Activity, Activity.id == ActivityWord.activity_id)
    return of_activities.where(ActivityWord.word_id.in_(ids), visible)


def near_in_length(typed: str) -> list[Known]:
    """The known words that could be the typed one with a few mistakes, by their length."""
    most = typos_allowed(typed)
    if not most:
        return []
    lengths = len(typed) - most, len(typed) + most
    could_be = func.length(SearchWord.word).between(*lengths) | func.length(SearchWord.stem).between(*lengths)
    rows = db.session.execute(select(SearchWord.id, SearchWord.word, SearchWord.stem).where(could_be).order_by(SearchWord.word))
    return [Known(*row) for row in rows]

"""Tables of activities and their moments."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weekapp.accounts.models import User
from weekapp.activities.rules import Audience, Happened, Language, State, Stop, Theme
from weekapp.db import Base, choice
from weekapp.editions.models import Edition
from weekapp.geography.models import Municipality
from weekapp.geography.rules import Precision
from weekapp.organisations.models import Organisation
from weekapp.pictures.models import Picture


class Activity(Base):
    """Something that people can come to. What is public is what a moderator approved; names and phones of people are not."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("expected_visitors > 0", name="visitors_positive"),
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="point_whole"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_time"),
        Index("ix_activity_public", "edition_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    initiator_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    state: Mapped[State] = mapped_column(choice(State), default=State.SUBMITTED)
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    theme: Mapped[Theme] = mapped_column(choice(Theme))
    expected_visitors: Mapped[int]
    is_ongoing: Mapped[bool] = mapped_column(default=False)
    # the welcome card
    is_free: Mapped[bool] = mapped_column(default=True)
    cost: Mapped[str] = mapped_column(String(80), default="")
    can_come_alone: Mapped[bool] = mapped_column(default=False)
    wheelchair: Mapped[bool] = mapped_column(default=False)
    accessible_toilet: Mapped[bool] = mapped_column(default=False)
    hearing_loop: Mapped[bool] = mapped_column(default=False)
    quiet: Mapped[bool] = mapped_column(default=False)  # few sounds, lights and people at once (prikkelarm)
    welcomer: Mapped[str] = mapped_column(String(40), default="")  # first name of who waits at the door, by own choice; '': nobody
    stop: Mapped[Stop] = mapped_column(choice(Stop), default=Stop.UNKNOWN)
    parking: Mapped[bool] = mapped_column(default=False)
    public_phone: Mapped[str] = mapped_column(String(16), default="")  # E.164; for everybody to see, by own choice (PRIV-04)
    public_email: Mapped[str] = mapped_column(String(254), default="")  # the same
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"), index=True)
    sign_up_needed: Mapped[bool] = mapped_column(default=False)
    takes_sign_ups: Mapped[bool] = mapped_column(default=False)  # people can sign up on this site; see weekapp.signups
    # the place
    venue: Mapped[str] = mapped_column(String(120), default="")
    street: Mapped[str] = mapped_column(String(80), default="")
    house_number: Mapped[int]
    letter: Mapped[str] = mapped_column(String(1), default="")
    addition: Mapped[str] = mapped_column(String(10), default="")
    postcode: Mapped[str] = mapped_column(String(7))
    town: Mapped[str] = mapped_column(String(80))
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"), index=True)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    precision: Mapped[Precision] = mapped_column(choice(Precision))
    bag_id: Mapped[str] = mapped_column(String(16), default="")
    is_home: Mapped[bool] = mapped_column(default=False)  # a home address is not published (PRIV-04)
    # for searching and for feeds
    search_text: Mapped[str] = mapped_column(Text, default="")  # lower case, without accents
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]  # last public change
    submitted_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    postponed_at: Mapped[datetime | None]  # it is cancelled for now, and a new date follows

    edition: Mapped[Edition] = relationship()
    organisation: Mapped[Organisation] = relationship()
    initiator: Mapped[User] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    occurrences: Mapped[list["Occurrence"]] = relationship(order_by="Occurrence.starts_at", cascade="all, delete-orphan")
    audiences: Mapped[list["ActivityAudience"]] = relationship(cascade="all, delete-orphan")
    languages: Mapped[list["ActivityLanguage"]] = relationship(cascade="all, delete-orphan")
    picture: Mapped[Picture | None] = relationship()


class Occurrence(Base):
    """One moment of an activity, or of a session of a gathering: that one names its moment, and the moment names no activity.

    `uid` never changes; `sequence` grows with each change that subscribers must see.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="begins_before_end"),
        CheckConstraint("places > 0", name="places_positive"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(String(500), default="")  # to who signed up, about the newest change
    moved_from: Mapped[datetime | None]  # when it first was to begin, where that is another time; EventRescheduled of schema.org
    places: Mapped[int | None]  # for people who sign up; None: as many as come


class ActivityAudience(Base):
    """One group of people that an activity is for."""

    __tablename__ = "activity_audience"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[Audience] = mapped_column(choice(Audience), primary_key=True)


class ActivityLanguage(Base):
    """One language besides Dutch that people speak at an activity."""

    __tablename__ = "activity_language"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[Language] = mapped_column(choice(Language), primary_key=True)


class SearchWord(Base):
    """A word that occurs in activities, with the stem that its forms share. Words are only added: one without activities does no harm."""

    __tablename__ = "search_word"
    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(40), unique=True)
    stem: Mapped[str] = mapped_column(String(40), index=True)


class ActivityWord(Base):
    """A word of `Activity.search_text`; see weekapp.activities.word_index."""

    __tablename__ = "activity_word"
    __table_args__ = ({"sqlite_with_rowid": False},)
    word_id: Mapped[int] = mapped_column(ForeignKey("search_word.id", ondelete="CASCADE"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True, index=True)


class StillOn(Base):
    """The question whether an activity still takes place: when it was asked, once more, and answered; one for each activity.

    `unconfirmed_at`: nobody answered in time. The activity stays public, but paper cannot be corrected and leaves it out.
    """

    __tablename__ = "still_on"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # of the token in the link
    asked_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    unconfirmed_at: Mapped[datetime | None] = mapped_column(index=True)
    activity: Mapped[Activity] = relationship()


class ActivityEvent(Base):
    """One step in the life of an activity: what, when, by whom (0: the system), and where it helps what it was and what it became.

    `needs_look` marks what became public without approval, until a moderator has seen it.
    """

    __tablename__ = "activity_event"
    __table_args__ = (Index("ix_activity_event_needs_look", "needs_look", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int]
    what: Mapped[Happened] = mapped_column(choice(Happened))
    before: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")
    needs_look: Mapped[bool] = mapped_column(default=False)

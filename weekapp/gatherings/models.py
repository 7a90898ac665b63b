"""Tables of gatherings and their sessions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weekapp import addresses
from weekapp.activities.models import Occurrence
from weekapp.db import Base, choice
from weekapp.editions.models import Edition
from weekapp.gatherings.rules import HAS_LINK, HAS_PLACE, Attendance, Audience, Kind


class Gathering(Base):
    """Something that the programme itself organises. It is on the website as soon as it has a session."""

    __tablename__ = "gathering"
    __table_args__ = (CheckConstraint("attendance = 'online' OR town != ''", name="place_named"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id), index=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    organiser: Mapped[str] = mapped_column(String(120))
    attendance: Mapped[Attendance] = mapped_column(choice(Attendance))
    online_link: Mapped[str] = mapped_column(String(500), default="")  # only for who has a place, never on a public page or in a feed
    venue: Mapped[str] = mapped_column(String(120), default="")
    street: Mapped[str] = mapped_column(String(120), default="")  # with the number
    postcode: Mapped[str] = mapped_column(String(7), default="")
    town: Mapped[str] = mapped_column(String(80), default="")
    step_free: Mapped[bool] = mapped_column(default=False)
    hearing_loop: Mapped[bool] = mapped_column(default=False)
    takes_sign_ups: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]  # last public change
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")

    edition: Mapped[Edition] = relationship()
    sessions: Mapped[list["Session"]] = relationship(order_by="Session.id")

    @property
    def path(self) -> str:
        """The address of its page."""
        return addresses.gathering(self.id, self.title)

    @property
    def has_place(self) -> bool:
        """Whether people can come somewhere."""
        return self.attendance in HAS_PLACE

    @property
    def is_online(self) -> bool:
        """Whether people can take part from home."""
        return self.attendance in HAS_LINK

    @property
    def place_lines(self) -> list[str]:
        """Where it is, line by line; empty when it is online only."""
        if not self.has_place:
            return []
        return [line for line in (self.venue, self.street, f"{self.postcode} {self.town}".strip()) if line]

    @property
    def is_off(self) -> bool:
        """Whether none of it takes place: it was called off, or each of its sessions was."""
        return self.cancelled_at is not None or (bool(self.sessions) and all(one.moment.cancelled_at is not None for one in self.sessions))

    @property
    def programme(self) -> list["Session"]:
        """Its sessions in order of time."""
        return sorted(self.sessions, key=lambda one: (one.moment.starts_at, one.id))

    @property
    def starts_at(self) -> datetime:
        """When the first session begins; only of a gathering that has one."""
        return self.programme[0].moment.starts_at

    @property
    def ends_at(self) -> datetime:
        """When the last session ends."""
        return max(one.moment.ends_at for one in self.sessions)


class Session(Base):
    """A part of a gathering that people choose. When it is and how many places it has stands in its moment, as with an activity.

    So whoever signs up, waits or gives a place back is served by the same rows and the same code (see `weekapp.signups`).
    """

    __tablename__ = "session"
    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey(Gathering.id), index=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey(Occurrence.id), unique=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    room: Mapped[str] = mapped_column(String(80), default="")
    audience: Mapped[Audience] = mapped_column(choice(Audience), default=Audience.EVERYBODY)

    gathering: Mapped[Gathering] = relationship(viewonly=True)
    moment: Mapped[Occurrence] = relationship()

    @property
    def is_off(self) -> bool:
        """Whether it does not take place."""
        return self.gathering.cancelled_at is not None or self.moment.cancelled_at is not None

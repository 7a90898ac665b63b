"""What /mijn shows at a glance: own activities with who comes, what was ordered and where it is, and drafts to go on with."""

from collections.abc import Iterable
from dataclasses import dataclass

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities import still_on
from weekapp.activities.models import Activity, Occurrence, StillOn
from weekapp.activities.rules import State
from weekapp.core import settings
from weekapp.moderation import revisions
from weekapp.orders import queries as orders
from weekapp.orders.models import Order
from weekapp.registration import queries, rules, service
from weekapp.registration.models import Progress, Registration
from weekapp.shipments import queries as shipments
from weekapp.shipments import tracking
from weekapp.shipments.models import Parcel
from weekapp.signups import queries as sign_ups
from weekapp.signups.queries import Counts

SHOWN = 3  # moments in the list; the page of the activity has them all


@dataclass(frozen=True, slots=True)
class Draft:
    """A registration that has not become an activity yet. `path` leads to where its initiator stopped."""

    title: str
    path: str
    is_sent: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands around own activities, by their ids and those of their moments and orders."""

    orders: dict[int, list[Order]]
    parcels: dict[int, list[Parcel]]
    coming: dict[int, Counts]
    asked: dict[int, StillOn]
    texts_returned: set[int]  # activities whose new text a moderator sent back

    def asks(self, activity: Activity) -> StillOn | None:
        """The question whether it still takes place, as long as that can be answered."""
        question = self.asked.get(activity.id)
        return question if question and still_on.can_answer(activity) else None

    def moments(self, activity: Activity) -> list[Occurrence]:
        """The moments to show in a list: what is to come, else what has been."""
        now = clock.now()
        ahead = [one for one in activity.occurrences if one.ends_at > now and one.cancelled_at is None]
        return (ahead or activity.occurrences)[:SHOWN]

    def takes_sign_ups(self, activity: Activity) -> bool:
        """Whether numbers of people mean anything."""
        return activity.takes_sign_ups and activity.state is State.PUBLISHED

    def has_people(self, activity: Activity) -> bool:
        """Whether somebody comes, or waits for a place."""
        counts = [self.coming[one.id] for one in activity.occurrences if one.id in self.coming]
        return any(one.confirmed or one.waiting for one in counts)

    @staticmethod
    def track_link(order: Order, parcel: Parcel) -> str:
        """Where to follow a parcel; '' when the carrier has no page for it."""
        return tracking.link(parcel.carrier, parcel.barcode or "", order.postcode)


def around(activities: Iterable[Activity]) -> Overview:
    """Everything about these activities in six statements, however many there are."""
    own = list(activities)
    ordered = orders.of_activities([one.id for one in own])
    parcels = shipments.boxes_of_many([order.id for some in ordered.values() for order in some])
    moments = [one.id for activity in own if activity.takes_sign_ups for one in activity.occurrences]
    asked = still_on.of_activities([one.id for one in own])
    texts_returned = revisions.returned_of([one.id for one in own])
    return Overview(ordered, parcels, sign_ups.counts(moments) if moments else {}, asked, texts_returned)


def drafts_of(user: User) -> list[Draft]:
    """What this person began and has not confirmed, newest first; found by the mail address that they typed."""
    return [as_draft(one) for one in queries.unconfirmed_of(user.email)]


def as_draft(registration: Registration) -> Draft:
    answers = service.answers_of(registration)
    token = rules.draft_token(registration.send_id, settings().secret_key)
    is_sent = registration.progress == Progress.SENT
    step = "verstuurd" if is_sent else answers.next_step
    return Draft(answers.activity.title if answers.activity else "", f"/meedoen/{token}/{step}", is_sent)

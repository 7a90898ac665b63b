"""A verdict with all that follows from it: the order, and the mail to the initiator."""

from collections.abc import Iterable

from flask_babel import gettext

from weekapp import addresses
from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.core import settings
from weekapp.languages import speaking
from weekapp.mail import service as mail
from weekapp.moderation import service as moderation
from weekapp.orders import queries as orders_of
from weekapp.orders import service as orders
from weekapp.orders.models import Order
from weekapp.orders.rules import STATE_WORDS, State


def approve(activity: Activity, *, by: User) -> None:
    """Publish an activity, approve its order where that can be done, and tell the initiator; raises AlreadyJudged."""
    review = moderation.approve(activity, by=by)
    orders.approve_of(activity, by=by)
    with speaking(activity.initiator.language):
        words = order_words(orders_of.of_activity(activity.id))
    mail.queue_mail(
        f"activity-published {review.id}",
        "activity_published",
        activity.initiator.email,
        language=activity.initiator.language,
        name=activity.initiator.name,
        title=activity.title,
        url=settings().base_url + addresses.activity(activity.id, activity.title),
        order_words=words,
        link=settings().base_url + addresses.MINE,
    )


def send_back(activity: Activity, reason: str, *, by: User) -> None:
    """Ask the initiator to change something; its order waits until then. Raises AlreadyJudged."""
    review = moderation.send_back(activity, reason, by=by)
    mail.queue_mail(
        f"activity-returned {review.id}",
        "activity_returned",
        activity.initiator.email,
        language=activity.initiator.language,
        name=activity.initiator.name,
        title=activity.title,
        reason=reason,
        link=settings().base_url + addresses.MINE,
    )


def order_words(ordered: Iterable[Order]) -> str:
    """What happens with the orders of an activity; empty when nothing was ordered."""
    live = [order for order in ordered if order.state != State.CANCELLED]
    return "\n".join(
        gettext("Bestelling %(number)s: %(words)s", number=order.number, words=gettext(STATE_WORDS[order.state])) for order in live
    )

"""A verdict with all that follows from it: the order, and the mail to the initiator."""

from collections.abc import Iterable

from flask_babel import gettext

from weekapp import addresses
from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.core import settings
from weekapp.languages import speaking
from weekapp.mail import service as mail
from weekapp.moderation import revisions
from weekapp.moderation import service as moderation
from weekapp.moderation.models import Revision
from weekapp.orders import queries as orders_of
from weekapp.orders import service as orders
from weekapp.orders.models import Order
from weekapp.orders.rules import STATE_WORDS, State


def approve(activity: Activity, version: str | None = None, *, by: User) -> None:
    """Publish an activity, approve its order where that can be done, and tell the initiator; raises AlreadyJudged and JustChanged."""
    review = moderation.approve(activity, version, by=by)
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


def approve_text(revision: Revision, version: str, *, by: User) -> None:
    """Put another text on the website and tell who sent it; raises AlreadyJudged."""
    revisions.approve(revision, version, by=by)
    page = addresses.activity(revision.activity_id, revision.activity.title)
    tell_about_text(revision, "text_approved", link=settings().base_url + page)


def send_text_back(revision: Revision, version: str, reason: str, *, by: User) -> None:
    """Ask who sent a text for another one; raises AlreadyJudged."""
    revisions.send_back(revision, version, reason, by=by)
    tell_about_text(revision, "text_returned", reason=reason, link=settings().base_url + addresses.change_activity(revision.activity_id))


def tell_about_text(revision: Revision, template: str, **values: str) -> None:
    title = revision.texts.get("title", revision.activity.title)
    key = f"revision {revision.id} {revision.state}"
    mail.queue_mail(key, template, revision.by.email, name=revision.by.name, title=title, **values)


def order_words(ordered: Iterable[Order]) -> str:
    """What happens with the orders of an activity; empty when nothing was ordered."""
    live = [order for order in ordered if order.state != State.CANCELLED]
    return "\n".join(
        gettext("Bestelling %(number)s: %(words)s", number=order.number, words=gettext(STATE_WORDS[order.state])) for order in live
    )

"""What paper says of an activity, in short sentences."""

from flask_babel import gettext as _

from weekapp.activities.public import PublicActivity


def welcome(activity: PublicActivity) -> list[str]:
    """The welcome card: what it costs, and whether one can come."""
    cost = _("Het is gratis.") if activity.is_free else _("Kosten: %(cost)s.", cost=activity.cost)
    sign_up = _("Meld je eerst aan.") if activity.sign_up_needed else _("Je hoeft je niet aan te melden.")
    sentences = [
        (True, cost),
        (activity.can_come_alone, _("Je kunt alleen komen.")),
        (activity.wheelchair, _("Je kunt er met een rolstoel in.")),
        (activity.hearing_loop, _("Er is een ringleiding.")),
        (True, sign_up),
    ]
    return [sentence for holds, sentence in sentences if holds]


def place(activity: PublicActivity) -> list[str]:
    """Venue, street and town; of a home only the town (PRIV-04)."""
    if activity.is_home:
        return [activity.town, _("Je krijgt het adres als je je aanmeldt.")]
    street = f"{activity.street_line}, {activity.town}" if activity.street_line else activity.town
    return [line for line in (activity.venue, street) if line]

"""What residents will see of an activity that is being registered: made of the answers by the same code that shows it later."""

from types import SimpleNamespace
from typing import Any

from weekapp import clock
from weekapp.activities.calendar_text import description, location, summary
from weekapp.activities.public import Moment, PublicActivity, public
from weekapp.activities.rules import State
from weekapp.activities.service import place_to_keep
from weekapp.geography.rules import PRECISION_WORDS
from weekapp.pictures import queries
from weekapp.registration import service
from weekapp.registration.answers import Answers
from weekapp.registration.pin import picture, spot_to_show
from weekapp.web import settings


def of(answers: Answers) -> dict[str, Any]:
    """What the page with all answers shows: the activity as page, and as entry in a calendar."""
    activity = activity_of(answers)
    base_url = settings().base_url
    text = description(activity, base_url, is_cancelled=False).removesuffix(f"{base_url}{activity.path}").rstrip()
    entry = {"summary": summary(activity, is_cancelled=False), "location": location(activity), "description": text}
    spot = spot_to_show(service.whole(answers.place))
    shown = {"spot": spot, "drawn": picture(spot, settings().tiles_url) if spot else None}
    return {"activity": activity, "entry": entry, "precision_words": PRECISION_WORDS[activity.precision]} | shown


def activity_of(answers: Answers) -> PublicActivity:
    """The activity as it will be when it is public. It has no number yet."""
    about, place, you = service.whole(answers.activity), service.whole(answers.place), service.whole(answers.you)
    new, now = service.new_activity(about, place), clock.now()
    lon, lat, precision, _ = place_to_keep(new)
    picture = queries.picture(new.picture_id) if new.picture_id else None
    row = SimpleNamespace(
        **vars(new)
        | {
            "id": 0,
            "state": State.SUBMITTED,
            "created_at": now,
            "changed_at": now,
            "postponed_at": None,
            "takes_sign_ups": new.sign_up_needed,
        }
        | {"lon": lon, "lat": lat, "precision": precision, "organisation": you.organisation, "kind": you.kind, "organisation_id": 0}
        | {
            "picture_digest": picture and picture.digest,
            "picture_is_public": False,
            "picture_alt": picture and picture.alt_text,
            "picture_width": picture and picture.width,
            "picture_height": picture and picture.height,
        },
    )
    moments = [Moment(number, "", *moment, 0, now, False) for number, moment in enumerate(new.moments)]
    return public(row, new.audiences, new.languages, tuple(moments))

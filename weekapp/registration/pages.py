"""What the pages of initiators share: a page with a form, and the way back to an activity."""

from typing import Any

from flask import Response, make_response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from weekapp.activities.rules import names_loneliness
from weekapp.registration.words import WORDS
from weekapp.web import error_page


def form_page(template: str, form: Any, problem: str, **more: object) -> Response:
    """A page with a form; 400 when something must be changed first."""
    answer = render_template(template, form=form, problem=problem, names_loneliness=names_loneliness, **WORDS, **more)
    return make_response(answer, 400 if form.errors or problem else 200)


def photo_too_large(_error: RequestEntityTooLarge) -> Response:
    """So large that it is refused before it is read, and the form with it: the browser still has what was typed."""
    return error_page(413, gettext("Deze foto is te groot. Ga terug naar het formulier. Kies een foto van hooguit 10 MB."))


def to_activity(activity_id: int) -> AnyResponse:
    """Back to the page of one activity."""
    return redirect(url_for("mine.own_activity", activity_id=activity_id), 303)

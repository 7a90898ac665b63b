"""What the pages of initiators share: a page with a form, and the way back to an activity."""

from typing import Any

from flask import Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from weekapp.registration.words import WORDS


def form_page(template: str, form: Any, problem: str, **more: object) -> Response:
    """A page with a form; 400 when something must be changed first."""
    answer = render_template(template, form=form, problem=problem, **WORDS, **more)
    return make_response(answer, 400 if form.errors or problem else 200)


def to_activity(activity_id: int) -> AnyResponse:
    """Back to the page of one activity."""
    return redirect(url_for("mine.own_activity", activity_id=activity_id), 303)

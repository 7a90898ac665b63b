"""What a municipality says of itself: the programme team for all of them, an officer for the own one (PRIV-13)."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext

from weekapp.accounts.models import User
from weekapp.accounts.permissions import current_user, may, needs
from weekapp.activities import still_on
from weekapp.db import transaction
from weekapp.desk.municipality_forms import MunicipalityForm
from weekapp.editions import queries as editions
from weekapp.editions import service as edition_service
from weekapp.errors import NotAllowed
from weekapp.geography import queries, service
from weekapp.geography.models import Municipality
from weekapp.moderation import rules as moderation
from weekapp.web import found

bp = Blueprint("municipality_desk", __name__)


@bp.get("")
@needs("moderation.review")
def municipality_list() -> str:
    """All municipalities, those with words of their own marked."""
    return render_template("desk/municipality_list.html", municipalities=queries.municipalities())


@bp.get("/eigen")
@needs("municipality.own")
def own_municipality() -> Response:
    """An officer goes on to the one municipality that is theirs."""
    own = found(queries.by_code(current_user().municipality_code or ""))
    return make_response(redirect(url_for("municipality_desk.municipality", slug=own.slug), 303))


@bp.route("/<slug>", methods=["GET", "POST"])
@needs("municipality.edit")
def municipality(slug: str) -> Response:
    """Its own name and introduction."""
    chosen, form = found(queries.by_slug(slug)), MunicipalityForm()
    refuse_others(chosen, current_user())
    if not form.is_submitted():
        form.local_name.data, form.introduction.data = chosen.local_name, chosen.introduction
    elif form.validate():
        describe(chosen, form)
        return make_response(redirect(url_for("municipality_desk.municipality", slug=slug), 303))
    page = render_template(
        "desk/municipality_edit.html",
        municipality=chosen,
        form=form,
        is_one_of_many=may("moderation.review"),
        unconfirmed=still_on.unconfirmed(chosen.code),
    )
    return make_response(page, 400 if form.errors else 200)


def refuse_others(chosen: Municipality, user: User) -> None:
    """An officer has one municipality. Raises NotAllowed."""
    if not may("moderation.review") and user.municipality_code != chosen.code:
        raise NotAllowed()


def describe(chosen: Municipality, form: MunicipalityForm) -> None:
    """Keep it, show it at once, and warn about words that keep people away (product.md, rule 12)."""
    with transaction():
        service.describe(chosen, form.local_name.data or "", form.introduction.data or "", by_id=current_user().id)
        edition = editions.current()
        if edition:
            edition_service.touch(edition.id)
    flash(gettext("De tekst is bewaard en staat op de website."))
    signs = {remark.sign for remark in moderation.remarks(f"{chosen.local_name}\n{chosen.introduction}")}
    if moderation.Sign.LONELY in signs:
        flash(gettext("Tip: vermijd het woord eenzaam. Dan durven meer mensen te komen."))

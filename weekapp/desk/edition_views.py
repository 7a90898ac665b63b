"""Editions as the programme manager sees them: opening one, its days, when people can register and order."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext

from weekapp import clock
from weekapp.accounts.permissions import current_user, needs
from weekapp.db import transaction
from weekapp.desk.edition_forms import EditionForm, NewEditionForm
from weekapp.editions import queries, rules, service
from weekapp.editions.models import Edition
from weekapp.errors import DomainError, InvalidInput
from weekapp.web import found, said

bp = Blueprint("editions", __name__)


@bp.get("")
@needs("editions.edit")
def edition_list() -> Response:
    """All editions, and the button for a new one."""
    form = NewEditionForm()
    form.year.data = next_year()
    return list_page(form, 200)


def next_year() -> int:
    """The year after the newest edition; without one, that of the Week that comes."""
    newest = next(iter(queries.everything()), None)
    return newest.year + 1 if newest else rules.upcoming_year(clock.today())


def list_page(form: NewEditionForm, status: int) -> Response:
    page = render_template(
        "desk/edition_list.html",
        editions=queries.everything(),
        current=queries.current(),
        window=rules.window,
        form=form,
    )
    return make_response(page, status)


@bp.post("/nieuw")
@needs("editions.edit")
def open_edition() -> Response:
    """A new edition with the default dates; the page that follows lets them be changed."""
    form = NewEditionForm()
    if not form.validate():
        return list_page(form, 400)
    try:
        with transaction():
            made = service.open_edition(form.year.data or 0)
            service.touch(made.id)
    except DomainError as error:
        form.year.errors = [said(error)]
        return list_page(form, 400)
    flash(gettext("De editie van %(year)s is er. Controleer de dagen.", year=made.year))
    return make_response(redirect(url_for("editions.edition", year=made.year), 303))


@bp.route("/<int:year>", methods=["GET", "POST"])
@needs("editions.edit")
def edition(year: int) -> Response:
    """The days of one edition."""
    chosen, form = found(queries.by_year(year)), EditionForm()
    if not form.is_submitted():
        form.show(chosen)
    elif form.validate() and changed(chosen, form):
        flash(gettext("De editie is bewaard."))
        return make_response(redirect(url_for("editions.edition_list"), 303))
    page = render_template("desk/edition_edit.html", edition=chosen, form=form, days=rules.default_days(year))
    return make_response(page, 400 if form.errors else 200)


def changed(chosen: Edition, form: EditionForm) -> bool:
    """Change the edition; what is wrong is said at its field."""
    try:
        with transaction():
            service.change(chosen, form.name.data or "", form.dates(), by_id=current_user().id)
    except InvalidInput as error:
        for field, text in error.errors:
            form[field].errors = [gettext(text)]
        return False
    return True

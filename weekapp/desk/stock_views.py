"""The stock as logistics see it: figures, ledger, what came in, what was counted."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext

from weekapp.accounts.permissions import current_user, needs
from weekapp.db import transaction
from weekapp.desk import logistics_words as words
from weekapp.desk import stock_outlook
from weekapp.desk.logistics_forms import CountForm, ReceiveForm
from weekapp.editions import queries as editions
from weekapp.errors import DomainError
from weekapp.orders import queries as orders
from weekapp.orders import service as ordering
from weekapp.packages import queries
from weekapp.packages.models import Package
from weekapp.web import found, said

bp = Blueprint("stock", __name__)


@bp.get("")
@needs("logistics.see")
def stock() -> str:
    """All packages of the edition, and what they hold together."""
    edition = found(editions.current())
    packages, short = queries.of_edition(edition.id), orders.short(edition.id)
    return render_template(
        "desk/stock.html",
        edition=edition,
        packages=packages,
        items=queries.items_of_edition(edition.id, short),
        short=short,
        forecasts=stock_outlook.forecasts(edition, packages, short),
    )


@bp.get("/<int:package_id>")
@needs("logistics.see")
def stock_of(package_id: int) -> Response:
    """One package: its figures, its ledger, and the two forms."""
    return package_page(found(queries.package(package_id)), ReceiveForm(prefix="in"), CountForm(prefix="tel"), 200)


def package_page(package: Package, receiving: ReceiveForm, counting: CountForm, status: int) -> Response:
    waiting = orders.short(package.edition_id).get(package.id, 0)
    page = render_template(
        "desk/stock_of.html",
        package=package,
        movements=queries.movements(package.id),
        waiting=waiting,
        outlook=stock_outlook.of_package(package, waiting),
        receiving=receiving,
        counting=counting,
        **words.ALL,
    )
    return make_response(page, status)


@bp.post("/<int:package_id>/ontvangen")
@needs("stock.book")
def receive(package_id: int) -> Response:
    """Packages came in; who waits longest is served first."""
    package, form = found(queries.package(package_id)), ReceiveForm(prefix="in")
    if not form.validate():
        return package_page(package, form, CountForm(prefix="tel", formdata=None), 400)
    with transaction():
        served = ordering.receive_stock(package, form.quantity.data or 0, by_id=current_user().id, reason=form.reason.data or "")
    flash(
        gettext(
            "Geboekt: %(quantity)s pakketten erbij. Van de wachtlijst geholpen: %(served)s.",
            quantity=form.quantity.data,
            served=len(served),
        )
    )
    return to_package(package)


@bp.post("/<int:package_id>/tellen")
@needs("stock.book")
def count(package_id: int) -> Response:
    """The shelf was counted."""
    package, form = found(queries.package(package_id)), CountForm(prefix="tel")
    if not form.validate():
        return package_page(package, ReceiveForm(prefix="in", formdata=None), form, 400)
    try:
        with transaction():
            entry = ordering.correct_stock(package, form.counted.data or 0, form.reason.data or "", by_id=current_user().id)
    except DomainError as error:
        if error.field != "counted":
            raise
        form.counted.errors = [said(error)]
        return package_page(found(queries.package(package_id)), ReceiveForm(prefix="in", formdata=None), form, 400)
    flash(gettext("De voorraad klopt weer.") if entry else gettext("Het aantal klopte al. Er is niets veranderd."))
    return to_package(package)


def to_package(package: Package) -> Response:
    return make_response(redirect(url_for("stock.stock_of", package_id=package.id), 303))

"""Packages as the programme manager sees them: what they hold, new versions, smaller ones, which ones people can order."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext

from weekapp.accounts.permissions import current_user, needs
from weekapp.db import transaction
from weekapp.desk.package_forms import ContentsForm, ItemForm, NewItemForm, NewPackageForm, PictureForm, in_order, with_items
from weekapp.desk.package_stock import take_over
from weekapp.editions import queries as editions
from weekapp.editions.models import Edition
from weekapp.errors import DomainError
from weekapp.orders import queries as orders
from weekapp.packages import queries, versions
from weekapp.packages.models import Package
from weekapp.web import found, number_in, said, settings

bp = Blueprint("packages", __name__)


@bp.get("")
@needs("packages.edit")
def package_list() -> str:
    """The packages of one edition; the coming one unless `jaar` says otherwise."""
    edition = chosen_edition()
    return render_template(
        "desk/package_list.html",
        edition=edition,
        editions=editions.everything(),
        packages=queries.of_edition(edition.id),
        offered=queries.offered(edition.id),
        default=settings().visitors_per_package,
    )


def chosen_edition() -> Edition:
    """The edition of `jaar` in the address, or the coming one."""
    year = number_in("jaar")
    return found(editions.by_year(year) if year else editions.current())


@bp.route("/nieuw", methods=["GET", "POST"])
@needs("packages.edit")
def new_package() -> Response:
    """A further package of an edition, for instance a smaller one."""
    edition = chosen_edition()
    form = with_items(NewPackageForm, queries.items(), settings().visitors_per_package)
    if form.validate_on_submit():
        try:
            with transaction():
                made = versions.make_package(
                    edition, form.name.data or "", form.contents(), form.visitors_served.data, by_id=current_user().id
                )
        except DomainError as error:
            form.name.errors = [said(error)]
        else:
            flash(gettext("Het pakket is er. Mensen kunnen het bestellen zodra bestellen open is."))
            return to_package(made)
    return form_page("desk/package_new.html", form, edition=edition)


def form_page(template: str, form: ContentsForm | ItemForm, **more: object) -> Response:
    """A page with a form; 400 when something must be changed first."""
    page = render_template(template, form=form, **more)
    return make_response(page, 400 if form.errors else 200)


@bp.get("/<int:package_id>")
@needs("packages.edit")
def package(package_id: int) -> str:
    """One version: what it holds, its stock, the other versions."""
    chosen = found(queries.package(package_id))
    return render_template(
        "desk/package_show.html",
        package=chosen,
        versions=queries.versions(chosen),
        waiting=orders.short(chosen.edition_id).get(chosen.id, 0),
        default=settings().visitors_per_package,
    )


@bp.route("/<int:package_id>/nieuwe-versie", methods=["GET", "POST"])
@needs("packages.edit")
def new_version(package_id: int) -> Response:
    """The same package with other contents; begins as the old one is."""
    old = found(queries.package(package_id))
    form = with_items(ContentsForm, in_order(queries.items(), old), settings().visitors_per_package, old)
    if form.validate_on_submit():
        with transaction():
            newer = versions.make_version(old, form.contents(), form.visitors_served.data, by_id=current_user().id)
        flash(gettext("Versie %(number)s is er. Nieuwe bestellingen krijgen deze versie.", number=newer.version))
        return to_package(newer)
    return form_page("desk/package_version.html", form, package=old)


@bp.route("/<int:package_id>/foto", methods=["GET", "POST"])
@needs("packages.edit")
def picture(package_id: int) -> Response:
    """What a package looks like."""
    chosen = found(queries.package(package_id))
    form = PictureForm(data={"alt_text": chosen.picture.alt_text if chosen.picture else ""})
    if form.validate_on_submit():
        try:
            with transaction():
                versions.set_picture(chosen, form.file.data.stream.read(), form.alt_text.data or "", by_id=current_user().id)
        except DomainError as error:
            form.file.errors = [said(error)]
        else:
            flash(gettext("De foto staat bij het pakket."))
            return to_package(chosen)
    return form_page("desk/package_picture.html", form, package=chosen)


@bp.post("/<int:package_id>/aanbieden", defaults={"is_offered": True})
@bp.post("/<int:package_id>/niet-aanbieden", defaults={"is_offered": False}, endpoint="withdraw")
@needs("packages.edit")
def offer(package_id: int, is_offered: bool) -> Response:
    """Let people order it, or no longer."""
    chosen = found(queries.package(package_id))
    with transaction():
        versions.set_offered(chosen, is_offered, by_id=current_user().id)
    flash(gettext("Mensen kunnen dit pakket bestellen.") if is_offered else gettext("Mensen kunnen dit pakket niet meer bestellen."))
    return to_package(chosen)


@bp.post("/<int:package_id>/voorraad-overnemen")
@needs("packages.edit")
def take_over_stock(package_id: int) -> Response:
    """Book the free stock of an old version on the newest one."""
    old = found(queries.package(package_id))
    with transaction():
        newest, quantity = take_over(old, by=current_user())
    flash(gettext("Overgenomen: %(quantity)s pakketten, in versie %(number)s.", quantity=quantity, number=newest.version))
    return to_package(newest)


@bp.route("/onderdelen", methods=["GET", "POST"])
@needs("packages.edit")
def items() -> Response:
    """Everything that packages may hold, and a form for a new one."""
    form = NewItemForm()
    if form.validate_on_submit():
        try:
            with transaction():
                versions.make_item(form.name.data or "", form.weight_grams.data, form.size.data or "", by_id=current_user().id)
        except DomainError as error:
            form.name.errors = [said(error)]
        else:
            flash(gettext("Het onderdeel is er. Zet het nu in een pakket."))
            return make_response(redirect(url_for("packages.items"), 303))
    return form_page("desk/package_items.html", form, items=queries.items())


@bp.route("/onderdelen/<int:item_id>", methods=["GET", "POST"])
@needs("packages.edit")
def item(item_id: int) -> Response:
    """Weight and size of one item."""
    chosen = found(queries.item(item_id))
    form = ItemForm(data={"weight_grams": chosen.weight_grams, "size": chosen.size})
    if form.validate_on_submit():
        with transaction():
            versions.change_item(chosen, form.weight_grams.data, form.size.data or "", by_id=current_user().id)
        flash(gettext("Gewicht en maat zijn bewaard."))
        return make_response(redirect(url_for("packages.items"), 303))
    return form_page("desk/package_item.html", form, item=chosen)


def to_package(chosen: Package) -> Response:
    return make_response(redirect(url_for("packages.package", package_id=chosen.id), 303))

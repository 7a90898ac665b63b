"""Staff as the programme manager sees them: who they are, adding somebody, ending sign-ins, shutting somebody out."""

import segno
from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext

from weekapp.accounts import staff
from weekapp.accounts.models import User
from weekapp.accounts.permissions import current_user, needs
from weekapp.accounts.rules import ROLE_WORDS, STAFF, RoleName
from weekapp.db import transaction
from weekapp.desk.people_forms import NewPersonForm, RolesForm
from weekapp.errors import DomainError
from weekapp.geography import queries as geography
from weekapp.web import found, said

bp = Blueprint("people", __name__)


@bp.get("")
@needs("staff.edit")
def people_list() -> str:
    """All staff by role; somebody with two roles stands there twice."""
    everyone = staff.everyone()
    by_role = {role: [user for user in everyone if any(one.name == role for one in user.roles)] for role in RoleName if role in STAFF}
    return render_template(
        "desk/people_list.html", by_role=by_role, role_words=ROLE_WORDS, signed_in=staff.sign_in_counts(), me=current_user()
    )


@bp.route("/nieuw", methods=["GET", "POST"])
@needs("staff.edit")
def new_person() -> Response:
    """Add somebody; password and second factor are on the page that follows, once."""
    form = NewPersonForm()
    form.offer(geography.municipalities())
    if form.validate_on_submit():
        try:
            with transaction():
                user, keys = staff.add(
                    form.email.data, form.name.data, RoleName(form.role.data), form.municipality_code.data or None, by=current_user()
                )
        except DomainError as error:
            form[error.field or "email"].errors = [said(error)]
        else:
            return keys_page(user, keys)
    return make_response(render_template("desk/people_new.html", form=form), 400 if form.errors else 200)


def keys_page(user: User, keys: staff.Keys) -> Response:
    """What somebody needs to sign in, shown once; the answer is never stored (web.with_storing)."""
    picture = segno.make(keys.app_address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return make_response(render_template("desk/people_keys.html", person=user, keys=keys, picture=picture))


@bp.route("/<int:user_id>", methods=["GET", "POST"])
@needs("staff.edit")
def person(user_id: int) -> Response:
    """One member of staff, with their roles as a form."""
    user, form = found(staff.person(user_id)), RolesForm()
    form.offer(geography.municipalities())
    if not form.is_submitted():
        form.show(user)
    elif form.validate():
        with transaction():
            wanted = [RoleName(name) for name in form.roles.data]
            staff.change_roles(user, wanted, form.municipality_code.data or None, by=current_user())
        flash(gettext("De rollen zijn bewaard."))
        return to_person(user_id)
    page = render_template(
        "desk/people_person.html", person=user, form=form, me=current_user(), signed_in=staff.sign_in_counts().get(user.id, 0)
    )
    return make_response(page, 400 if form.errors else 200)


@bp.post("/<int:user_id>/afmelden")
@needs("staff.edit")
def sign_out(user_id: int) -> Response:
    """Sign somebody out in all browsers."""
    user = found(staff.person(user_id))
    with transaction():
        staff.end_sign_ins(user, by=current_user())
    flash(gettext("Deze persoon is nu overal uitgelogd."))
    return to_person(user_id)


@bp.post("/<int:user_id>/nieuwe-sleutels")
@needs("staff.edit")
def renew_keys(user_id: int) -> Response:
    """A new password and a new second factor."""
    user = found(staff.person(user_id))
    with transaction():
        keys = staff.renew_keys(user, by=current_user())
    return keys_page(user, keys)


@bp.post("/<int:user_id>/toelaten", defaults={"active": True})
@bp.post("/<int:user_id>/buitensluiten", defaults={"active": False}, endpoint="shut_out")
@needs("staff.edit")
def set_active(user_id: int, active: bool) -> Response:
    """Shut somebody out, or let them in again."""
    user = found(staff.person(user_id))
    with transaction():
        staff.set_active(user, active, by=current_user())
    flash(gettext("Deze persoon kan weer inloggen.") if active else gettext("Deze persoon kan niet meer inloggen."))
    return to_person(user_id)


def to_person(user_id: int) -> Response:
    return make_response(redirect(url_for("people.person", user_id=user_id), 303))

"""Signing in and out: a link by mail for initiators, a password and a code for staff."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext

from weekapp import addresses, clock
from weekapp.access import public_form
from weekapp.accounts import queries, rules, service, signed_in
from weekapp.accounts.forms import CodeForm, LinkForm, PasswordForm, RecoveryCodesForm, UseLinkForm
from weekapp.accounts.lockout import lockout
from weekapp.accounts.models import User
from weekapp.accounts.permissions import PARTS, current_user, may, needs
from weekapp.db import db, transaction
from weekapp.errors import LinkExpired
from weekapp.web import said

bp = Blueprint("accounts", __name__)
HALF_WAY = "half_way"  # in the session between password and code: whose password it was, since when, where to go on to


@bp.before_request
def refuse_other_sites() -> None:
    """No other site may send these forms: it could sign somebody in as somebody else."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)


@bp.errorhandler(LinkExpired)
def on_link_expired(error: LinkExpired) -> Response:
    return make_response(render_template("accounts/link_expired.html", text=said(error)), error.status)


@bp.get("/inloggen")
@public_form
def sign_in() -> Response:
    """Both ways to sign in, on one page."""
    return sign_in_page(link_form(), password_form(), 200)


def link_form() -> LinkForm:
    """The form for a link, as nobody has filled it in yet."""
    return LinkForm(formdata=None, data={"next": request.args.get("next")})


def password_form(**values: Any) -> PasswordForm:
    return PasswordForm(prefix="medewerker", data={"next": request.args.get("next")}, **values)


def sign_in_page(mail_form: LinkForm, staff_form: PasswordForm, status: int) -> Response:
    """`known`: somebody is signed in already. `late`: the code came too late."""
    known, late = signed_in.user() is not None, "te_laat" in request.args
    page = render_template("accounts/sign_in.html", link_form=mail_form, staff_form=staff_form, known=known, late=late, home=home())
    return make_response(page, status)


@bp.post("/inloggen")
@public_form
def ask_link() -> Response:
    """Mail a link. The answer is the same for every address (SEC-14)."""
    form = LinkForm()
    if not form.validate():
        return sign_in_page(form, password_form(formdata=None), 400)
    lockout().ask_link(form.email.data)
    with transaction():
        service.send_sign_in_link(form.email.data, form.next.data or "")
    return make_response(redirect(url_for("accounts.link_sent"), 303))


@bp.get("/inloggen/verstuurd")
@public_form
def link_sent() -> str:
    """What happens next."""
    return render_template("accounts/link_sent.html")


@bp.route("/inloggen/link/<token>", methods=["GET", "POST"])
@public_form
def use_link(token: str) -> Response:
    """Looking at the page uses nothing up, since mail scanners look at every link; the button does (SEC-11)."""
    form = UseLinkForm()
    link = queries.usable_link(service.hash_of(token), clock.now())
    if link is None:
        raise LinkExpired()
    if request.method == "POST" and form.validate():
        go_on = link.go_on or addresses.MINE
        with transaction():
            signed_in.begin(service.use_link(token), second_factor=False)
        return make_response(redirect(go_on, 303))
    return make_response(render_template("accounts/use_link.html", form=form), 400 if form.errors else 200)


@bp.post("/inloggen/wachtwoord")
@public_form
def give_password() -> Response:
    """First step of staff. The code is asked next, and only then is anybody signed in (SEC-13)."""
    form = password_form()
    if not form.validate():
        return sign_in_page(link_form(), form, 400)
    lockout().try_once(form.email.data)
    user = service.staff_with_password(form.email.data, form.password.data)
    if user is None:
        form.password.errors = [gettext("Het mailadres of het wachtwoord klopt niet. Probeer het opnieuw.")]
        return sign_in_page(link_form(), form, 400)
    lockout().was_right(form.email.data)
    session[HALF_WAY] = [user.id, int(clock.now().timestamp()), form.next.data]
    return make_response(redirect(url_for("accounts.give_code"), 303))


@bp.route("/inloggen/code", methods=["GET", "POST"])
@public_form
def give_code() -> Response:
    """Second step of staff."""
    half_way = person_half_way()
    if half_way is None:
        return make_response(redirect(url_for("accounts.sign_in", te_laat=1), 303))
    user, go_on = half_way
    form = CodeForm()
    if request.method == "POST" and form.validate() and is_right_code(user, form):
        return make_response(redirect(go_on or home(), 303))
    return make_response(render_template("accounts/give_code.html", form=form), 400 if form.errors else 200)


def person_half_way() -> tuple[User, str] | None:
    """Whose password was right a moment ago, and where they wanted to go."""
    user_id, since, go_on = session.get(HALF_WAY) or (0, 0, "")
    if clock.now().timestamp() - since > rules.HALF_WAY_LIFE.total_seconds():
        return None
    user = db.session.get(User, user_id)
    return (user, go_on) if user else None


def is_right_code(user: User, form: CodeForm) -> bool:
    """Judge the code; when it is right, the person is in. A wrong one is said at its field."""
    email = user.email
    lockout().try_once(email)
    with transaction():
        right = service.use_code(user, form.code.data or form.recovery.data)
        if right:
            signed_in.begin(user, second_factor=True)
    if right:
        lockout().is_in(email)
        return True
    if form.code.data:
        form.code.errors = [gettext("Deze code klopt niet. Wacht op een nieuwe code en vul die in.")]
    else:
        form.recovery.errors = [gettext("Deze herstelcode klopt niet, of je hebt hem al gebruikt. Probeer een andere.")]
    return False


@bp.post("/uitloggen")
@public_form
def sign_out() -> Response:
    """End the sign-in of this browser; the cookie is SameSite, so no other site can do this."""
    with transaction():
        signed_in.end()
    return make_response(redirect(url_for("accounts.signed_out"), 303))


@bp.get("/uitgelogd")
@public_form
def signed_out() -> str:
    """Goodbye."""
    return render_template("accounts/signed_out.html")


@bp.route("/inloggen/herstelcodes", methods=["GET", "POST"])
@needs("recovery.make")
def recovery_codes() -> str:
    """Codes on paper for when the phone is lost; shown once."""
    form = RecoveryCodesForm()
    made: list[str] = []
    if form.validate_on_submit():
        with transaction():
            made = service.renew_recovery_codes(current_user())
    return render_template("accounts/recovery_codes.html", form=form, made=made)


def home() -> str:
    """The first part of the site that is for this person."""
    parts = [address for address, _words, permission in PARTS if may(permission)]
    return parts[-1] if parts else addresses.MINE

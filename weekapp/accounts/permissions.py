"""Who may do what: the one table, and the decorator and questions that go by it (SEC-19)."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from weekapp.accounts import signed_in
from weekapp.accounts.models import User
from weekapp.accounts.rules import STAFF, RoleName
from weekapp.errors import N_, NotAllowed
from weekapp.web import HTTP_TEXTS, problem, wants_machine_format

View = TypeVar("View", bound=Callable[..., Any])

MODERATOR, LOGISTICS, MANAGER = RoleName.MODERATOR, RoleName.LOGISTICS, RoleName.MANAGER
MUNICIPALITY = RoleName.MUNICIPALITY
EVERYONE = frozenset(RoleName)
PERMISSIONS: dict[str, frozenset[RoleName]] = {
    "mine.see": EVERYONE,
    "recovery.make": STAFF,  # codes on paper for the second factor
    "moderation.review": frozenset({MODERATOR, MANAGER}),
    "municipality.edit": frozenset({MODERATOR, MANAGER, MUNICIPALITY}),  # an officer only the own one (PRIV-13)
    "municipality.own": frozenset({MUNICIPALITY}),
    "logistics.see": frozenset({LOGISTICS, MANAGER}),
    "orders.edit": frozenset({LOGISTICS}),
    "batches.make": frozenset({LOGISTICS}),
    "batches.download": frozenset({LOGISTICS}),  # addresses: PRIV-09
    "batches.hand_over": frozenset({LOGISTICS}),
    "stock.book": frozenset({LOGISTICS}),
    "editions.edit": frozenset({MANAGER}),
    "gatherings.edit": frozenset({MODERATOR, MANAGER}),
    "packages.edit": frozenset({MANAGER}),
    "staff.edit": frozenset({MANAGER}),
}
PARTS = (
    ("/mijn", N_("Mijn activiteiten"), "mine.see"),
    ("/logistiek", N_("Logistiek"), "logistics.see"),
    ("/beheer", N_("Beheer"), "moderation.review"),
    ("/beheer/gemeenten/eigen", N_("Gemeente"), "municipality.own"),
)
SECRETS = {"csrf_token", "form_token", "password", "code"}  # never given back on a page


def needs(permission: str) -> Callable[[View], View]:
    """Only for people who are signed in and whose role is in the table; a name that is not in the table stops the start."""
    allowed = PERMISSIONS[permission]

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **arguments: Any) -> Any:
            if signed_in.sign_in() is None:
                return ask_to_sign_in()
            if not allowed & signed_in.roles():
                raise NotAllowed()
            return view(*args, **arguments)

        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def ask_to_sign_in() -> Response:
    """To the sign-in page and back; what was being sent is not lost but shown again (A11Y-16)."""
    if wants_machine_format():
        return problem(401, gettext(HTTP_TEXTS[401]))
    if request.method in {"GET", "HEAD"}:
        return make_response(redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303))
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in SECRETS]
    return make_response(render_template("accounts/sign_in_first.html", fields=fields, action=request.full_path.rstrip("?")), 401)


def current_user() -> User:
    """The person who is signed in; inside a view with `@needs` there always is one."""
    found = signed_in.user()
    if found is None:
        abort(401)
    return found


def may(permission: str) -> bool:
    """Whether the person of this request may do this."""
    return bool(PERMISSIONS[permission] & signed_in.roles())


def staff_nav() -> Iterator[tuple[str, str, str]]:
    """Address, words and permission of those parts that the person may see."""
    for address, words, permission in PARTS:
        if may(permission):
            yield address, gettext(words), permission

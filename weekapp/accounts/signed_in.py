"""Who is signed in in this browser: the session cookie holds a random token and when it was last used, the rest is in the row.

Pages marked `@public` never come here, so their answers neither read nor set a cookie (LOAD-01, A11Y-19).
"""

from datetime import UTC, datetime, timedelta

from flask import request, session

from weekapp import clock
from weekapp.accounts import queries, rules, service
from weekapp.accounts.models import SignIn, User
from weekapp.web import needs_of_view

TOKEN, SEEN = "sign_in", "seen"  # in the cookie
FOUND = "weekapp.sign_in"  # in the environment of the request
SEEN_STEP = timedelta(minutes=1)  # the cookie is not written more often


def begin(user: User, *, second_factor: bool) -> None:
    """Sign somebody in, in the running transaction. Nothing of the session before survives: a new id, a new form token (SEC-18)."""
    token = service.start_sign_in(user, second_factor=second_factor)
    session.clear()
    session[TOKEN], session[SEEN] = token, int(clock.now().timestamp())
    request.environ.pop(FOUND, None)


def end() -> None:
    """Sign out, in the running transaction: the row goes, so that a copy of the cookie is worth nothing."""
    if session.get(TOKEN):
        service.end_sign_in(session[TOKEN])
    session.clear()
    request.environ.pop(FOUND, None)


def sign_in() -> SignIn | None:
    """The live sign-in of this request; looked up once."""
    if FOUND not in request.environ:
        request.environ[FOUND] = None if needs_of_view() == "public" else look_up()
    found: SignIn | None = request.environ[FOUND]
    return found


def look_up() -> SignIn | None:
    token, seen, now = session.get(TOKEN), session.get(SEEN, 0), clock.now()
    if not token:
        return None
    row = queries.live_sign_in(service.hash_of(token), now)
    seen_at = datetime.fromtimestamp(seen, UTC)
    if row is None or rules.is_idle(seen_at, row.second_factor, now):
        del session[TOKEN]
        return None
    if now - seen_at > SEEN_STEP:
        session[SEEN] = int(now.timestamp())
    return row


def user() -> User | None:
    """The person who is signed in, if any. For pages that are open to all but friendlier to those we know."""
    found = sign_in()
    return found.user if found else None


def roles() -> frozenset[rules.RoleName]:
    """What the person of this request may act as."""
    found = sign_in()
    if found is None:
        return frozenset()
    return rules.acts_as(frozenset(rules.RoleName(role.name) for role in found.user.roles), found.second_factor)

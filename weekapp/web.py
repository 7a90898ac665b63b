"""What every page has in common: headers, errors in words, request ids, who may store an answer."""

import hmac
import secrets
from typing import TypeVar

import structlog
from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, ValidationError

from weekapp.config import Settings
from weekapp.errors import N_, DomainError, InvalidInput, NotFound

log = structlog.get_logger()
csrf = CSRFProtect()
Thing = TypeVar("Thing")

OPEN = {"public", "public form", "token"}  # these views need no session, and so no token of one
NEVER_SHOWN = {"csrf_token", "password", "code"}
LONGEST_QUERY = 2000  # bytes after the question mark
CUT = "weekapp.cut"  # in the environment of a request whose query was longer, and is not passed on
LARGEST = 2**31 - 1  # of a whole number in an address: what the database can look up
MOST_PAGES = 100_000
MACHINE_FORMATS = (".ics", ".geojson", ".json", ".atom", ".csv")
TILE_ATTRIBUTION_HOST = "https://service.pdok.nl"
HTTP_TEXTS = {
    400: N_("We begrijpen deze vraag niet. Controleer het adres."),
    401: N_("Log eerst in. Daarna kun je verder."),
    403: N_("Je mag deze pagina niet bekijken."),
    404: N_("Deze pagina bestaat niet."),
    405: N_("Dit kan niet op deze pagina."),
    410: N_("Deze pagina is er niet meer."),
    413: N_("Dit bestand is te groot."),
    429: N_("Je probeert het te vaak. Wacht een paar minuten en probeer het opnieuw."),
    500: N_("Er ging iets mis bij ons. Probeer het over een paar minuten opnieuw."),
    503: N_("Het is nu te druk. Probeer het over een paar minuten opnieuw."),
}


class WholeNumber(IntegerConverter):
    """`<int:...>` in a route: a number that no row can have is not found, and never reaches the database."""

    def to_python(self, value: str) -> int:
        if len(value) > len(str(LARGEST)) or int(value) > LARGEST:
            raise ValidationError()
        return int(value)


def number_in(name: str) -> int | None:
    """A whole number after the question mark; None where it is absent or none that a row can have."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= LARGEST else None


def page_number() -> int:
    """Which page of a list was asked for, from 1."""
    return min(max(number_in("pagina") or 1, 1), MOST_PAGES)


def found(thing: Thing | None) -> Thing:
    """The thing itself; None becomes 404, whether it never existed or belongs to someone else."""
    if thing is None:
        raise NotFound()
    return thing


def settings() -> Settings:
    """The settings of the running application."""
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen


def said(error: DomainError) -> str:
    """The text of a domain error in the language of the page."""
    return gettext(error.message, **error.values) if error.values else gettext(error.message)


def wants_machine_format() -> bool:
    """Whether a program asked: by the ending of the address or below /api."""
    return request.path.endswith(MACHINE_FORMATS) or request.path.startswith("/api/")


def problem(status: int, title: str, errors: list[dict[str, str]] | None = None) -> Response:
    """An application/problem+json answer with all errors together (API-02); any website may read what is wrong with its question."""
    response = jsonify({"type": "about:blank", "status": status, "title": title, "detail": title} | ({"errors": errors} if errors else {}))
    response.status_code = status
    response.content_type = "application/problem+json"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    return response


def error_page(status: int, text: str) -> Response:
    """One sentence that says what happened and what to do."""
    if wants_machine_format():
        return problem(status, text)
    return make_response(render_template("error.html", status=status, text=text), status)


def set_up_web(app: Flask, chosen: Settings) -> None:
    """Hang the common behaviour on the application."""
    app.url_map.converters["int"] = WholeNumber
    app.config.update(
        MAX_CONTENT_LENGTH=25 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="__Host-weekapp" if chosen.is_secure else "weekapp",
        SESSION_COOKIE_SECURE=chosen.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_CHECK_DEFAULT=False,  # checked below, except for public forms: those bring their own token
        WTF_CSRF_SSL_STRICT=False,  # the cookie is SameSite; some proxies drop the Referer
    )
    csrf.init_app(app)
    app.before_request(give_request_id)
    app.before_request(check_length)
    app.before_request(check_csrf)
    app.after_request(add_headers)
    app.register_error_handler(DomainError, on_domain_error)
    app.register_error_handler(CSRFError, on_stale_form)
    app.register_error_handler(HTTPException, on_http_error)
    for away in (OperationalError, InterfaceError, NoConnectionFree):
        app.register_error_handler(away, on_database_away)
    app.register_error_handler(Exception, on_bug)


def needs_of_view() -> str:
    """What the view of this request has declared."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), "needs", "")


def give_request_id() -> None:
    g.request_id = secrets.token_hex(6)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id, endpoint=request.endpoint, method=request.method)


def check_length() -> None:
    """Nobody types an address of this length, and none of it is read."""
    if CUT in request.environ or len(request.query_string) > LONGEST_QUERY:
        raise InvalidInput([("adres", N_("Dit adres is te lang. Gebruik minder filters."))])


def check_csrf() -> None:
    if request.endpoint and needs_of_view() not in OPEN:
        csrf.protect()


def content_security_policy(chosen: Settings) -> str:
    """SEC-02: nothing inline, no other host but the tile server where one is configured."""
    tiles = f" {TILE_ATTRIBUTION_HOST}" if chosen.tiles_url.startswith(TILE_ATTRIBUTION_HOST) else ""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles}; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'none'; frame-ancestors 'none'; object-src 'none'"
    )


def may_be_framed(response: Response) -> Response:
    """Let any website show this page in a frame; for pages without a session and without anything to press that changes something."""
    policy = content_security_policy(settings())
    response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    return response


def add_headers(response: Response) -> Response:
    """SEC-01..03 on every answer, errors included; storing only where the view said so."""
    chosen = settings()
    headers = response.headers
    headers.setdefault("Content-Security-Policy", content_security_policy(chosen))
    if "frame-ancestors *" not in headers["Content-Security-Policy"]:
        headers["X-Frame-Options"] = "DENY"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin" if needs_of_view() == "public" else "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=()"
    headers["X-Request-Id"] = g.get("request_id", "-")
    if chosen.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return with_storing(response)


def with_storing(response: Response) -> Response:
    """`Cache-Control`; what is public is kept by `weekapp.cache`, which adds an ETag and judges conditions."""
    if "Cache-Control" in response.headers:
        return response
    if needs_of_view() == "public" and request.method in {"GET", "HEAD"} and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=60, stale-while-revalidate=300"
        return response
    response.headers["Cache-Control"] = "no-store"
    return response


def on_domain_error(error: DomainError) -> Response:
    if isinstance(error, InvalidInput) and wants_machine_format():
        errors = [{"field": field, "detail": gettext(text)} for field, text in error.errors]
        return problem(error.status, gettext(HTTP_TEXTS[400]), errors)
    response = error_page(error.status, said(error))
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def on_stale_form(_error: CSRFError) -> Response:
    """The session ended while somebody was typing: give everything back, to be sent once more (A11Y-16)."""
    return not_sent(400)


def not_sent(status: int) -> Response:
    """All that was typed, hidden, with a button that sends it once more; never a password or a code."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name.rpartition("-")[2] not in NEVER_SHOWN]
    has_session = needs_of_view() not in OPEN
    return make_response(
        render_template("not_sent.html", fields=fields, has_session=has_session, action=request.full_path.rstrip("?")), status
    )


def on_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    response = error_page(status, gettext(HTTP_TEXTS.get(status, HTTP_TEXTS[500] if status >= 500 else HTTP_TEXTS[400])))
    for name, value in error.get_headers():
        if name.lower() in {"retry-after", "allow", "location"}:
            response.headers[name] = value
    return response if status >= 400 else make_response(error.get_response())


def on_database_away(error: Exception) -> Response:
    """Locked or gone: say so in words; what was typed can be sent again (LOAD-06)."""
    log.error("database does not answer", exc_info=error)
    was_form = request.method == "POST" and request.form
    response = not_sent(503) if was_form else error_page(503, gettext(HTTP_TEXTS[503]))
    response.headers["Retry-After"] = "30"
    return response


def on_bug(error: Exception) -> Response:
    """Logged without what was typed; the page gives a number to mention."""
    log.error("unexpected error", exc_info=error)
    if current_app.testing:
        raise error
    return error_page(500, gettext(HTTP_TEXTS[500]))


def is_authorised_by_token(expected: str) -> bool:
    """Whether the request carries `Authorization: Bearer <expected>`; an empty setting opens nothing."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())

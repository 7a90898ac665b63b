"""The address to which carriers push news about parcels."""

import structlog
from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from weekapp import clock
from weekapp.access import operators
from weekapp.db import transaction
from weekapp.errors import InvalidInput, NotFound
from weekapp.shipments import hook, service
from weekapp.shipments.rules import APPLIES, Carrier, Judgement
from weekapp.web import problem, settings

log = structlog.get_logger()
bp = Blueprint("hooks", __name__)


@bp.errorhandler(RequestEntityTooLarge)
def on_too_large(_error: RequestEntityTooLarge) -> Response:
    return problem(413, gettext("Dit bericht is te groot. Stuur hoogstens 200 zendingen tegelijk."))


@bp.post("/haken/<carrier>")
@operators
def receive(carrier: str) -> Response:
    """A JSON list of {reference, barcode, status, at}. All of it is well formed, or none of it is used; sent again, it changes nothing."""
    secret = settings().webhook_secret
    if not secret or carrier not in set(Carrier):
        raise NotFound()
    request.max_content_length = hook.MOST_BYTES
    now, body = clock.now(), request.get_data(cache=False)
    if not hook.is_genuine(secret, request.headers.get(hook.TIMESTAMP, ""), request.headers.get(hook.SIGNATURE, ""), body, now):
        return problem(401, gettext("De handtekening of het tijdstip klopt niet."))
    try:
        lines = hook.lines_in(body, now)
    except InvalidInput as error:
        errors = [{"field": field, "detail": gettext(text)} for field, text in error.errors]
        return problem(error.status, gettext("Dit bericht klopt niet. Er is niets veranderd."), errors)
    with transaction():
        judgements = service.write_down(lines, Carrier(carrier), by_id=0)
    log.info("carrier pushed", rows=len(lines), count=sum(1 for one in judgements if one.verdict in APPLIES))
    return jsonify({"results": [result_of(judgement) for judgement in judgements]})


def result_of(judgement: Judgement) -> dict[str, object]:
    """What became of one line, by its place in the list from 1."""
    detail = gettext(judgement.message, **judgement.values) if judgement.values else gettext(judgement.message) if judgement.message else ""
    return {"line": judgement.told.row, "result": judgement.verdict.value, "detail": detail}

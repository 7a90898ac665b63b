"""For machines that watch the system: is it alive, is it ready, how is it doing."""

import time

from flask import Blueprint, Response, abort, g, request

from weekapp import queue
from weekapp.access import operators
from weekapp.config import LOCAL_HOSTS
from weekapp.db import is_reachable
from weekapp.pages import metrics
from weekapp.web import is_authorised_by_token, settings

bp = Blueprint("operators", __name__)


@bp.before_app_request
def start_watch() -> None:
    """Remember when the request came in."""
    g.started = time.perf_counter()


@bp.after_app_request
def count(response: Response) -> Response:
    """Count the answer under the name of its view: addresses can hold what people typed."""
    name = request.endpoint or "none"
    metrics.requests.labels(name, response.status_code).inc()
    metrics.seconds.labels(name).observe(time.perf_counter() - g.get("started", time.perf_counter()))
    return response


@bp.get("/healthz")
@operators
def healthz() -> Response:
    """Alive: this process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@operators
def readyz() -> tuple[dict[str, bool], int]:
    """Ready: database and broker answer."""
    state = {"database": is_reachable(), "broker": queue.is_reachable()}
    return state, 200 if all(state.values()) else 503


@bp.get("/metrics")
@operators
def show_metrics() -> Response:
    """Figures, for this machine itself or with the token of WEEKAPP_METRICS_TOKEN; for others the page does not exist."""
    if not (is_from_here() or is_authorised_by_token(settings().metrics_token)):
        abort(404)
    return Response(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def is_from_here() -> bool:
    """Whether this machine asks for itself: a request that a proxy on it passes on has a header that says so."""
    passed_on = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"))
    return request.remote_addr in LOCAL_HOSTS and not passed_on

"""Batches as logistics handle them: make, watch, download, hand over, close."""

from collections.abc import Mapping

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext

from weekapp.accounts.permissions import current_user, needs
from weekapp.batches import queries, service
from weekapp.batches.labels import ON_SHEET
from weekapp.batches.models import Batch
from weekapp.batches.papers import AS_SEALED, Wish
from weekapp.batches.profiles import profiles
from weekapp.batches.slips import Paper
from weekapp.db import transaction
from weekapp.desk import batch_files
from weekapp.desk import logistics_words as words
from weekapp.editions import queries as editions
from weekapp.errors import N_, InvalidInput
from weekapp.orders import queries as orders
from weekapp.typesetting import MEDIA_TYPE
from weekapp.web import found

bp = Blueprint("batches", __name__)
LINES = 200  # on the page; all of them are in the files


@bp.get("")
@needs("logistics.see")
def batch_list() -> str:
    """All batches of the edition."""
    edition = found(editions.current())
    return render_template("desk/batch_list.html", edition=edition, batches=queries.newest(edition.id, most=500), **words.ALL)


@bp.post("")
@needs("batches.make")
def make_batch() -> Response:
    """Ask for a batch of everything that is ready; pressing twice asks once."""
    edition, click = found(editions.current()), request.form.get("klik", "")[:40] or words.new_click()
    with transaction():
        batch = service.request_on_demand(edition, click=click, by_id=current_user().id)
    return to_batch(batch)


@bp.get("/<int:batch_id>")
@needs("logistics.see")
def batch(batch_id: int) -> str:
    """One batch: how far it is, its files, its lines, its recall list."""
    shown = found(queries.batch(batch_id))
    lines = queries.lines(shown.id)
    kept_out, with_warning = queries.found_by_check(shown.id)
    return render_template(
        "desk/batch.html",
        batch=shown,
        files=batch_files.grouped(queries.artefacts(shown.id)) if shown.sealed_at and not shown.wiped_at else [],
        can_start_elsewhere=batch_files.can_start_elsewhere,
        can_be_larger=batch_files.can_be_larger,
        positions=range(1, ON_SHEET + 1),
        carrier=profiles()[shown.profile].label if shown.profile in profiles() else shown.profile,
        downloads=queries.downloads(shown.id),
        zip_name=f"batch-{shown.id}.zip",
        lines=lines[:LINES],
        line_count=len(lines),
        to_pack=orders.count_to_pack(shown.id),
        kept_out=kept_out,
        with_warning=with_warning,
        recalled=[(line, queries.numbers_in_parcel_of(shown.id, line.order_number)) for line in queries.recall_list(shown.id)],
        **words.ALL,
    )


@bp.get("/<int:batch_id>/<name>")
@needs("batches.download")
def download(batch_id: int, name: str) -> Response:
    """One file of a sealed batch: the same bytes each time, and a line in the audit log (PRIV-09).

    `?vanaf=5` begins the first sheet of labels at position 5, `?papier=a4` prints the slips on A4.
    """
    shown, wish = found(queries.batch(batch_id)), wish_of(request.args)
    with transaction():
        if wish == AS_SEALED:
            artefact = service.download(shown, name, by=current_user())
            response = Response(stream_with_context(queries.content_of(artefact)), content_type=artefact.media_type)
            response.content_length = artefact.size
        else:
            response = make_response(service.reprint(shown, name, wish, by=current_user()))
            response.headers["Content-Type"] = MEDIA_TYPE
    response.headers["Content-Disposition"] = f'attachment; filename="{wish.name_for(name)}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def wish_of(arguments: Mapping[str, str]) -> Wish:
    """How somebody wants to print; a wish that cannot be is told, not guessed."""
    first, paper = arguments.get("vanaf", "1"), arguments.get("papier", Paper.A5)
    if not (first.isascii() and first.isdigit() and 1 <= int(first) <= ON_SHEET):
        raise InvalidInput([("vanaf", N_("Kies een plek op het vel van 1 tot 14."))])
    if paper not in set(Paper):
        raise InvalidInput([("papier", N_("Kies a5 of a4."))])
    return Wish(paper=Paper(paper), first=int(first))


@bp.post("/<int:batch_id>/overdragen")
@needs("batches.hand_over")
def hand_over(batch_id: int) -> Response:
    """The carrier has the parcels."""
    shown = found(queries.batch(batch_id))
    with transaction():
        shipped = service.hand_over(shown, by=current_user())
    if shipped:
        flash(gettext("Overgedragen: %(count)s bestellingen. De initiatiefnemers krijgen een mail.", count=len(shipped)))
    return to_batch(shown)


@bp.post("/<int:batch_id>/afsluiten")
@needs("batches.hand_over")
def close(batch_id: int) -> Response:
    """Nothing more is expected."""
    shown = found(queries.batch(batch_id))
    with transaction():
        service.close(shown, by=current_user())
    flash(gettext("De batch is afgesloten."))
    return to_batch(shown)


@bp.post("/<int:batch_id>/opnieuw")
@needs("batches.make")
def repeat(batch_id: int) -> Response:
    """Once more, after a failure."""
    shown = found(queries.batch(batch_id))
    with transaction():
        service.repeat(shown, by=current_user())
    return to_batch(shown)


def to_batch(shown: Batch) -> Response:
    return make_response(redirect(url_for("batches.batch", batch_id=shown.id), 303))

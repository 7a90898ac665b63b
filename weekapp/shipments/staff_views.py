"""What logistics do with the files of carriers: upload, choose columns, look, apply."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from weekapp.accounts.permissions import current_user, needs
from weekapp.db import transaction
from weekapp.shipments import files, queries
from weekapp.shipments.forms import ColumnsForm, UploadForm, carrier_of, words_form, words_in
from weekapp.shipments.models import ReturnFile
from weekapp.shipments.rules import CARRIER_WORDS, FILE_NEXT, FILE_WORDS, STATUS_WORDS, VERDICT_WORDS, Columns, FileState, Verdict
from weekapp.web import error_page, found, page_number

bp = Blueprint("return_files", __name__)
SHOWN = 50  # files in the list
ROWS = 100  # on a page
WORDS = {
    "carrier_words": CARRIER_WORDS,
    "file_words": FILE_WORDS,
    "status_words": STATUS_WORDS,
    "verdict_words": VERDICT_WORDS,
    "verdicts": tuple(Verdict),
}


@bp.errorhandler(RequestEntityTooLarge)
def on_too_large(_error: RequestEntityTooLarge) -> Response:
    """Refused before it is read: say what to do instead."""
    return error_page(413, gettext("Dit bestand is groter dan 25 MB. Splits het in kleinere bestanden."))


@bp.get("/retour")
@needs("logistics.see")
def return_files() -> Response:
    """Files that came back, and a place for the next one."""
    return files_page(UploadForm(), 200)


def files_page(form: UploadForm, status: int) -> Response:
    page = render_template("shipments/return_files.html", form=form, files=queries.newest_files(most=SHOWN), **WORDS)
    return make_response(page, status)


@bp.post("/retour")
@needs("orders.edit")
def upload() -> Response:
    """Keep a file; the worker reads it."""
    form = UploadForm()
    if not form.validate():
        return files_page(form, 400)
    with transaction():
        file = files.receive(form.content, form.ending, carrier_of(form), by=current_user())
        file_id, is_known = file.id, file.state != FileState.UPLOADED or file.attempts > 0
    if is_known:
        flash(gettext("Dit bestand stond er al. Je ziet het hier."))
    return to_file(file_id)


def to_file(file_id: int) -> Response:
    return make_response(redirect(url_for("return_files.return_file", file_id=file_id), 303))


@bp.get("/retour/<int:file_id>")
@needs("logistics.see")
def return_file(file_id: int) -> str:
    """One file: what is being done with it, what its rows mean, what can be done next."""
    file = found(queries.return_file(file_id))
    verdict = next((one for one in Verdict if one.value == request.args.get("soort")), most_urgent(file))
    page = page_number()
    return render_template(
        "shipments/return_file.html",
        file=file,
        verdict=verdict,
        page=page,
        pages=max(1, -(-file.counted(verdict) // ROWS)),
        rows=queries.rows_of(file.id, verdict, most=ROWS, after=(page - 1) * ROWS),
        earlier=queries.applied_twin(file),
        done=queries.count_done(file.id) if file.state == FileState.APPLYING else 0,
        can_choose_columns=bool(file.found_columns) and FileState.UPLOADED in FILE_NEXT[file.state],
        **WORDS,
    )


def most_urgent(file: ReturnFile) -> Verdict:
    """The rows to look at first: wrong ones, then what is strange, then what changes."""
    order = (Verdict.WRONG, Verdict.UNKNOWN, Verdict.DOUBLE, Verdict.MATCHED, Verdict.CHANGED)
    return next((verdict for verdict in order if file.counted(verdict)), Verdict.UNCHANGED)


@bp.route("/retour/<int:file_id>/kolommen", methods=["GET", "POST"])
@needs("orders.edit")
def choose_columns(file_id: int) -> Response:
    """Which columns hold what, and what the words of the carrier mean; remembered for its next file."""
    file = found(queries.return_file(file_id))
    if not file.found_columns or FileState.UPLOADED not in FILE_NEXT[file.state]:
        return to_file(file_id)
    mapping = queries.mapping(file.carrier)
    columns, words = ColumnsForm.of(file, mapping), words_form(file.unknown_words)
    both_right = columns.validate() & words.validate() if request.method == "POST" else False
    if both_right:
        with transaction():
            files.choose_columns(file, chosen_columns(columns, words, file), by=current_user())
        return to_file(file_id)
    page = render_template("shipments/choose_columns.html", file=file, form=columns, words=words, **WORDS)
    return make_response(page, 400 if columns.errors or words.errors else 200)


def chosen_columns(columns: ColumnsForm, words: Any, file: ReturnFile) -> Columns:
    return columns.columns(words_in(words, file.unknown_words))


@bp.post("/retour/<int:file_id>/toepassen")
@needs("orders.edit")
def apply_file(file_id: int) -> Response:
    """Do what the file says."""
    file = found(queries.return_file(file_id))
    with transaction():
        files.apply(file, by=current_user())
    return to_file(file_id)


@bp.post("/retour/<int:file_id>/wegleggen")
@needs("orders.edit")
def discard(file_id: int) -> Response:
    """Do not use the file."""
    file = found(queries.return_file(file_id))
    with transaction():
        files.discard(file, by=current_user())
    flash(gettext("Het bestand is weggelegd. Er is niets veranderd."))
    return make_response(redirect(url_for("return_files.return_files"), 303))

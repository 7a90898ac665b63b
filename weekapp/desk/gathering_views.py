"""Gatherings as the programme team sees them: make and change them and their sessions, call them off."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext, ngettext

from weekapp.accounts.permissions import current_user, needs
from weekapp.db import transaction
from weekapp.desk import guest_list
from weekapp.desk.gathering_forms import CallOffForm, GatheringForm, SessionForm
from weekapp.editions import queries as editions
from weekapp.errors import N_, WrongState
from weekapp.gatherings import queries, rules, service
from weekapp.gatherings.models import Gathering, Session
from weekapp.moderation import rules as moderation
from weekapp.signups import queries as counting
from weekapp.signups import service as sign_ups
from weekapp.signups.rules import STATE_WORDS
from weekapp.web import found

bp = Blueprint("gathering_desk", __name__)
NO_EDITION = N_("Er is nog geen editie. Maak eerst een editie.")


@bp.get("")
@needs("gatherings.edit")
def gathering_list() -> str:
    """All gatherings, what is not on the website yet first."""
    return render_template("desk/gathering_list.html", gatherings=queries.everything(), kind_words=rules.KIND_WORDS)


@bp.route("/nieuw", methods=["GET", "POST"])
@needs("gatherings.edit")
def new() -> Response:
    """A new one, of the edition that is shown; its sessions follow."""
    form = GatheringForm()
    if form.validate_on_submit():
        edition = editions.current()
        if edition is None:
            raise WrongState(NO_EDITION)
        with transaction():
            gathering = service.make(edition.id, form.asked(), by=current_user())
        warn(gathering)
        flash(gettext("De bijeenkomst is bewaard. Zet er nu een sessie bij."))
        return to(gathering.id)
    return make_response(render_template("desk/gathering_edit.html", form=form, gathering=None), 400 if form.errors else 200)


def warn(gathering: Gathering) -> None:
    """About a word that keeps people away (product.md, rule 12)."""
    signs = {remark.sign for remark in moderation.remarks(f"{gathering.title}\n{gathering.description}")}
    if moderation.Sign.LONELY in signs:
        flash(gettext("Tip: vermijd het woord eenzaam. Dan durven meer mensen te komen."))


@bp.get("/<int:gathering_id>")
@needs("gatherings.edit")
def gathering(gathering_id: int) -> str:
    """How it stands: what is public, its sessions, and how many people come to each."""
    chosen = found(queries.one(gathering_id))
    return render_template(
        "desk/gathering.html",
        gathering=chosen,
        counts=counting.counts(one.occurrence_id for one in chosen.sessions),
        kind_words=rules.KIND_WORDS,
        audience_words=rules.AUDIENCE_WORDS,
        attendance_words=rules.ATTENDANCE_WORDS,
    )


@bp.route("/<int:gathering_id>/wijzigen", methods=["GET", "POST"])
@needs("gatherings.edit")
def change(gathering_id: int) -> Response:
    """Say something else of it."""
    chosen, form = found(queries.one(gathering_id)), GatheringForm()
    if not form.is_submitted():
        form.show(chosen)
    elif form.validate():
        with transaction():
            service.change(found(queries.one(gathering_id)), form.asked(), by=current_user())
        warn(found(queries.one(gathering_id)))
        flash(gettext("De bijeenkomst is bewaard."))
        return to(gathering_id)
    return make_response(render_template("desk/gathering_edit.html", form=form, gathering=chosen), 400 if form.errors else 200)


@bp.route("/<int:gathering_id>/sessies/nieuw", methods=["GET", "POST"])
@needs("gatherings.edit")
def new_session(gathering_id: int) -> Response:
    """One more session; the first one puts the gathering on the website."""
    chosen, form = found(queries.one(gathering_id)), SessionForm()
    if form.validate_on_submit():
        with transaction():
            service.add_session(found(queries.one(gathering_id)), form.asked(), by=current_user())
        flash(gettext("De sessie staat op de website."))
        return to(gathering_id)
    return session_page(form, chosen, None)


@bp.route("/<int:gathering_id>/sessies/<int:session_id>", methods=["GET", "POST"])
@needs("gatherings.edit")
def change_session(gathering_id: int, session_id: int) -> Response:
    """Another time, room, audience or number of places."""
    session, form = found(queries.session_of(gathering_id, session_id)), SessionForm()
    if not form.is_submitted():
        form.show(session)
    elif form.validate():
        with transaction():
            session = found(queries.session_of(gathering_id, session_id))
            service.change_session(session, form.asked(), by=current_user())
            sign_ups.places_changed(session.occurrence_id)
        flash(gettext("De sessie is bewaard."))
        return to(gathering_id)
    return session_page(form, session.gathering, session)


def session_page(form: SessionForm, gathering: Gathering, session: Session | None) -> Response:
    page = render_template("desk/gathering_session.html", form=form, gathering=gathering, session=session)
    return make_response(page, 400 if form.errors else 200)


@bp.route("/<int:gathering_id>/gaat-niet-door", methods=["GET", "POST"])
@needs("gatherings.edit")
def call_off(gathering_id: int) -> Response:
    """All of it does not take place."""
    chosen, form = found(queries.one(gathering_id)), CallOffForm()
    if form.validate_on_submit():
        with transaction():
            chosen = found(queries.one(gathering_id))
            service.call_off(chosen, form.reason.data or "", by=current_user())
            told = sum(sign_ups.moment_cancelled(one.moment) for one in service.by_moment(chosen))
        flash(told_words(told))
        return to(gathering_id)
    return call_off_page(form, chosen, None)


@bp.route("/<int:gathering_id>/sessies/<int:session_id>/gaat-niet-door", methods=["GET", "POST"])
@needs("gatherings.edit")
def call_off_session(gathering_id: int, session_id: int) -> Response:
    """One session does not take place."""
    session, form = found(queries.session_of(gathering_id, session_id)), CallOffForm()
    if form.validate_on_submit():
        with transaction():
            session = found(queries.session_of(gathering_id, session_id))
            service.call_off_session(session, form.reason.data or "", by=current_user())
            told = sign_ups.moment_cancelled(session.moment)
        flash(told_words(told))
        return to(gathering_id)
    return call_off_page(form, session.gathering, session)


@bp.get("/<int:gathering_id>/aanmeldingen")
@needs("gatherings.edit")
def people(gathering_id: int) -> str:
    """Who comes to each session and who waits. That somebody looked is written down (PRIV-09)."""
    chosen = found(queries.one(gathering_id))
    with transaction():
        lists = guest_list.seen(chosen, by=current_user())
    return render_template("desk/gathering_people.html", gathering=chosen, lists=lists, state_words=STATE_WORDS)


@bp.get("/<int:gathering_id>/aanmeldingen.csv")
@needs("gatherings.edit")
def people_file(gathering_id: int) -> Response:
    """The same for a spreadsheet; who took it is written down (PRIV-09)."""
    chosen = found(queries.one(gathering_id))
    with transaction():
        response = Response(guest_list.sheet(chosen, by=current_user()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="aanmeldingen-{chosen.id}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def told_words(parties: int) -> str:
    """What was done about it."""
    done = gettext("Op de website staat nu dat het niet doorgaat.")
    return f"{done} {ngettext('Er ging %(num)s mail uit.', 'Er gingen %(num)s mails uit.', parties)}"


def call_off_page(form: CallOffForm, gathering: Gathering, session: Session | None) -> Response:
    page = render_template("desk/gathering_call_off.html", form=form, gathering=gathering, session=session)
    return make_response(page, 400 if form.errors else 200)


def to(gathering_id: int) -> Response:
    return make_response(redirect(url_for("gathering_desk.gathering", gathering_id=gathering_id), 303))

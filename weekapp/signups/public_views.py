"""Pages for residents: sign up, confirm, give a place back. No account, no cookie, nothing of a person in an address."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from weekapp import addresses, clock
from weekapp.access import public_form
from weekapp.accounts.lockout import lockout
from weekapp.accounts.proof import hash_of
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.rules import VISIBLE, State, folded
from weekapp.db import transaction
from weekapp.errors import LinkExpired
from weekapp.gatherings import queries as gatherings
from weekapp.gatherings.models import Gathering, Session
from weekapp.gatherings.rules import AUDIENCE_WORDS
from weekapp.signups import hosts, letters, queries, rules, service
from weekapp.signups.forms import AnswerForm, CodeForm, SessionForm, SignUpForm
from weekapp.signups.hosts import Host
from weekapp.signups.models import SignUp
from weekapp.signups.rules import Reason
from weekapp.web import found, said

bp = Blueprint("signups", __name__)


@bp.app_template_global("spoken_code")
def spoken_code(code: str) -> str:
    """K3D 7FM"""
    return rules.spoken_code(code)


@bp.errorhandler(LinkExpired)
def on_link_expired(error: LinkExpired) -> Response:
    return make_response(render_template("signups/link_expired.html"), error.status)


@bp.route("/activiteiten/<int:activity_id>/aanmelden", methods=["GET", "POST"])
@public_form
def sign_up(activity_id: int) -> Response:
    """A first name, one way to reach somebody, and how many come."""
    activity = visible(activity_id)
    choices = [(one, letters.when(one)) for one in open_moments(activity)]
    return sign_up_page(SignUpForm(), choices, hosts.of_activity(activity), f"activity {activity.id}")


@bp.route("/bijeenkomsten/<int:gathering_id>/aanmelden", methods=["GET", "POST"])
@public_form
def sign_up_for_session(gathering_id: int) -> Response:
    """The same for a session of a gathering, with a mail address."""
    gathering = found(gatherings.one_public(gathering_id))
    choices = [(one.moment, session_words(one)) for one in open_sessions(gathering)]
    return sign_up_page(SessionForm(), choices, hosts.of_gathering(gathering), f"gathering {gathering.id}")


def sign_up_page(form: SignUpForm | SessionForm, choices: list[tuple[Occurrence, str]], host: Host, subject: str) -> Response:
    """The form for these moments, each with its words; when there is none any more, the page that says so."""
    if not choices:
        return make_response(redirect(host.page, 303))
    left = queries.places_left(one.id for one, _words in choices)
    form.offer([(one.id, with_places(words, left[one.id])) for one, words in choices], request.args.get("moment", type=int))
    if request.method == "POST" and form.validate():
        limit_sign_ups(subject, form.party)
        try:
            with transaction():
                answer = service.sign_up(form.occurrence_id, form.party, send_id=form.send_id)
            return answer_page(answer)
        except service.TooLate as error:
            form.moment.errors = [said(error)]
    full = all(many == 0 for many in left.values())
    return make_response(render_template("signups/sign_up.html", form=form, host=host, full=full), 400 if form.errors else 200)


def limit_sign_ups(subject: str, party: service.Party) -> None:
    """One way to reach somebody, and one activity, take so many sign-ups; a library behind one address is not held up (SEC-15)."""
    lockout().limit("sign-ups", f"sign-up {party.email or party.phone}", rules.MAX_FOR_ADDRESS, rules.ADDRESS_WITHIN)
    lockout().limit("sign-ups", subject, rules.MAX_FOR_ACTIVITY, rules.ACTIVITY_WITHIN)


def visible(activity_id: int) -> Activity:
    """An activity that everyone may see, or 404."""
    activity = found(queries.activity(activity_id))
    return found(activity if activity.state in VISIBLE else None)


def open_moments(activity: Activity) -> list[Occurrence]:
    """The moments that people can sign up for."""
    if activity.state != State.PUBLISHED or not activity.takes_sign_ups:
        return []
    return [one for one in queries.moments(activity.id) if one.cancelled_at is None and one.starts_at > clock.now()]


def open_sessions(gathering: Gathering) -> list[Session]:
    """The sessions that people can sign up for."""
    if not gathering.takes_sign_ups:
        return []
    return [one for one in gathering.programme if not one.is_off and one.moment.starts_at > clock.now()]


def session_words(session: Session) -> str:
    """Which session it is, when, and for whom."""
    title, when = session.title or session.gathering.title, letters.when(session.moment)
    return gettext("%(title)s: %(when)s. %(audience)s.", title=title, when=when, audience=gettext(AUDIENCE_WORDS[session.audience]))


def with_places(words: str, left: int | None) -> str:
    """Which moment it is, and whether there is room."""
    words = words.removesuffix(".")
    if left is None:
        return words
    if left == 0:
        return gettext("%(when)s. Dit moment is vol: je komt op de wachtlijst.", when=words)
    places = ngettext("Nog %(num)s plaats.", "Nog %(num)s plaatsen.", left)
    return f"{words}. {places}"


def answer_page(answer: service.Answer) -> Response:
    """What happens next. For a mail address the page is the same whether we knew it or not (SEC-14)."""
    made = answer.sign_up
    if made.email:
        host = hosts.host_of(made.occurrence)
        return make_response(render_template("signups/look_in_mail.html", has_place=answer.has_place, host=host))
    return make_response(render_template("signups/signed_up.html", **shown(made)))


def shown(sign_up: SignUp) -> dict[str, object]:
    """What a page says of a sign-up."""
    host = hosts.host_of(sign_up.occurrence)
    has_place = sign_up.state == rules.State.CONFIRMED
    return {
        "sign_up": sign_up,
        "host": host,
        "when": letters.when(sign_up.occurrence),
        "where": host.full_place if has_place and sign_up.email else host.place,
        "party": letters.party(sign_up.party_size),
        "position": queries.position(sign_up) if sign_up.state == rules.State.WAITING else 0,
        "state": str(sign_up.state),
        "page": host.page,
        "again": host.sign_up_page,
    }


@bp.route("/aanmelding/<token>", methods=["GET", "POST"])
@public_form
def confirm(token: str) -> Response:
    """Behind the link of a mail: how it stands, and a button. Looking changes nothing, since mail scanners look at every link (SEC-11)."""
    sign_up = asked(token)
    form = AnswerForm()
    if request.method == "POST" and form.validate():
        with transaction():
            service.confirm(asked(token))
        return make_response(redirect(url_for("signups.confirm", token=token), 303))
    cancel_link = addresses.cancel_sign_up(letters.cancel_token(sign_up))
    page = render_template("signups/confirm.html", form=form, cancel_link=cancel_link, **shown(sign_up))
    return make_response(page, 400 if form.errors else 200)


def asked(token: str) -> SignUp:
    """The sign-up of a link that asks whether somebody comes; raises LinkExpired."""
    sign_up = queries.by_confirm_hash(hash_of(token), clock.now())
    if sign_up is None:
        raise LinkExpired()
    return sign_up


@bp.route("/afmelden/<token>", methods=["GET", "POST"])
@public_form
def cancel(token: str) -> Response:
    """Behind the other link of a mail: give the place back, with a button."""
    form = AnswerForm()
    if request.method == "POST" and form.validate():
        with transaction():
            service.cancel(held(token), Reason.BY_LINK)
        return make_response(redirect(url_for("signups.cancel", token=token), 303))
    page = render_template("signups/cancel.html", form=form, **shown(held(token)))
    return make_response(page, 400 if form.errors else 200)


def held(token: str) -> SignUp:
    """The sign-up of a link to give a place back; raises LinkExpired."""
    sign_up = queries.by_cancel_hash(hash_of(token), clock.now())
    if sign_up is None:
        raise LinkExpired()
    return sign_up


@bp.route("/afmelden", methods=["GET", "POST"])
@public_form
def cancel_by_code() -> Response:
    """Give a place back with the code on paper, without a link or password."""
    form = CodeForm()
    if request.method == "POST" and form.validate():
        sign_up = with_code(form.code.data or "", form.first_name.data or "")
        if sign_up is not None:
            with transaction():
                service.cancel(sign_up, Reason.BY_CODE)
            return make_response(render_template("signups/cancelled.html", **shown(sign_up)))
        form.code.errors = [gettext("Deze code en voornaam horen niet bij elkaar. Controleer ze allebei.")]
    return make_response(render_template("signups/cancel_by_code.html", form=form), 400 if form.errors else 200)


def with_code(code: str, first_name: str) -> SignUp | None:
    """The sign-up with this code and first name. Each try counts before it is judged; a right one is taken back. Raises TooOften."""
    lockout().limit("sign-ups", f"code {folded(first_name)}", rules.MAX_WRONG_CODES, rules.WRONG_WITHIN)
    sign_up = service.by_code(code, first_name)
    if sign_up is not None:
        lockout().add(lockout().name("sign-ups", f"code {folded(first_name)}"), rules.WRONG_WITHIN, -1)
    return sign_up

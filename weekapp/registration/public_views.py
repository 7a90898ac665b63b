"""Registering an activity without an account: short steps, each saved, behind addresses with a token of their own."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from weekapp import addresses, clock
from weekapp.access import public, public_form
from weekapp.accounts import signed_in
from weekapp.accounts.service import hash_of
from weekapp.activities.rules import names_loneliness
from weekapp.db import transaction
from weekapp.editions import queries as editions
from weekapp.editions.models import Edition
from weekapp.editions.rules import window
from weekapp.errors import DomainError, LinkExpired
from weekapp.forms import PublicForm
from weekapp.packages import queries as packages
from weekapp.packages.models import Package
from weekapp.registration import crowd, preview, queries, rules, service
from weekapp.registration.answers import Answers
from weekapp.registration.forms import ActivityForm, SendForm, YouForm
from weekapp.registration.models import Progress, Registration
from weekapp.registration.package_form import Around, PackageForm
from weekapp.registration.pages import photo_too_large
from weekapp.registration.place_form import PlaceForm
from weekapp.registration.rules import Step
from weekapp.registration.words import WORDS
from weekapp.web import found, said, settings

bp = Blueprint("registration", __name__)
bp.register_error_handler(RequestEntityTooLarge, photo_too_large)

VIEW_OF = {Step.ACTIVITY: "activity", Step.PLACE: "place", Step.YOU: "you", Step.PACKAGE: "package", Step.CHECK: "check"}


@bp.get("")
@public
def start() -> str:
    """What it is, what you need, and whether it is open."""
    edition, day = editions.current(), clock.today()
    shown: dict[str, Any] = {}
    if edition:
        shown["registration"] = window(edition.registration_opens, edition.registration_closes, day)
        shown["ordering"] = window(edition.ordering_opens, edition.ordering_closes, day)
        shown["package"] = next(iter(packages.offered(edition.id)), None)
    return render_template("registration/start.html", edition=edition, **shown)


@bp.route("/activiteit", methods=["GET", "POST"], defaults={"token": ""})
@bp.route("/<token>/activiteit", methods=["GET", "POST"])
@public_form
def activity(token: str) -> AnyResponse:
    """Step 1. The first time it makes the draft, and then the window must be open."""
    draft = open_draft(token) if token else None
    answers = service.answers_of(draft) if draft else Answers()
    form = ActivityForm(data=ActivityForm.activity_data(answers.activity))
    closed = "" if draft else why_closed(found(editions.current()))
    if closed and not form.is_submitted():
        return redirect(url_for("registration.start"), 303)
    if form.is_submitted() and not closed:
        try:
            crowd.check(form, begins=draft is None)
        except DomainError as error:
            return step_page(Step.ACTIVITY, form, token, answers, error=error)
        is_right = form.validate()
        with transaction():
            form.keep_photo()
            if is_right:
                token = token or rules.draft_token(form.send_id, settings().secret_key)
                about = form.about_activity()
                draft = service.save(draft, about) if draft else service.begin(form.send_id, about, token=token)
        if is_right:
            return onward(found(draft), token)
    return step_page(Step.ACTIVITY, form, token, answers, problem=closed)


@bp.route("/<token>/plaats-en-tijd", methods=["GET", "POST"])
@public_form
def place(token: str) -> AnyResponse:
    """Step 2. Two of its buttons only add or remove a row."""
    draft = open_draft(token)
    answers = service.answers_of(draft)
    if not answers.may_open(Step.PLACE):
        return onward(draft, token)
    form = PlaceForm(data=PlaceForm.place_data(answers.place))
    form.set_up(found(editions.current()), answers.place.address if answers.place else None)
    if form.is_submitted() and not form.change_rows(request.form) and form.validate():
        with transaction():
            service.save(draft, form.about_place())
        return onward(draft, token)
    return step_page(Step.PLACE, form, token, answers)


@bp.route("/<token>/over-jou", methods=["GET", "POST"])
@public_form
def you(token: str) -> AnyResponse:
    """Step 3."""
    draft = open_draft(token)
    answers = service.answers_of(draft)
    if not answers.may_open(Step.YOU):
        return onward(draft, token)
    form = YouForm(data=answers.you.to_json() if answers.you else {})
    if form.validate_on_submit():
        with transaction():
            service.save(draft, form.about_you())
        return onward(draft, token)
    return step_page(Step.YOU, form, token, answers)


@bp.route("/<token>/pakket", methods=["GET", "POST"])
@public_form
def package(token: str) -> AnyResponse:
    """Step 4. When nothing can be ordered, it says why and goes on."""
    draft = open_draft(token)
    answers = service.answers_of(draft)
    if not answers.may_open(Step.PACKAGE):
        return onward(draft, token)
    edition = found(editions.current())
    offered, why_not = service.offer(edition, clock.now())
    form = package_form(answers, edition, offered)
    if form.validate_on_submit():
        with transaction():
            service.save(draft, form.about_package())
        return onward(draft, token)
    return step_page(Step.PACKAGE, form, token, answers, packages=offered, why_not=why_not and said(why_not))


@bp.route("/<token>/controleren", methods=["GET", "POST"])
@public_form
def check(token: str) -> AnyResponse:
    """Step 5: all answers with links to change them, and the button that sends the mail."""
    draft = open_draft(token)
    answers = service.answers_of(draft)
    if not answers.may_open(Step.CHECK):
        return onward(draft, token)
    form, problem, edition = SendForm(), None, found(editions.current())
    if form.validate_on_submit():
        try:
            crowd.check_mail(service.whole(answers.you).email)
            with transaction():
                service.send(draft, edition)
        except DomainError as error:
            problem = error
    if draft.progress == Progress.SENT:
        return redirect(url_for("registration.sent", token=token), 303)
    return step_page(Step.CHECK, form, token, answers, error=problem, **preview.of(answers), similar=service.similar(answers, edition))


@bp.route("/<token>/verstuurd", methods=["GET", "POST"])
@public_form
def sent(token: str) -> AnyResponse:
    """What happens next: the mail. Its button sends the mail once more."""
    draft, form, problem = open_draft(token), SendForm(), ""
    if draft.progress == Progress.DRAFT:
        return onward(draft, token)
    if form.validate_on_submit():
        try:
            crowd.check_mail(service.whole(service.answers_of(draft).you).email)
            with transaction():
                service.send_again(draft, found(editions.current()))
        except DomainError as error:
            problem = said(error)
    page = render_template(
        "registration/sent.html",
        form=form,
        token=token,
        answers=service.answers_of(draft),
        valid_until=service.valid_until(draft),
        problem=problem,
        was_sent_again=form.is_submitted() and not form.errors and not problem,
    )
    return make_response(page, 400 if form.errors or problem else 200)


@bp.route("/bevestigen/<token>", methods=["GET", "POST"])
@public_form
def confirm(token: str) -> AnyResponse:
    """Behind the link in the mail. Mail scanners open every link, so only the button confirms (SEC-11)."""
    registration, edition = mailed(token), found(editions.current())
    service.check_confirmable(registration, edition)
    if registration.progress == Progress.CONFIRMED:
        return confirmed_page(registration, is_repeated=request.method == "POST")
    form, problem = SendForm(), ""
    if form.validate_on_submit():
        try:
            with transaction():
                person = service.press(registration, edition, link=settings().base_url + addresses.confirm_registration(token))
                if person is not None:
                    signed_in.begin(person, second_factor=False)
        except DomainError as error:
            problem = said(error)
        else:
            return redirect(url_for("registration.confirm", token=token), 303)
    draft_token = rules.draft_token(registration.send_id, settings().secret_key)
    answers = service.answers_of(registration)
    page = render_template("registration/confirm.html", form=form, answers=answers, token=draft_token, problem=problem, **WORDS)
    return make_response(page, 400 if form.errors or problem else 200)


def confirmed_page(registration: Registration, *, is_repeated: bool) -> Response:
    """What came of it, under the same link until the Week is over."""
    page = render_template(
        "registration/confirmed.html",
        activity=found(queries.activity_with_organisation(registration.activity_id or 0)),
        orders=service.orders_of(registration),
        is_repeated=is_repeated,
        is_in=signed_in.user() is not None,
        **WORDS,
    )
    return make_response(page)


def open_draft(token: str) -> Registration:
    """The registration of these addresses, which can still be changed."""
    draft = found(queries.by_token_hash(hash_of(token)))
    if draft.progress == Progress.CONFIRMED:
        raise service.AlreadySent()
    return draft


def mailed(token: str) -> Registration:
    """The registration of this mail."""
    registration = queries.by_confirm_hash(hash_of(token))
    if registration is None:
        raise LinkExpired(service.OLD_LINK)
    return registration


def onward(draft: Registration, token: str) -> AnyResponse:
    """To the first step that is missing, else to the page that shows everything."""
    return redirect(url_for(f"registration.{VIEW_OF[service.answers_of(draft).next_step]}", token=token), 303)


def why_closed(edition: Edition) -> str:
    """Why nothing can be registered today; '' when it can."""
    try:
        service.check_open(edition, clock.now())
    except service.NotOpen as error:
        return said(error)
    return ""


def package_form(answers: Answers, edition: Edition, offered: list[Package]) -> PackageForm:
    """Step 4 as it stands for these answers."""
    activity, place, you = service.whole(answers.activity), service.whole(answers.place), service.whole(answers.you)
    around = Around(
        here=place.address,
        visitors=activity.expected_visitors,
        offered=offered,
        order_at=lambda address, branch: queries.order_at(edition.id, address, you.organisation, branch),
        room_in=lambda order: service.room_in(order, you.email),
    )
    form = PackageForm(data=PackageForm.package_data(answers.package, around, attention=you.name))
    form.is_offered = bool(offered)
    form.set_up(around, answers.package)
    return form


def step_page(
    step: Step, form: PublicForm, token: str, answers: Answers, *, problem: str = "", error: DomainError | None = None, **more: Any
) -> Response:
    """A step as a page, with all that was typed; 400 when something must be changed first, else the status of `error`."""
    problem = said(error) if error else problem
    page = render_template(
        f"registration/{VIEW_OF[step]}.html",
        step=step,
        form=form,
        token=token,
        answers=answers,
        problem=problem,
        address_of=lambda one: url_for(f"registration.{VIEW_OF[one]}", token=token),
        rules=rules,
        names_loneliness=names_loneliness,
        **WORDS,
        **more,
    )
    response = make_response(page, error.status if error else 400 if form.errors or problem else 200)
    if error and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response

"""The last place is given once, however many press at the same moment (LOAD-05), on both databases."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from tests.signups.making import make_moment, signed_up, somebody
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.signups import queries, service
from weekapp.signups.models import SignUp
from weekapp.signups.rules import LIVE, Reason, State

PLACES, PEOPLE = 20, 60


def opened(app: Flask, activity_id: int) -> str:
    """Somebody opens the form: the token in it."""
    token = re.search(r'name="form_token"[^>]*value="([^"]+)"', app.test_client().get(f"/activiteiten/{activity_id}/aanmelden").text)
    assert token is not None
    return token[1]


def filled_in(moment_id: int, number: int, token: str) -> dict[str, str]:
    return {
        "form_token": token,
        "moment": str(moment_id),
        "first_name": f"Naam {chr(65 + number % 26)}{chr(97 + number // 26)}",
        "email": f"bezoeker{number}@voorbeeld.nl",
        "phone": "",
        "party_size": str(1 + number % 3),
    }


def test_sixty_people_press_for_twenty_places(app: Flask) -> None:
    with transaction():
        moment = make_moment(places=PLACES)
        activity_id, moment_id = moment.activity_id, moment.id
    forms = [filled_in(moment_id, number, opened(app, activity_id)) for number in range(PEOPLE)]
    together = Barrier(PEOPLE)

    def press(form: dict[str, str]) -> int:
        together.wait()
        return app.test_client().post(f"/activiteiten/{activity_id}/aanmelden", data=form).status_code

    with ThreadPoolExecutor(PEOPLE) as pool:
        statuses = list(pool.map(press, forms))
    assert statuses == [200] * PEOPLE
    db.session.rollback()
    people = list(db.session.scalars(select(SignUp).order_by(SignUp.id)))
    taken = sum(one.party_size for one in people if one.state == State.UNCONFIRMED)
    assert len(people) == PEOPLE
    assert {one.state for one in people} == {State.UNCONFIRMED, State.WAITING}
    assert PLACES - 2 <= taken <= PLACES  # a party of three may be in front of two free places
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == PEOPLE


def test_one_freed_place_is_offered_to_one_of_many_who_look(app: Flask) -> None:
    with transaction():
        moment = make_moment(places=1)
        first_in = signed_up(moment)
        for _ in range(10):
            signed_up(moment)
        sign_up_id, moment_id = first_in.id, moment.id

    def give_back(_number: int) -> None:
        with app.app_context(), transaction():
            found = db.session.get(SignUp, sign_up_id)
            assert found is not None
            service.cancel(found, Reason.BY_LINK)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(give_back, range(8)))
    db.session.rollback()
    known = queries.counts([moment_id])[moment_id]
    assert (known.offered, known.waiting) == (1, 9)


def test_the_same_form_sent_many_times_at_once_makes_one_sign_up(app: Flask) -> None:
    with transaction():
        moment_id = make_moment(places=5).id
    party = somebody("Jan", phone="+31612345678", size=2)

    def send(_number: int) -> int:
        with app.app_context(), transaction():
            return service.sign_up(moment_id, party, send_id="same form").sign_up.id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(send, range(8)))
    db.session.rollback()
    assert len(ids) == 1
    assert queries.places_left([moment_id]) == {moment_id: 3}


def test_confirming_and_cancelling_at_once_never_gives_more_than_there_is(app: Flask) -> None:
    with transaction():
        moment = make_moment(places=4)
        ids = [signed_up(moment, size=1 + number % 2).id for number in range(12)]
        moment_id = moment.id

    def change(number: int) -> None:
        with app.app_context(), transaction():
            found = db.session.get(SignUp, ids[number % len(ids)])
            assert found is not None
            if number % 3:
                service.confirm(found)
            else:
                service.cancel(found, Reason.BY_LINK)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, range(24)))
    db.session.rollback()
    known = queries.counts([moment_id])[moment_id]
    assert known.taken <= 4
    live = db.session.scalar(select(func.count()).select_from(SignUp).where(SignUp.state.in_(LIVE)))
    assert live == 8

"""What must happen once, tried by many at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from tests.builders import make_user
from tests.mail.letters import LETTERS
from weekapp.accounts import service
from weekapp.accounts.models import User
from weekapp.db import db, transaction
from weekapp.errors import LinkExpired
from weekapp.mail.models import OutgoingMail
from weekapp.mail.service import queue_mail

MANY = 8


def at_once(app, deed):
    """What each of many threads got from doing the same thing."""

    def alone(_number):
        with app.app_context():
            try:
                with transaction():
                    return deed()
            except LinkExpired:
                return None

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(alone, range(MANY)))


def count(table):
    db.session.rollback()  # a reader sees what was committed since
    return db.session.scalar(select(func.count()).select_from(table))


def test_a_link_signs_one_of_many_in(app):
    with transaction():
        token, token_hash = service.new_token()
        service.add_link(make_user("initiator"), token_hash)
    users = at_once(app, lambda: service.use_link(token).id)
    assert len([user for user in users if user]) == 1


def test_a_person_is_made_once(app):
    ids = at_once(app, lambda: service.initiator_for("sam@voorbeeld.nl", "Sam", "+31612345678").id)
    assert len(set(ids)) == 1
    assert count(User) == 1


def test_an_event_gets_one_mail(app):
    at_once(app, lambda: queue_mail("proef 1", "order_shipped", "sam@voorbeeld.nl", **LETTERS["order_shipped"]) and 1)
    assert count(OutgoingMail) == 1

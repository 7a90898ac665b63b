"""What must hold when two things happen at once, and when time passes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.registration.filling import ACTIVITY, Person, count, form_token, only, set_the_table
from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.orders.models import Order
from weekapp.organisations.models import Organisation
from weekapp.registration.models import Registration


@pytest.fixture
def person(client):
    set_the_table()
    return Person(client)


def at_once(app, posts):
    """Send forms from two browsers at the same moment; the status codes."""

    def send(post):
        path, values = post
        return app.test_client().post(path, data=values).status_code

    with ThreadPoolExecutor(len(posts)) as pool:
        return sorted(pool.map(send, posts))


def test_pressing_the_button_twice_at_once_makes_one_of_everything(app, person):
    link = person.send_off()
    form = {"form_token": form_token(person.client.get(link))}
    assert set(at_once(app, [(link, form)] * 4)) <= {200, 303}
    assert [count(table) for table in (User, Organisation, Activity, Order)] == [1, 1, 1, 1]


def test_the_first_step_sent_twice_at_once_makes_one_draft(app, person):
    form = {"form_token": form_token(person.client.get(person.path))} | ACTIVITY
    assert at_once(app, [(person.path, form)] * 4) == [303] * 4
    assert count(Registration) == 1


def test_who_registers_twice_is_one_person_with_one_organisation(person):
    person.confirm()
    Person(person.client).confirm(
        plaats_en_tijd={"house_number": "14"}, over_jou={"email": "NOOR@voorbeeld.nl", "organisation": "de Linde"}
    )
    assert [count(table) for table in (User, Organisation, Activity)] == [1, 1, 2]


def test_the_mail_says_what_came_in_and_under_which_number(person):
    person.confirm()
    with transaction():
        mail = db.session.query(OutgoingMail).filter_by(template="registration_received").one()
        assert mail.values["order"] == db.session.query(Order).one().number
        assert mail.values["link"].startswith("http://127.0.0.1:8000/meedoen/bevestigen/")


def test_the_database_holds_no_token_of_any_link(person):
    link = person.send_off()
    registration = only(Registration)
    kept = {registration.token_hash, registration.confirm_hash, registration.send_id}
    assert not kept & {person.token, link.rpartition("/")[2]}


def test_a_home_address_is_not_on_the_map_but_the_package_finds_it(person):
    person.confirm(plaats_en_tijd={"is_home": "y"})
    activity, order = only(Activity), only(Order)
    assert activity.is_home
    assert activity.bag_id == ""
    assert (order.street, order.house_number) == ("Voorbeeldstraat", 12)

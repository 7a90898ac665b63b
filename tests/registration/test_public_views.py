"""Registering without an account: the way through, double clicks and second thoughts, windows, one order a place."""

import re
from datetime import UTC, date, datetime

import pytest

from tests.builders import make_edition, make_package
from tests.registration.filling import ACTIVITY, PACKAGE, PLACE, YOU, Person, confirm_link, count, errors, form_token, only, set_the_table
from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.orders.models import Order
from weekapp.packages.models import Package
from weekapp.packages.service import correct
from weekapp.registration.models import Progress, Registration


@pytest.fixture
def person(client):
    set_the_table()
    return Person(client)


# the way through


def test_from_the_first_step_to_an_activity_and_its_order(person):
    page = person.confirm()
    activity, order = only(Activity), only(Order)
    assert (activity.title, activity.state, activity.postcode, activity.town) == ("Samen soep eten", State.SUBMITTED, "3511 LX", "Utrecht")
    assert (order.quantity, order.street, order.recipient, order.attention) == (
        2,
        "Voorbeeldstraat",
        "Stichting De Linde",
        "Noor Voorbeeld",
    )
    assert order.number in page.text
    assert 'href="/inloggen"' in page.text


def test_no_page_of_the_form_sets_a_cookie_or_may_be_stored(person):
    person.walk()
    for step in ("activiteit", "plaats-en-tijd", "over-jou", "pakket", "controleren"):
        page = person.client.get(person.address_of(step))
        assert (page.status_code, page.headers.get("Set-Cookie"), page.headers["Cache-Control"]) == (200, None, "no-store")
        assert f"Stap {['activiteit', 'plaats-en-tijd', 'over-jou', 'pakket', 'controleren'].index(step) + 1} van 5" in page.text


def test_the_start_page_may_be_stored_by_everyone(person):
    page = person.client.get("/meedoen")
    assert "public" in page.headers["Cache-Control"]
    assert "Meld je activiteit aan" in page.text


def test_the_last_page_shows_all_answers_with_a_link_to_change_each(person):
    page = person.walk().client.get(person.path).text
    for words in (
        "Samen soep eten",
        "Voorbeeldstraat 12",
        "3511 LX Utrecht",
        "donderdag 30 september",
        "noor@voorbeeld.nl",
        "06 12345678",
        "2 pakketten",
    ):
        assert words in page
    assert page.count("Wijzig<span") == 4


def test_after_changing_one_answer_you_are_back_at_the_last_page(person):
    person.walk()
    person.send(ACTIVITY | {"title": "Samen brood bakken"}, person.address_of("activiteit"))
    assert person.step == "controleren"
    assert "Samen brood bakken" in person.client.get(person.path).text


def test_a_step_shows_what_was_answered_before(person):
    person.walk()
    page = person.client.get(person.address_of("plaats-en-tijd")).text
    assert re.search(r'name="moments-0-day"[^>]*value="2027-09-30"', page)
    assert re.search(r'name="postcode"[^>]*value="3511 LX"', page)


def test_a_later_step_sends_you_to_the_first_one_that_is_missing(person):
    person.send(ACTIVITY)
    answer = person.client.get(person.address_of("controleren"))
    assert (answer.status_code, answer.location.rpartition("/")[2]) == (303, "plaats-en-tijd")


def test_the_number_of_packages_is_proposed_from_the_visitors(person):
    person.walk(until="pakket", activiteit={"expected_visitors": "150"})
    assert re.search(r'name="quantity"[^>]*value="3"', person.client.get(person.path).text)


def test_a_forged_token_finds_nothing(person):
    person.walk()
    assert person.client.get("/meedoen/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/over-jou").status_code == 404


def test_another_moment_can_be_added_and_taken_away_without_losing_anything(person):
    person.walk(until="plaats-en-tijd")
    form = {"form_token": form_token(person.client.get(person.path))} | PLACE
    two = person.client.post(person.path, data=form | {"add_moment": "1"})
    assert two.status_code == 200
    assert re.search(r'name="moments-1-day"[^>]*value="2027-10-01"', two.text), "a day later at the same time is proposed"
    assert re.search(r'name="venue"[^>]*value="Buurthuis De Linde"', two.text)
    rows = {"moments-1-day": "2027-10-01", "moments-1-begins": "10:00", "moments-1-ends": "12:00"}
    one = person.client.post(person.path, data=form | rows | {"remove_moment": "moments-0"})
    assert "moments-0-day" not in one.text
    assert re.search(r'name="moments-1-day"[^>]*value="2027-10-01"', one.text)
    assert only(Registration).answers.keys() == {"activiteit"}


def test_the_enter_key_presses_the_button_that_goes_on(person):
    person.walk(until="plaats-en-tijd")
    form = person.client.get(person.path).text.partition("step-form")[2]
    assert "name=" not in re.search(r"<button[^>]*>", form)[0]


# double clicks and second thoughts


def test_a_double_click_on_the_first_step_makes_one_draft(person):
    form = {"form_token": form_token(person.client.get(person.path))} | ACTIVITY
    first, second = (person.client.post(person.path, data=form) for _ in range(2))
    assert first.location == second.location
    assert count(Registration) == 1


def test_two_forms_make_two_drafts(person):
    person.send(ACTIVITY)
    Person(person.client).send(ACTIVITY)
    assert count(Registration) == 2


def test_a_double_click_on_sending_sends_one_mail(person):
    person.walk()
    form = {"form_token": form_token(person.client.get(person.path))}
    answers = [person.client.post(person.path, data=form) for _ in range(2)]
    assert [answer.location for answer in answers] == [person.address_of("verstuurd")] * 2
    assert count(OutgoingMail) == 1


def test_opening_the_link_confirms_nothing(person):
    link = person.send_off()
    assert person.client.get(link).status_code == 200
    assert person.client.head(link).status_code == 200
    assert (count(Activity), count(Order)) == (0, 0)


def test_confirming_twice_is_harmless_and_says_so(person):
    link = person.send_off()
    form = {"form_token": form_token(person.client.get(link))}
    first, second = (person.client.post(link, data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 200)
    assert "Er is niets dubbel gegaan" in second.text
    assert (count(Activity), count(Order)) == (1, 1)


def test_the_answers_are_wiped_once_confirmed(person):
    person.confirm()
    registration = only(Registration)
    assert (registration.progress, registration.answers) == (Progress.CONFIRMED, {})
    assert person.client.get(person.address_of("over-jou")).status_code == 409


def test_a_change_after_sending_must_be_sent_again(person):
    link = person.send_off()
    person.send(YOU | {"email": "iemand.anders@voorbeeld.nl"}, person.address_of("over-jou"))
    stale = person.client.get(link)
    assert stale.status_code == 409
    assert "Verstuur je activiteit nog een keer" in stale.text
    person.send({}, person.address_of("controleren"))
    assert person.client.get(link).status_code == 410
    assert person.client.get(confirm_link()).status_code == 200


def test_looking_again_without_a_change_leaves_the_link_alive(person):
    link = person.send_off()
    person.send(YOU, person.address_of("over-jou"))
    assert person.client.get(link).status_code == 200


def test_the_mail_can_be_sent_once_more_but_not_at_once(person, at):
    link = person.send_off()
    too_soon = person.send({})
    assert errors(too_soon) == ["We hebben net een mail gestuurd. Wacht een minuut en kijk ook bij je ongewenste mail."]
    at(datetime(2027, 6, 15, 8, 2, tzinfo=UTC))
    assert "nieuwe mail" in person.send({}).text
    assert (person.client.get(link).status_code, person.client.get(confirm_link()).status_code) == (410, 200)


def test_the_link_says_how_long_it_works_and_stops_then(person, at):
    link = person.send_off()
    assert "vrijdag 18 juni, 10.00 uur" in person.client.get(person.path).text
    at(datetime(2027, 6, 18, 8, tzinfo=UTC))
    page = person.client.get(link)
    assert page.status_code == 410
    assert "Deze link werkt niet meer" in page.text


def test_once_confirmed_the_link_shows_how_it_goes_until_the_week_is_over(person, at):
    person.confirm()
    link = confirm_link()
    at(datetime(2027, 10, 6, 20, tzinfo=UTC))
    assert person.client.get(link).status_code == 200
    at(datetime(2027, 10, 7, 8, tzinfo=UTC))
    assert person.client.get(link).status_code == 410


def test_without_a_package_no_order_is_made(person):
    page = person.confirm(pakket={"wanted": "nee"})
    assert page.status_code == 200
    assert (count(Activity), count(Order)) == (1, 0)


def test_an_empty_shelf_puts_the_order_on_the_waiting_list(client):
    set_the_table()
    with transaction():
        correct(db.session.query(Package).one(), 0, "Brand.", by_id=0)
    person = Person(client).walk(until="pakket")
    page = client.get(person.path).text
    assert "wachtlijst" in page
    assert all(f'href="/poster-{paper}.pdf"' in page for paper in ("a4", "a3"))  # what is still possible (O08)
    page = Person(client).confirm()
    assert "De pakketten zijn op. Je staat op de wachtlijst." in page.text
    assert 'href="/poster-a4.pdf"' in page.text


def test_the_package_may_go_to_another_address(person):
    person.confirm(pakket={"deliver_to": "anders", "postcode": "1012AB", "house_number": "5", "letter": "b", "street": "Dam"})
    order = only(Order)
    assert (order.postcode, order.house_number, order.letter, order.street) == ("1012 AB", 5, "B", "Dam")


# words and signs


def test_html_in_a_title_is_text(person):
    page = person.confirm(activiteit={"title": "<script>alert(1)</script> Soep & brood"})
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Soep &amp; brood" in page.text
    assert "<script>alert" not in page.text
    assert only(Activity).title == "<script>alert(1)</script> Soep & brood"


def test_the_word_lonely_gives_a_hint_and_no_refusal(person):
    person.walk(activiteit={"description": "Samen minder eenzaam."})
    assert "Een tip over je woorden" in person.client.get(person.path).text


def test_other_words_give_no_hint(person):
    person.walk()
    assert "Een tip over je woorden" not in person.client.get(person.path).text


def test_signs_that_no_database_holds_are_left_out(person):
    person.send(ACTIVITY | {"title": "Soep\0 eten", "description": "Een\0\r\n\r\n\r\n\r\ntwee\t."})
    activity = only(Registration).answers["activiteit"]
    assert (activity["title"], activity["description"]) == ("Soep eten", "Een\n\ntwee .")


# windows


def test_before_it_opens_the_start_page_says_when(client):
    set_the_table(registration_opens=date(2027, 7, 1))
    page = client.get("/meedoen").text
    assert "Aanmelden kan vanaf donderdag 1 juli" in page
    assert "/meedoen/activiteit" not in page


def test_after_closing_the_start_page_says_so_and_what_is_still_possible(client):
    set_the_table(registration_closes=date(2027, 6, 14))
    page = client.get("/meedoen").text
    assert "Aanmelden kan niet meer. Dat kon tot en met maandag 14 juni." in page
    assert 'href="/activiteiten"' in page
    assert 'href="/poster-a4.pdf"' in page
    assert "/meedoen/activiteit" not in page


def test_a_kept_address_of_the_form_leads_to_the_page_that_says_why(client):
    set_the_table(registration_closes=date(2027, 6, 14))
    assert client.get("/meedoen/activiteit").location == "/meedoen"


def test_without_an_edition_the_start_page_says_so(client):
    assert "nog geen nieuwe Week gepland" in client.get("/meedoen").text


def test_a_form_that_was_open_when_the_window_closed_is_not_lost(client, at):
    set_the_table(registration_closes=date(2027, 6, 14))
    at(datetime(2027, 6, 14, 8, tzinfo=UTC))
    token = form_token(client.get("/meedoen/activiteit"))
    at(datetime(2027, 6, 15, 8, tzinfo=UTC))
    page = client.post("/meedoen/activiteit", data=ACTIVITY | {"form_token": token})
    assert page.status_code == 400
    assert errors(page) == ["Aanmelden kon tot en met 14 juni. Mail of bel ons als je nog mee wilt doen."]
    assert re.search(r'name="title"[^>]*value="Samen soep eten"', page.text)
    assert count(Registration) == 0


def test_what_is_filled_in_but_not_sent_when_the_window_closes_is_refused(person, at):
    person.walk()
    at(datetime(2027, 9, 14, 23, tzinfo=UTC))
    page = person.send({})
    assert errors(page) == ["Aanmelden kon tot en met 14 september. Mail of bel ons als je nog mee wilt doen."]
    assert count(OutgoingMail) == 0


def test_who_sent_in_time_may_confirm_after_closing(client, at):
    set_the_table(ordering_closes=date(2027, 6, 15), registration_closes=date(2027, 6, 15))
    link = Person(client).send_off()
    at(datetime(2027, 6, 16, 8, tzinfo=UTC))
    Person(client).send({}, link)
    assert (count(Activity), count(Order)) == (1, 1)


def test_when_ordering_is_closed_the_activity_can_still_be_registered(client):
    set_the_table(ordering_closes=date(2027, 6, 14))
    person = Person(client).walk(until="pakket")
    page = client.get(person.path).text
    assert "Een pakket bestellen kon tot en met 14 juni." in page
    assert 'name="wanted"' not in page
    assert 'href="/poster-a4.pdf"' in page
    person.send({})
    person.send({})
    person.send({}, confirm_link())
    assert (count(Activity), count(Order)) == (1, 0)


# one per place


EARLIER = "Dit adres heeft al een bestelling. Kies wat je wilt doen."


def test_a_second_order_for_the_same_place_shows_the_first(person):
    person.confirm()
    number = only(Order).number
    second = Person(person.client).walk(until="pakket", over_jou={"organisation": "de linde", "email": "ander@voorbeeld.nl"})
    page = second.send(PACKAGE)
    assert errors(page) == [EARLIER]
    assert number in page.text
    assert "dinsdag 15 juni" in page.text
    assert 'value="erbij"' not in page.text, "only who made the first order may add to it"


def test_packages_are_added_to_the_own_earlier_order(person):
    person.confirm()
    page = Person(person.client).confirm(pakket={"again": "erbij", "quantity": "3"})
    order = only(Order)
    assert order.quantity == 5
    assert order.number in page.text
    assert "toegevoegd aan deze eerdere bestelling" in page.text
    assert count(Activity) == 2


def test_not_more_is_added_than_an_activity_may_have(person):
    person.confirm()
    second = Person(person.client).walk(until="pakket")
    assert errors(second.send(PACKAGE | {"again": "erbij", "quantity": "4"})) == ["Er passen nog 3 pakketten bij. Kies een lager aantal."]


def test_somebody_else_cannot_add_to_the_order_by_asking_for_it(person):
    person.confirm()
    second = Person(person.client).walk(until="pakket", over_jou={"email": "ander@voorbeeld.nl"})
    assert errors(second.send(PACKAGE | {"again": "erbij"})) == [EARLIER]


def test_another_branch_gets_an_order_of_its_own(person):
    person.confirm()
    Person(person.client).confirm(pakket={"again": "vestiging", "branch": "Jongerencentrum"})
    with transaction():
        assert [order.branch for order in db.session.query(Order).order_by(Order.id)] == ["", "Jongerencentrum"]


@pytest.mark.parametrize(
    ("branch", "sentence"),
    [
        ("", "Vul de naam van je vestiging of afdeling in."),
        ("jongerencentrum", "Ook deze vestiging heeft al een bestelling. Vul een andere naam in, of kies iets anders."),
    ],
)
def test_a_branch_needs_a_name_of_its_own(person, branch, sentence):
    person.confirm()
    Person(person.client).confirm(pakket={"again": "vestiging", "branch": "Jongerencentrum"})
    third = Person(person.client).walk(until="pakket")
    assert errors(third.send(PACKAGE | {"again": "vestiging", "branch": branch})) == [sentence]


def test_the_second_package_can_be_left_out(person):
    person.confirm()
    Person(person.client).confirm(pakket={"again": "geen"})
    assert (count(Activity), count(Order)) == (2, 1)


def test_when_two_are_sent_for_one_place_the_second_cannot_be_confirmed_as_it_is(person):
    first = person.send_off()
    second_person = Person(person.client)
    second = second_person.send_off()
    person.send({}, first)
    page = second_person.send({}, second)
    assert page.status_code == 400
    assert only(Order).number in errors(page)[0]
    assert (count(Activity), count(Order)) == (1, 1), "nothing half is kept"
    draft = re.search(r'href="(/meedoen/[^"]+/pakket)"', page.text)[1]
    second_person.send(PACKAGE | {"again": "geen"}, draft)
    second_person.send({})
    second_person.send({}, confirm_link())
    assert (count(Activity), count(Order)) == (2, 1)


def test_another_organisation_at_the_same_place_orders_freely(person):
    person.confirm()
    Person(person.client).confirm(over_jou={"organisation": "Koor Allegro"})
    assert count(Order) == 2


def test_of_several_packages_the_one_that_fits_is_proposed_and_another_can_be_chosen(person):
    with transaction():
        make_package(name="Klein pakket", visitors_served=25, edition=make_edition())
    person.walk(until="pakket", activiteit={"expected_visitors": "20"})
    page = person.client.get(person.path).text
    assert re.search(r'value="Klein pakket"[^>]*checked|checked[^>]*value="Klein pakket"', page)
    assert "Wij denken aan 1 keer" in page
    person.send(PACKAGE | {"package": "Kom Erbij-pakket", "quantity": "1"})
    assert "Kom Erbij-pakket" in person.client.get(person.path).text
    person.send({})
    person.send({}, confirm_link())
    with transaction():
        assert db.session.query(Order).one().package.name == "Kom Erbij-pakket"


def test_a_package_that_is_gone_from_the_offer_is_refused_with_what_to_do(person):
    with transaction():
        make_package(name="Klein pakket", edition=make_edition())
    person.walk(until="pakket")
    refused = person.send(PACKAGE | {"package": "Van vorig jaar"})
    assert refused.status_code == 400
    assert "Kies een ander pakket" in refused.text

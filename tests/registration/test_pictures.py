"""A picture in the form: kept when another answer is wrong, shown beforehand, refused with a reason."""

import io
import re

import pytest

from tests.pictures.drawing import archive, phone_photo, photo
from tests.registration.filling import ACTIVITY, STEPS, Person, confirm_link, errors, form_token, only, set_the_table
from weekapp.activities.models import Activity
from weekapp.db import db, transaction
from weekapp.pictures.models import Picture
from weekapp.registration.models import Registration

ROAD = "/meedoen/activiteit"
ALT = {"photo_alt": "Een lange tafel met kommen soep"}


@pytest.fixture(autouse=True)
def table(client):
    set_the_table()


def post(client, path, sent, **more):
    token = form_token(client.get(path))
    files = {"photo": (io.BytesIO(sent), "soep.jpg")} if sent else {}
    return client.post(path, data={"form_token": token} | ACTIVITY | more | files, content_type="multipart/form-data")


def test_a_picture_goes_with_the_activity(client):
    first = post(client, ROAD, phone_photo(), **ALT)
    person = Person(client, first.location)
    for step in ("plaats-en-tijd", "over-jou", "pakket"):
        assert person.step == step
        person.send(STEPS[step])
    shown = client.get(person.path)
    address = re.search(r'<img[^>]*src="(/afbeeldingen/voorbeeld/[^"]+)"[^>]*alt="([^"]+)"', shown.text)
    assert address, "the picture is on the page with all answers"
    assert address[2] == ALT["photo_alt"]
    assert client.get(address[1]).content_type == "image/jpeg"
    person.send({})
    person.send({}, confirm_link())
    with transaction():
        assert only_picture_of_activity() == ALT["photo_alt"]


def only_picture_of_activity():
    return db.session.query(Activity).one().picture.alt_text


def test_a_picture_is_kept_when_another_answer_is_wrong(client):
    page = post(client, ROAD, photo(), **ALT, title="")
    assert page.status_code == 400
    kept = re.search(r'name="kept_photo"[^>]*value="([^"]+)"', page.text)[1]
    again = client.post(ROAD, data={"form_token": form_token(page), "kept_photo": kept} | ACTIVITY | ALT)
    assert again.status_code == 303
    assert only(Registration).picture_id == only(Picture).id


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"GIF89a" + b"\0" * 20, "Dit is geen foto die wij kennen. Kies een bestand dat eindigt op jpg, png of webp."),
        (photo() + archive(), "In dit bestand zit meer dan een foto. Dat is niet veilig. Kies een ander bestand."),
    ],
)
def test_what_is_no_picture_is_refused_with_a_reason(client, sent, sentence):
    page = post(client, ROAD, sent, **ALT)
    assert page.status_code == 400
    assert errors(page) == [sentence]
    assert 'value="Samen soep eten"' in page.text


def test_a_photo_that_is_too_large_and_one_that_is_far_too_large_are_refused_with_what_to_do(client, app, monkeypatch):
    for place in ("weekapp.pictures.rules", "weekapp.registration.picture_form"):
        monkeypatch.setattr(f"{place}.MOST_BYTES", 1000)
    page = post(client, ROAD, photo() + b"\0" * 1000, **ALT)
    assert len(errors(page)) == 1
    assert "te groot" in errors(page)[0]
    assert 'value="Samen soep eten"' in page.text
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2000)
    answer = client.post(ROAD, data={"photo": (io.BytesIO(b"\0" * 3000), "soep.jpg")}, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "Ga terug naar het formulier." in answer.text


def test_a_picture_needs_words_for_who_cannot_see_it(client):
    assert errors(post(client, ROAD, photo())) == ["Vertel kort wat er op de foto te zien is."]


def test_nobody_takes_the_picture_of_somebody_else_by_its_number(client):
    post(client, ROAD, photo(), **ALT)
    page = post(client, ROAD, b"", kept_photo=str(only(Picture).id), **ALT)
    assert page.status_code == 303
    with transaction():
        assert [one.picture_id is None for one in db.session.query(Registration).order_by(Registration.id)] == [False, True]


def test_a_picture_can_be_taken_away(client):
    first = post(client, ROAD, photo(), **ALT)
    path = first.location.replace("plaats-en-tijd", "activiteit")
    page = client.get(path)
    kept = re.search(r'name="kept_photo"[^>]*value="([^"]+)"', page.text)[1]
    client.post(path, data={"form_token": form_token(page), "kept_photo": kept, "drop_photo": "y"} | ACTIVITY | ALT)
    assert only(Registration).picture_id is None

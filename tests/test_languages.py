"""Languages by their address: English, and a made one from right to left that has a catalogue and nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import make_activity, make_user
from tests.conftest import settings_for_tests
from weekapp import addresses, languages, templating
from weekapp.app import create_app
from weekapp.db import db, transaction
from weekapp.languages import speaking
from weekapp.mail.render import render

BASE = "http://127.0.0.1:8000"
MORNING, NOON = datetime(2027, 9, 30, 8, 30, tzinfo=UTC), datetime(2027, 9, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "english"),
    [
        ("/", "/en/"),
        ("/activiteiten?dag=2027-09-30#wie", "/en/activiteiten?dag=2027-09-30#wie"),
        ("/activiteiten/12-samen-soep-eten", "/en/activiteiten/12-samen-soep-eten"),
        ("/activiteiten.ics?q=soep", "/activiteiten.ics?q=soep"),
        ("/gemeenten/utrecht.ics", "/gemeenten/utrecht.ics"),
        ("/api/v1/activiteiten", "/api/v1/activiteiten"),
        ("/beheer/", "/beheer/"),
        ("/logistiek/batches", "/logistiek/batches"),
        ("/assets/weekapp/1/theme.css", "/assets/weekapp/1/theme.css"),
    ],
)
def test_pages_have_an_english_address_and_what_staff_or_programs_read_has_not(address: str, english: str) -> None:
    assert addresses.in_language(address, "en") == english
    assert addresses.in_language(address, "nl") == address


def test_a_page_says_its_language_and_where_it_is_in_the_others(client: FlaskClient) -> None:
    dutch, english = client.get("/gemeenten?zoek=utr").text, client.get("/en/gemeenten?zoek=utr").text
    assert '<html lang="nl" dir="ltr">' in dutch
    assert '<html lang="en" dir="ltr">' in english
    for page in (dutch, english):
        assert f'hreflang="nl" href="{BASE}/gemeenten?zoek=utr"' in page
        assert f'hreflang="en" href="{BASE}/en/gemeenten?zoek=utr"' in page
        assert f'hreflang="x-default" href="{BASE}/gemeenten?zoek=utr"' in page
    assert '<a href="/en/gemeenten?zoek=utr" hreflang="en" lang="en" dir="ltr">English</a>' in dutch
    assert '<a href="/gemeenten?zoek=utr" hreflang="nl" lang="nl" dir="ltr">Nederlands</a>' in english


def test_neither_a_cookie_nor_the_browser_chooses_the_language(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Language": "en", "Cookie": "language=en"})
    assert '<html lang="nl"' in answer.text
    assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_who_reads_english_stays_in_english(app: Flask, client: FlaskClient) -> None:
    with transaction():
        activity = make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC))
        path, activity_id = addresses.activity(activity.id, activity.title), activity.id
    page = client.get("/en/activiteiten").text
    assert f'href="/en{path}"' in page
    assert 'action="/en/activiteiten#gevonden"' in page
    assert 'href="/activiteiten.csv"' in page
    assert client.get(f"/en/activiteiten/{activity_id}").location == f"/en{path}"


def test_a_feed_has_no_english_address(client: FlaskClient) -> None:
    assert client.get("/en/activiteiten.ics").status_code == 404
    assert client.get("/en/beheer/").status_code == 404


def test_an_unknown_language_is_not_found(client: FlaskClient) -> None:
    assert client.get("/xx/activiteiten").status_code == 404


def test_each_page_has_languages_and_nothing_else_has(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        plain = [url_for(rule.endpoint) for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())]
    for address in plain:
        answer, english = client.get(address), client.get(f"/en{address}")
        if answer.status_code != 200 or not addresses.has_languages(address):
            continue
        assert answer.mimetype == "text/html", f"{address} is no page: say so in weekapp.addresses.DUTCH_ONLY or FILE"
        assert english.status_code == 200, address
        assert '<html lang="en"' in english.text, address


def test_both_languages_of_a_page_are_kept_apart(client: FlaskClient) -> None:
    dutch, english = client.get("/kaart"), client.get("/en/kaart")
    assert dutch.headers["ETag"] != english.headers["ETag"]
    assert client.get("/kaart", headers={"If-None-Match": dutch.headers["ETag"]}).status_code == 304
    assert client.get("/en/kaart", headers={"If-None-Match": dutch.headers["ETag"]}).status_code == 200


def test_times_are_as_their_readers_write_them(app: Flask) -> None:
    assert templating.period(MORNING, NOON) == "donderdag 30 september, 10.30 tot 12.00 uur"
    with speaking("en"):
        assert templating.period(MORNING, NOON) == "Thursday 30 September, 10:30 am to 12:00 pm"
        assert templating.short_day(NOON) == "Thu 30 Sept"
    assert templating.short_day(NOON) == "do 30 sep"


def test_a_mail_is_in_the_language_of_its_reader_and_its_links_too(app: Flask) -> None:
    values = {"title": "Soep", "when": "30 September", "party": "2 people", "until": "noon", "link": f"{BASE}/aanmelding/abc"}
    with speaking("en"):
        text = render("signup_confirm", values)
    assert text.subject == "Confirm your place"
    assert f"{BASE}/en/aanmelding/abc" in text.plain
    assert f'href="{BASE}/en/aanmelding/abc"' in text.html
    assert '<html lang="en"' in text.html


def test_what_people_wrote_is_marked_as_dutch_on_an_english_page(app: Flask, client: FlaskClient) -> None:
    """A11Y-02: a screen reader changes its voice."""
    with transaction():
        make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC), title="Soep <met> brood")
    assert '<span lang="nl" dir="ltr">Soep &lt;met&gt; brood</span>' in client.get("/en/activiteiten").text
    assert "<span lang" not in client.get("/activiteiten").text


def test_people_keep_the_language_in_which_they_came(session: Session) -> None:
    with speaking("en"):
        english = make_user()
        session.flush()
    dutch = make_user()
    session.flush()
    assert (english.language, dutch.language) == ("en", "nl")


def test_a_text_without_a_translation_stays_dutch(app: Flask) -> None:
    with speaking("en"):
        assert languages.texts("en", languages.FOLDER).gettext("Deze tekst heeft niemand vertaald.") == "Deze tekst heeft niemand vertaald."


CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Activiteiten"
msgstr "الأنشطة"

msgid "Kaart"
msgstr "خريطة"
"""


@pytest.fixture
def arabic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A third language: one file."""
    (tmp_path / "ar" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "ar" / "LC_MESSAGES" / "messages.po").write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    return tmp_path


def test_a_language_from_right_to_left_needs_a_catalogue_only(app: Flask, arabic: Path, tmp_path: Path) -> None:
    site = create_app(settings_for_tests(tmp_path / "data", app.config["SQLALCHEMY_DATABASE_URI"]))
    page = site.test_client().get("/ar/toegankelijkheid").text
    with site.app_context():
        db.engine.dispose()
    assert '<html lang="ar" dir="rtl">' in page
    assert 'href="/ar/activiteiten"' in page
    assert "الأنشطة" in page
    assert '<a href="/toegankelijkheid" hreflang="nl" lang="nl" dir="ltr">Nederlands</a>' in page

import csv
import gzip
import io
import json
import re
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from tests.activities.searches import fill, random_pairs
from tests.builders import make_activity, make_edition, make_occurrence
from weekapp import cache, clock
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.rules import State
from weekapp.db import db, transaction
from weekapp.editions import service as editions
from weekapp.feeds.models import CalendarEntry

ENDINGS = ("ics", "geojson", "json", "csv", "atom")
ATOM = {"a": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/elements/1.1/"}
TYPES = {
    "ics": "text/calendar; charset=utf-8",
    "geojson": "application/geo+json",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
}


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def made(**more):
    with transaction():
        return make_activity(**more).id


def sheet_of(response):
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig")), delimiter=";"))


def events(response):
    return Calendar.from_ical(response.data).walk("VEVENT")


def id_of(event):
    return int(re.search(r"/activiteiten/(\d+)-", event["url"])[1])


def ids_in(ending, response):
    """The ids that a format names, by the means of that format."""
    assert response.status_code == 200
    if ending == "ics":
        return {id_of(event) for event in events(response)}
    if ending == "csv":
        return {int(row["id"]) for row in sheet_of(response)}
    if ending == "atom":
        return {int(found.text) for found in ElementTree.fromstring(response.data).findall("a:entry/dc:identifier", ATOM)}
    if ending == "geojson":
        return {feature["id"] for feature in response.get_json(force=True)["features"]}
    return {found["id"] for found in response.get_json()}


def ids_on_page(client, path, query):
    found, number = set(), 1
    while True:
        html = client.get(f"{path}?{query}&pagina={number}" if path == "/activiteiten" else f"{path}?{query}").text
        here = {int(text) for text in re.findall(r'<li (?:class="[^"]*" )?data-id="(\d+)"', html)}
        total = int(re.search(r'data-aantal="(\d+)"', html)[1])
        found |= here
        if path != "/activiteiten" or not here:
            assert len(found) == total
            return found
        number += 1


def test_page_map_and_all_feeds_hold_the_same_set_for_random_searches(client):
    with transaction():
        make_edition()
        fill(70)
        gone = set(db.session.scalars(select(Activity.id).where(Activity.state == State.WITHDRAWN)))
    random, sizes = Random(21), []
    for _ in range(40):
        query = urlencode(random_pairs(random))
        expected = ids_on_page(client, "/activiteiten", query)
        assert ids_on_page(client, "/kaart", query) == ids_on_page(client, "/kaart/insluiten", query) == expected, query
        for ending in ENDINGS:
            response = client.get(f"/activiteiten.{ending}?{query}")
            assert ids_in(ending, response) - gone == expected, (ending, query)
            assert ending == "ics" or not ids_in(ending, response) & gone
        assert all(event["status"] == "CANCELLED" for event in events(client.get(f"/activiteiten.ics?{query}")) if id_of(event) in gone)
        assert ids_in("geojson", client.get(f"/activiteiten.geojson?{query}&volledig=1")) == expected
        sizes.append(len(expected))
    assert sum(size > 0 for size in sizes) > 10


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_is_never_paged(client, ending):
    with transaction():
        for _ in range(30):
            make_activity()
    assert len(ids_in(ending, client.get(f"/activiteiten.{ending}"))) == 30


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_without_activities_is_a_valid_answer(client, ending):
    response = client.get(f"/activiteiten.{ending}")
    assert (ids_in(ending, response), response.content_type) == (set(), TYPES[ending])


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_wrong_filter_is_refused_with_all_errors_at_once(client, ending):
    made()
    response = client.get(f"/activiteiten.{ending}?dag=morgen&kleur=rood&pagina=2&gratis=1")
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert {error["field"] for error in response.get_json()["errors"]} == {"dag", "kleur", "pagina"}
    assert {"status", "title", "detail"} <= set(response.get_json())


def test_a_very_long_question_is_refused_early(client):
    response = client.get("/activiteiten.json?q=" + "a" * 5000)
    assert (response.status_code, response.content_type) == (400, "application/problem+json")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_can_be_asked_for_again_cheaply(client, at, ending):
    made()
    at(datetime(2027, 9, 1, 12, 5, tzinfo=UTC))
    response = client.get(f"/activiteiten.{ending}")
    path, tag, changed = f"/activiteiten.{ending}", response.headers["ETag"], response.headers["Last-Modified"]
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"].startswith("public, max-age=")
    for asked in ({"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-None-Match": "*"}, {"If-Modified-Since": changed}):
        again = client.get(path, headers=asked)
        assert (again.status_code, again.data) == (304, b""), asked
    assert client.get(path, headers={"If-None-Match": '"other"', "If-Modified-Since": changed}).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"], head.content_length) == (200, b"", tag, len(response.data))


def test_the_same_feed_has_the_same_bytes_after_everything_was_forgotten(app, client):
    made()
    before = client.get("/activiteiten.ics").data
    cache.layer_of(app).forget()
    assert client.get("/activiteiten.ics").data == before


def test_a_change_shows_and_moves_the_validators(client, at):
    number = made()
    before = client.get("/activiteiten.ics")
    at(datetime(2027, 9, 1, 13, tzinfo=UTC))
    with transaction():
        activity = db.session.get(Activity, number)
        activity.title, activity.changed_at = "Samen taart eten", clock.now()
        editions.touch(activity.edition_id)
    after = client.get("/activiteiten.ics", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert events(after)[0]["summary"] == "Samen taart eten"
    assert after.last_modified > before.last_modified


def test_last_modified_moves_on_when_an_activity_goes_away(client, at):
    number = made()
    before = client.get("/activiteiten.json").last_modified
    at(datetime(2027, 9, 1, 13, tzinfo=UTC))
    with transaction():
        activity = db.session.get(Activity, number)
        activity.state = State.WITHDRAWN
        editions.touch(activity.edition_id)
    assert client.get("/activiteiten.json").last_modified > before


def test_packed_and_plain_answers_are_the_same_and_tell_each_other_apart(client):
    with transaction():
        for _ in range(5):
            make_activity()
    plain, packed = client.get("/activiteiten.ics"), client.get("/activiteiten.ics", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_an_entry_is_written_once_and_joined_ever_after(app, client):
    made()
    first = client.get("/activiteiten.ics").data
    with transaction():
        db.session.execute(update(CalendarEntry).values(octets=b"BEGIN:VEVENT\r\nUID:stored\r\nEND:VEVENT\r\n"))
    cache.layer_of(app).forget()
    assert first != client.get("/activiteiten.ics").data
    assert b"UID:stored" in client.get("/activiteiten.ics").data


def test_an_entry_of_another_host_or_an_older_program_is_written_anew(app, client):
    made()
    first = client.get("/activiteiten.ics").data
    with transaction():
        db.session.execute(update(CalendarEntry).values(octets=b"old", recipe="older"))
    cache.layer_of(app).forget()
    assert client.get("/activiteiten.ics").data == first


def test_the_uid_is_the_same_in_every_feed(client):
    number = made()
    with transaction():
        uid = db.session.scalar(select(Occurrence.uid).where(Occurrence.activity_id == number))
    for path in ("/activiteiten.ics", "/gemeenten/utrecht.ics", f"/activiteiten/{number}.ics", "/activiteiten.ics?gratis=1"):
        assert [event["uid"] for event in events(client.get(path))] == [uid], path


def test_a_search_by_day_gives_only_the_moments_of_that_day(client):
    with transaction():
        activity = make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC))
        make_occurrence(activity, datetime(2027, 10, 2, 10, tzinfo=UTC))
        number = activity.id
    assert len(events(client.get("/activiteiten.ics?dag=2027-10-02"))) == 1
    assert len(events(client.get(f"/activiteiten/{number}.ics"))) == 2


def test_moments_come_in_order_of_time(client):
    for days in (3, 0, 5):
        made(starts=datetime(2027, 9, 30, 10, tzinfo=UTC) + timedelta(days=days))
    starts = [event["dtstart"].dt for event in events(client.get("/activiteiten.ics"))]
    assert starts == sorted(starts)


def test_a_municipality_has_its_own_calendar(client):
    here = made()
    made(municipality_code="GM0363", town="Amsterdam")
    response = client.get("/gemeenten/utrecht.ics")
    assert ids_in("ics", response) == {here}
    assert b"X-WR-CALNAME:Kom erbij in Utrecht\r\n" in response.data
    assert b"SOURCE;VALUE=URI:http://127.0.0.1:8000/gemeenten/utrecht.ics\r\n" in response.data


def test_a_municipality_without_activities_has_an_empty_calendar(client):
    assert ids_in("ics", client.get("/gemeenten/vlieland.ics")) == set()


@pytest.mark.parametrize("name", ["Utrecht", "GM0344", "gm0344"])
def test_another_name_of_a_municipality_leads_to_its_feed(client, name):
    answer = client.get(f"/gemeenten/{name}.ics")
    assert (answer.status_code, answer.location) == (301, "/gemeenten/utrecht.ics")


def test_a_name_that_two_municipalities_have_or_none_has_no_feed(client):
    assert [client.get(f"/gemeenten/{name}.ics").status_code for name in ("Bergen", "nergenshuizen")] == [404, 404]


def test_a_script_of_another_website_may_ask_whether_a_feed_has_changed(client):
    asked = {
        "Origin": "https://gemeente.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    leave = client.options("/activiteiten.json", headers=asked)
    assert (leave.status_code, leave.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "If-None-Match" in leave.headers["Access-Control-Allow-Headers"]
    assert client.get("/activiteiten.json").headers["Access-Control-Expose-Headers"] == "ETag"


def test_the_calendar_of_a_former_municipality_moves_for_good(client):
    response = client.get("/gemeenten/weesp.ics")
    assert (response.status_code, response.location) == (301, "/gemeenten/amsterdam.ics")


@pytest.mark.parametrize(
    "path", ["/gemeenten/atlantis.ics", "/activiteiten/999.ics", "/activiteiten.xml", "/activiteiten.ics/", "/activiteiten/9999999999.ics"]
)
def test_what_is_not_there_is_404(client, path):
    assert client.get(path).status_code == 404


def test_a_single_file_is_for_saving_and_a_feed_for_reading(client):
    number = made()
    assert client.get(f"/activiteiten/{number}.ics").headers["Content-Disposition"] == f'attachment; filename="kom-erbij-{number}.ics"'
    assert client.get("/activiteiten.ics").headers["Content-Disposition"].startswith("inline;")


def test_every_format_names_id_and_absolute_address(client):
    number = made()
    short = f"http://127.0.0.1:8000/activiteiten/{number}"
    url = f"{short}-samen-soep-eten"
    assert client.get("/activiteiten.json").get_json()[0]["url"] == url
    for query, page in (("", short), ("?volledig=1", url)):
        feature = client.get(f"/activiteiten.geojson{query}").get_json(force=True)["features"][0]
        assert (feature["id"], feature["properties"]["id"], feature["properties"]["url"]) == (number, number, page)
    assert client.get(short).location == f"/activiteiten/{number}-samen-soep-eten"
    assert sheet_of(client.get("/activiteiten.csv"))[0]["url"] == url
    assert events(client.get("/activiteiten.ics"))[0]["url"] == url
    entry = ElementTree.fromstring(client.get("/activiteiten.atom").data).find("a:entry", ATOM)
    assert entry.find("a:link", ATOM).get("href") == url


def test_an_unknown_place_has_no_geometry(client):
    made(lon=None, lat=None)
    assert client.get("/activiteiten.geojson").get_json(force=True)["features"][0]["geometry"] is None


def test_the_slim_map_file_is_small(client):
    with transaction():
        for number in range(300):
            make_activity(f"Samen soep eten met de buren van nummer {number}", lon=5 + number / 1000, lat=52 + number / 2000)
    assert len(gzip.compress(client.get("/activiteiten.geojson").data)) < 120_000 / 10


def test_a_wrong_word_for_full_is_refused(client):
    assert client.get("/activiteiten.geojson?volledig=misschien").status_code == 400
    assert client.get("/activiteiten.json?volledig=1").status_code == 400


def test_a_sheet_opens_in_excel_and_runs_nothing(client):
    made(title="=1+1", description="@som\r\n-2", cost="+5", is_free=False)
    response = client.get("/activiteiten.csv")
    assert response.data.startswith(b"\xef\xbb\xbfid;")
    assert response.data.count(b"\r\n") == response.data.count(b"\n") == 2
    row = sheet_of(response)[0]
    assert (row["titel"], row["omschrijving"], row["kosten"]) == ("'=1+1", "'@som -2", "'+5")
    assert (row["eerste_begin"], row["breedtegraad"]) == ("2027-09-30 12:00", "52,08990")


def test_atom_has_the_newest_change_first_and_survives_any_text(client, at):
    made(title="Eerst & <b>vet</b> \x07")
    at(datetime(2027, 9, 1, 14, tzinfo=UTC))
    made(title="Daarna")
    feed = ElementTree.fromstring(client.get("/activiteiten.atom").data)
    assert [found.text for found in feed.findall("a:entry/a:title", ATOM)] == ["Daarna", "Eerst & <b>vet</b>"]
    assert feed.find("a:link[@rel='self']", ATOM).get("href") == "http://127.0.0.1:8000/activiteiten.atom"
    assert feed.find("a:updated", ATOM).text.endswith("Z")


def test_no_machine_format_holds_a_person_or_a_home(client):
    with transaction():
        home = {"is_home": True, "street": "Geheimstraat", "venue": "Bij Voorbeeld", "postcode": "3511 ZZ"}
        activity = make_activity(cancel_reason="Jan is ziek", **home)
        activity.initiator.name, activity.initiator.email = "Jannie Voorbeeld", "jannie@voorbeeld.nl"
    for path in [f"/activiteiten.{ending}" for ending in ENDINGS] + ["/activiteiten.geojson?volledig=1"]:
        text = client.get(path).text
        for secret in ("Jannie", "jannie@", "Geheimstraat", "Bij Voorbeeld", "3511 ZZ", "Jan is ziek"):
            assert secret not in text, (path, secret)


def test_any_website_may_read_the_feeds(client):
    assert client.get("/activiteiten.json").headers["Access-Control-Allow-Origin"] == "*"


def test_json_has_times_in_utc(client):
    made(starts=datetime(2027, 9, 30, 10, tzinfo=UTC))
    moment = json.loads(client.get("/activiteiten.json").data)[0]["momenten"][0]
    assert (moment["begin"], moment["einde"]) == ("2027-09-30T10:00:00Z", "2027-09-30T12:00:00Z")

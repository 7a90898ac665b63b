"""Posters: tagged, in Dutch, with the facts of the page."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
import typst
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader

from tests.builders import make_activity, make_occurrence
from weekapp.activities.rules import State
from weekapp.db import transaction
from weekapp.typesetting import qr_svg


def text_of(body: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_poster_is_one_tagged_page_in_dutch(client: FlaskClient, paper: str):
    with transaction():
        activity = make_activity("Zingen met Łukasz, Şahin en Đặng", venue="Zaal Oost")
        path = f"/activiteiten/{activity.id}/poster-{paper}.pdf"
    body = client.get(path).data
    with pikepdf.open(io.BytesIO(body)) as document:
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang) == "nl"
        assert len(document.pages) == 1
        assert document.Root.ViewerPreferences.DisplayDocTitle  # A11Y-18
        assert str(document.docinfo["/Title"]) == "Zingen met Łukasz, Şahin en Đặng"
    text = text_of(body)
    assert "Łukasz, Şahin en Đặng" in text
    assert "donderdag 30 september, 12.00 tot 14.00 uur" in text
    assert "Zaal Oost" in text
    assert client.get(path).data == body


def test_poster_of_a_home_holds_no_street(client: FlaskClient):
    with transaction():
        activity = make_activity(is_home=True, street="Geheimlaan")
        path = f"/activiteiten/{activity.id}/poster-a4.pdf"
    text = text_of(client.get(path).data)
    assert "Geheimlaan" not in text
    assert "Utrecht" in text


def test_poster_fits_one_page_with_thirty_moments_and_the_longest_title(client: FlaskClient):
    with transaction():
        activity = make_activity("Lang " * 24)
        for day in range(1, 30):
            make_occurrence(activity, datetime(2027, 10, day, 8, tzinfo=UTC))
        path = f"/activiteiten/{activity.id}/poster-a4.pdf"
    reader = PdfReader(io.BytesIO(client.get(path).data))
    assert len(reader.pages) == 1
    assert "Er zijn meer momenten" in text_of(client.get(path).data)


def test_activity_that_waits_for_approval_has_no_poster(client: FlaskClient):
    with transaction():
        activity = make_activity(state=State.SUBMITTED)
        path = f"/activiteiten/{activity.id}/poster-a4.pdf"
    assert client.get(path).status_code == 404


def test_empty_poster_is_there_for_everyone(client: FlaskClient):
    assert "Er is een stoel voor je vrij" in text_of(client.get("/poster-a4.pdf").data)


def test_poster_names_the_number_that_visitors_may_call(client: FlaskClient):
    with transaction():
        own = make_activity(public_phone="+31612345678").id
        ours = make_activity().id
    assert "Of bel 06 12345678." in text_of(client.get(f"/activiteiten/{own}/poster-a4.pdf").data)
    assert "Of bel 088 000 0000." in text_of(client.get(f"/activiteiten/{ours}/poster-a4.pdf").data)


@pytest.mark.parametrize(("paper", "least"), [("a4", 25), ("a3", 35)])
def test_poster_is_in_large_print(client: FlaskClient, paper: str, least: int):
    """Points: what is asked of large print is 16 to 18."""
    with transaction():
        path = f"/activiteiten/{make_activity(venue='Zaal Oost').id}/poster-{paper}.pdf"
    sizes: dict[str, float] = {}

    def note(text: str, _cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes[text.strip()] = abs(size * tm[3])

    PdfReader(io.BytesIO(client.get(path).data)).pages[0].extract_text(visitor_text=note)
    facts = [size for text, size in sizes.items() if "Zaal" in text or "donderdag" in text]
    assert facts
    assert min(facts) >= least


def test_the_code_on_a_poster_leads_to_its_page(client: FlaskClient):
    with transaction():
        activity = make_activity()
        path, page = f"/activiteiten/{activity.id}/poster-a4.pdf", f"/activiteiten/{activity.id}-samen-soep-eten"
    with pikepdf.open(io.BytesIO(client.get(path).data)) as document:
        words = [str(one) for one in alternatives(document.Root.StructTreeRoot)]
    assert f"QR-code naar http://127.0.0.1:8000{page}" in words
    assert scanned(f"http://127.0.0.1:8000{page}") == [f"http://127.0.0.1:8000{page}"]


def scanned(link: str) -> list[str]:
    """What a phone reads in the drawing of the code, on paper of 42 mm at 150 dots an inch."""
    source = b'#set page(width: 60mm, height: 60mm, margin: 9mm)\n#image(bytes(sys.inputs.data), format: "svg", width: 42mm)'
    drawn = typst.compile(source, sys_inputs={"data": qr_svg(link)}, format="png", ppi=150, ignore_system_fonts=True)
    image = Image.open(io.BytesIO(drawn[0] if isinstance(drawn, list) else drawn)).convert("L")
    return [code.text for code in zxingcpp.read_barcodes(image)]


def alternatives(element: pikepdf.Object) -> list[pikepdf.Object]:
    """The words for pictures in the structure of a document."""
    if isinstance(element, pikepdf.Array):
        return [one for child in element for one in alternatives(child)]
    if not isinstance(element, pikepdf.Dictionary):
        return []
    own = [element.Alt] if "/Alt" in element else []
    return own + (alternatives(element.K) if "/K" in element else [])

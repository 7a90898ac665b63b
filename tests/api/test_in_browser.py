"""The page about open data in a real browser: no axe violations, nothing wider than the window, and its pieces work on another website."""

import html
import re
from datetime import UTC, datetime

import pytest
from werkzeug.wrappers import Response

from tests.browsing import NARROW, WIDE, visitor
from tests.builders import make_activity
from tests.serving import served
from weekapp.db import transaction

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("path", ["/open-data", "/open-data?gemeente=atlantis"])
def test_the_page_is_accessible_and_fits(browser, site, path, size):
    somebody = visitor(browser, site, size)
    try:
        somebody.open(path)
        somebody.check()
    finally:
        somebody.close()


def test_the_list_to_copy_works_on_another_website(browser, site, client, at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))
    with transaction():
        make_activity("Wandelen <b>samen</b>", starts=datetime(2027, 10, 1, 8, tzinfo=UTC))
        make_activity("Samen soep eten", starts=datetime(2027, 9, 30, 8, tzinfo=UTC))
    shown = html.unescape(client.get("/open-data").text)
    piece = re.search(r'<ul id="kom-erbij">.*?</script>', shown, re.DOTALL)[0].replace("http://127.0.0.1:8000", site)
    with served(Response(f"<!doctype html>{piece}", content_type="text/html")) as other_site:  # another port is another origin
        page = browser.new_page()
        page.goto(other_site)
        page.wait_for_selector("li + li", timeout=10_000)
        lines = page.locator("li").all_inner_texts()
        page.close()
    assert lines == ["Samen soep eten, donderdag 30 september 2027", "Wandelen <b>samen</b>, vrijdag 1 oktober 2027"]

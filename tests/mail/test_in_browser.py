"""Each mail as a person sees it on a phone: pleases axe and fits the window; needs Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from tests.browsing import PHONE, TAGS
from tests.mail.letters import LETTERS
from weekapp.mail.render import render

pytestmark = pytest.mark.browser
RULES = [tag for tag in TAGS if tag != "best-practice"]  # a letter needs no heading


def test_each_mail_pleases_axe_and_fits_a_phone(app: Flask, browser: Browser):
    page = browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
    wrong = {}
    with app.test_request_context("/"):
        for name, values in LETTERS.items():
            page.set_content(render(name, values).html)
            found = [one["id"] for one in Axe().run(page, options={"runOnly": RULES}).response["violations"]]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("wider than a phone")
            wrong |= {name: found} if found else {}
    page.close()
    assert wrong == {}

from dataclasses import replace

import pytest

from tests.mail.letters import LETTERS
from weekapp.core import settings
from weekapp.db import transaction
from weekapp.mail import service
from weekapp.mail.delivery import deliver
from weekapp.mail.staff_views import with_links


@pytest.fixture
def demo(app, tmp_path):
    before = settings()
    app.config["SETTINGS"] = replace(before, data_dir=tmp_path, demo=True)
    yield tmp_path / "mail"
    app.config["SETTINGS"] = before


def sent(template="sign_in_link", **more):
    with transaction():
        mail = service.queue_mail(f"proef {template}", template, "sam@voorbeeld.nl", **(LETTERS[template] | more))
    deliver(mail.id)


def test_outside_a_demonstration_there_is_no_post(client):
    assert client.get("/demo/post").status_code == 404
    assert client.get("/demo/post/20270901T120000-1").status_code == 404


def test_an_empty_post_says_so(client, demo):
    assert "Er zijn nog geen mails." in client.get("/demo/post").text


def test_the_newest_mail_comes_first(client, demo):
    sent("sign_in_link")
    sent("order_shipped")
    page = client.get("/demo/post").text
    assert page.index("Je pakket is onderweg") < page.index("Je link om in te loggen")


def test_links_in_a_mail_can_be_clicked(client, demo):
    sent()
    address = f"/demo/post/{next(demo.glob('*.eml')).stem}"
    page = client.get(address).text
    link = LETTERS["sign_in_link"]["link"]
    assert f'<a href="{link}">{link}</a>' in page


def test_html_in_a_mail_stays_text(client, demo):
    sent("activity_returned", reason='<script>alert(1)</script> https://x.example/?a=1&b="2')
    page = client.get(f"/demo/post/{next(demo.glob('*.eml')).stem}").text
    assert "<script>" not in page


def test_a_full_stop_after_a_link_is_not_part_of_it():
    assert (
        with_links("Zie https://komerbij.example/mijn.") == 'Zie <a href="https://komerbij.example/mijn">https://komerbij.example/mijn</a>.'
    )


@pytest.mark.parametrize("name", ["..%2Fdemo-accounts", "%2e%2e", "20270901T120000-999"])
def test_only_mails_can_be_read(client, demo, name):
    assert client.get(f"/demo/post/{name}").status_code == 404

"""Moderators read only what differs, and look afterwards at what showed at once (product.md rule 9)."""

import pytest

from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_user, sign_in
from weekapp.activities import history
from weekapp.activities.models import Activity
from weekapp.activities.rules import Happened, State
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.moderation import revisions
from weekapp.moderation import service as moderation
from weekapp.moderation.models import Revision, RevisionState

OLD = "We koken soep en eten samen aan een lange tafel."
NEW = "We koken soep en eten samen aan een ronde tafel."


@pytest.fixture
def moderator(client):
    with transaction():
        user = make_user("moderator")
    sign_in(client, user)
    return user.id


@pytest.fixture
def text_id(moderator):
    """Another text that waits."""
    with transaction():
        activity = make_activity(description=OLD)
        return sent(activity, description=NEW).id


def sent(activity, **texts):
    found = revisions.propose(activity, texts, by=activity.initiator)
    db.session.flush()
    return found


def act(client, text_id, verb, **more):
    page = client.get(f"/beheer/moderatie/teksten/{text_id}").text
    path = f"/beheer/moderatie/teksten/{text_id}/{verb}"
    return client.post(path, data=hidden_fields(page, path) | more)


def stored(text_id):
    with transaction():
        one = db.session.get(Revision, text_id)
        return one.state, one.activity.description, [mail.template for mail in db.session.query(OutgoingMail)]


def test_old_and_new_stand_side_by_side_with_only_the_difference_marked(client, text_id):
    page = client.get(f"/beheer/moderatie/teksten/{text_id}").text
    assert "<del>lange</del>" in page
    assert "<ins>ronde</ins>" in page
    assert "Naam: nu" not in page, "the title is the same: nobody reads it again"


def test_the_queue_names_the_texts_that_wait(client, text_id):
    assert f'href="/beheer/moderatie/teksten/{text_id}"' in client.get("/beheer/moderatie").text
    assert "1 nieuwe tekst om te lezen" in client.get("/beheer").text


def test_an_approved_text_is_public_at_once_and_its_sender_hears_it(client, text_id):
    assert act(client, text_id, "goedkeuren").status_code == 303
    assert stored(text_id) == (RevisionState.APPROVED, NEW, ["text_approved"])
    assert NEW in client.get("/activiteiten/1", follow_redirects=True).text
    assert "Samen soep eten" in client.get("/activiteiten?q=ronde").text, "the search knows the new words"
    assert "Nieuwe teksten" not in client.get("/beheer/moderatie").text


def test_a_text_that_is_sent_back_leaves_the_old_one_public(client, text_id):
    assert act(client, text_id, "terugsturen", own="Noem de tijd niet.").status_code == 303
    assert stored(text_id) == (RevisionState.RETURNED, OLD, ["text_returned"])


def test_sending_back_asks_for_a_reason(client, text_id):
    assert act(client, text_id, "terugsturen").status_code == 400
    assert stored(text_id)[0] is RevisionState.WAITING


def test_a_text_that_changed_while_somebody_was_reading_is_not_approved(client, text_id):
    path = f"/beheer/moderatie/teksten/{text_id}/goedkeuren"
    fields = hidden_fields(client.get(f"/beheer/moderatie/teksten/{text_id}").text, path)
    with transaction():
        activity = db.session.get(Revision, text_id).activity
        sent(activity, description="Iets heel anders.")
    client.post(path, data=fields)
    assert stored(text_id)[:2] == (RevisionState.WAITING, OLD)


def test_an_activity_that_changed_while_somebody_was_reading_is_not_approved(client, moderator):
    with transaction():
        activity_id = make_activity(state=State.SUBMITTED, published_at=None).id
    path = f"/beheer/moderatie/{activity_id}/goedkeuren"
    fields = hidden_fields(client.get(f"/beheer/moderatie/{activity_id}").text, path)
    with transaction():
        activity = db.session.get(Activity, activity_id)
        activity.changed_at = activity.changed_at.replace(year=activity.changed_at.year + 1)
    answer = client.post(path, data=fields)
    assert "De initiatiefnemer heeft net iets veranderd." in client.get(answer.location).text
    with transaction():
        assert db.session.get(Activity, activity_id).state is State.SUBMITTED


def test_what_was_read_before_and_sent_back_is_not_read_in_full_again(client, moderator):
    with transaction():
        activity = make_activity(state=State.SUBMITTED, published_at=None, description=OLD)
        by = make_user("moderator")
        moderation.send_back(activity, "Ronde tafels zijn gezelliger.", by=by)
        activity.description = NEW
        activity.state = State.SUBMITTED
        activity_id = activity.id
    page = client.get(f"/beheer/moderatie/{activity_id}").text
    assert "Je las deze activiteit al eerder" in page
    assert "<ins>ronde</ins>" in page


def test_facts_that_showed_at_once_are_looked_at_once(client, moderator):
    with transaction():
        activity = make_activity()
        history.note(activity, Happened.MOMENT_MOVED, by=activity.initiator, before="10.00", after="11.00")
        activity_id = activity.id
    page = client.get("/beheer/moderatie").text
    assert "De tijd is anders" in page
    path = f"/beheer/moderatie/veranderd/{activity_id}/gezien"
    fields = hidden_fields(page, path)
    with transaction():
        history.note(db.session.get(Activity, activity_id), Happened.PLACE_MOVED, by=None)
    client.post(path, data=fields)
    page = client.get("/beheer/moderatie").text
    assert "De tijd is anders" not in page
    assert "De plek is anders" in page, "what came after the page was opened still waits"


def test_staff_read_the_history_with_names(client, moderator):
    with transaction():
        activity = make_activity()
        history.note(activity, Happened.TEXT_APPROVED, by=make_user("moderator", name="Bo Beheer", password="x"))
        activity_id = activity.id
    page = client.get(f"/beheer/activiteiten/{activity_id}/geschiedenis").text
    assert "Bo Beheer" in page


def test_who_is_no_moderator_reads_no_texts(client, text_id):
    with transaction():
        user = make_user("initiator")
    sign_in(client, user)
    assert client.get(f"/beheer/moderatie/teksten/{text_id}").status_code == 403

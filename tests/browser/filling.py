"""What stands on the full site: the demo edition, and one of everything that the demo does not have."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from fulfilment import tasks
from fulfilment.carrier import apply
from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_edition, make_occurrence, make_order, make_user
from tests.mail.letters import LETTERS
from tests.registration.filling import Person, confirm_link
from tests.shipments.making import make_mapping, packed_order, says, uploaded
from tests.signups.making import coming, link_in_last_mail, make_moment, signed_up
from weekapp import clock
from weekapp.accounts.models import Role, User
from weekapp.activities import service as activities
from weekapp.activities import still_on
from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.batches.models import Batch
from weekapp.core import settings
from weekapp.db import db, transaction
from weekapp.demo import service as demo
from weekapp.gatherings.models import Gathering
from weekapp.gatherings.rules import Kind
from weekapp.geography.models import Municipality
from weekapp.mail.models import OutgoingMail
from weekapp.mail.render import message, render
from weekapp.moderation import revisions
from weekapp.moderation import service as moderation
from weekapp.moderation.rules import Mistake, ReportState
from weekapp.orders.models import Order
from weekapp.orders.rules import number_of
from weekapp.organisations import service as organisations
from weekapp.organisations.models import Membership
from weekapp.shipments import files
from weekapp.shipments import service as shipments
from weekapp.shipments.models import ReturnFile
from weekapp.shipments.rules import Carrier, Status
from weekapp.signups import service as sign_ups
from weekapp.signups.rules import Reason

WHICH_GATHERINGS = (Gathering.kind == Kind.OPENING, Gathering.cancelled_at.is_not(None))
assert tasks.build_batch, "the worker's tasks are known: demo data have it make batches"
Found = dict[str, object]
LONG_WORD = "Hottentottententententoonstellingsmakersbijeenkomst"  # what people type is sometimes wider than a phone


def fill(found: Found) -> dict[str, User]:
    """Fill the site and note what addresses need; a person for each role, all of one initiator's making."""
    demo.fill(60, 40)
    with transaction():
        people = staff()
        people["initiator"] = make_user("initiator", name="Noor Voorbeeld", phone="+31612345678")
        add_activities(found, people["initiator"])
        add_sign_ups(found, people["initiator"])
        add_work_for_moderators(found, people)
        add_parcels(found)
        add_places(found)
    for file_id in range(1, 5):
        apply.parse_file(file_id)
    with transaction():
        files.apply(db.session.get_one(ReturnFile, 2), by=people["logistics"])
        note_numbers(found)
    add_registrations(found)
    add_letters()
    return people


def staff() -> dict[str, User]:
    """Somebody of each role that the demo has."""
    users = db.session.scalars(select(User).join(User.roles).where(Role.name != "initiator"))
    return {user.roles[0].name: user for user in users}


def add_activities(found: Found, initiator: User) -> None:
    """One in each state, of one initiator in one organisation."""
    public = make_activity(f"Samen soep eten met {LONG_WORD}", initiator=initiator, welcomer="Ans", quiet=True, expected_visitors=80)
    make_occurrence(public, datetime(2027, 10, 1, 10, tzinfo=UTC))
    same = {"initiator": initiator, "organisation": public.organisation}
    off = make_activity("Zingen in het park", **same)
    activities.cancel(off, "De zanger is ziek.", by=initiator)
    waits = make_activity("Wandelen met de buurt", state=State.SUBMITTED, published_at=None, **same)
    returned = make_activity("Koffie op de stoep", state=State.SUBMITTED, published_at=None, **same)
    moderation.send_back(returned, "Controleer het adres.", by=make_user("moderator"))
    former = make_activity("Van toen", edition=make_edition(2026), **same)
    no_order = make_activity("Lezen in de bieb", postcode="3512 AB", **same)
    for name, one in {"public": public, "off": off, "waits": waits, "returned": returned, "former": former, "unordered": no_order}.items():
        found[name] = one.id
    found["moment"] = public.occurrences[0].id
    found["organisation"] = public.organisation_id
    found["own_order"] = make_order(activity=public, number=number_of(2027, 90_010)).id
    soon = make_activity("Elke week koffie", starts=clock.now() + timedelta(days=13), submitted_at=clock.now() - timedelta(days=60), **same)
    found["soon"] = soon.id
    db.session.add(Membership(user_id=make_user(name="Sam Verzonnen").id, organisation_id=public.organisation_id, since=clock.now()))
    organisations.invite(public.organisation, "nieuw@voorbeeld.nl", by=initiator)
    still_on.ask(clock.now())
    db.session.flush()
    found["still_on"], found["invitation"] = link_of("still_on"), link_of("colleague_invited")


def link_of(template: str) -> str:
    """The path of the link in the newest mail of a kind."""
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.template == template).order_by(OutgoingMail.id.desc())).first()
    assert mail is not None, template
    return str(mail.values["link"]).partition(":8000")[2]


def add_sign_ups(found: Found, initiator: User) -> None:
    """Somebody in each state, with the links that they got by mail."""
    moment = make_moment(places=5, title="Samen koken", initiator=initiator)
    full = make_moment(places=1, title="Schaken", initiator=initiator)
    found["signing_up"], found["filled_up"] = moment.activity_id, full.activity_id
    found["came"] = (there := coming(moment, "Jan")).id
    coming(full, "Els")
    waiting = coming(full, "Piet")
    asked = signed_up(moment, LONG_WORD[:30])
    signed_up(moment, "Mevrouw Pieterse-van den Bovenkamp", phone="+31612345678")
    gone = coming(moment, "Groep", size=2)
    found["link_asked"] = link_in_last_mail(asked, "link")
    found["link_came"] = link_in_last_mail(there, "cancel_link")
    found["link_gone"] = link_in_last_mail(gone, "cancel_link")
    found["link_waiting"] = link_in_last_mail(waiting, "cancel_link")
    for name, one in (("confirmed", there), ("queued", waiting)):
        found[f"link_{name}"] = "/aanmelding/" + sign_ups.letters.confirm_token(one)
    sign_ups.cancel(gone, Reason.BY_LINK)


def add_work_for_moderators(found: Found, people: dict[str, User]) -> None:
    """Another text that waits, and mistakes that were reported."""
    public = db.session.get_one(Activity, found["public"])
    text = revisions.propose(public, {"description": "We koken soep en eten samen aan een ronde tafel."}, by=public.initiator)
    db.session.flush()
    found["text"] = text.id
    first = moderation.report(public.id, Mistake.TIME, "Het begint om 11 uur.", send_id="first")
    moderation.report(public.id, Mistake.OTHER, LONG_WORD, send_id="second")
    assert first is not None
    moderation.settle(first, ReportState.MENDED, by=people["moderator"])


def add_parcels(found: Found) -> None:
    """Files of carriers in each state, and parcels with which something is the matter."""
    make_mapping()
    orders = [packed_order(quantity=2, number=number_of(2027, 90_000 + place)) for place in range(4)]
    numbers = [order.number for order in orders]
    uploaded("a;b;c", carrier=Carrier.DHL)
    uploaded(f"{numbers[0]};3SABCD1;bezorgd", f"{numbers[1]};3SABCD2;onderweg", "WEB-1;3SX;x", f"{numbers[0]};3SABCD1;onderweg")
    uploaded(f"{numbers[0]};3,1E+12;bezorgd", f"{numbers[1]};;gisteren")
    uploaded(f"{numbers[2]};3SABCD3;vreemd woord")
    shipments.write_down([says(orders[3], "3SLOST001", Status.LOST)], Carrier.DPD, by_id=0)
    shipments.write_down([says(orders[2], "3SBACK001", Status.RETURNED)], Carrier.OTHER, by_id=0)
    found["packed"] = numbers[0]


def add_places(found: Found) -> None:
    """A municipality with words of its own."""
    utrecht = db.session.scalars(select(Municipality).where(Municipality.code == "GM0344")).one()
    utrecht.introduction = "In Utrecht schuif je overal aan.\nKom erbij."


def note_numbers(found: Found) -> None:
    """What the demo made, as the addresses of the desk name it."""
    opening, off = (db.session.scalars(select(Gathering).where(which).order_by(Gathering.id)).first() for which in WHICH_GATHERINGS)
    assert opening
    assert off
    found["opening"], found["session"], found["called_off"] = opening.id, opening.sessions[0].id, off.id
    found["link_to_session"] = "/aanmelding/" + sign_ups.letters.confirm_token(coming(opening.sessions[0].moment, "Sam"))
    found["batch"] = db.session.scalars(select(Batch.id).order_by(Batch.id.desc())).first()
    found["order"] = db.session.scalars(select(Order.number).where(Order.state == "approved")).first()
    found["held"] = db.session.scalars(select(Order.number).where(Order.state == "held")).first()
    found["person"] = db.session.scalars(select(User.id).where(User.email == "logistiek@voorbeeld.nl")).one()


def add_registrations(found: Found) -> None:
    """One that is half way, one that is sent, one that waits for its button, and one that is confirmed."""
    from flask import current_app

    def somebody() -> Person:
        return Person(current_app.test_client())

    found["draft"] = somebody().walk().token
    sent = somebody()
    found["unconfirmed"] = sent.send_off(plaats_en_tijd={"house_number": "14"})
    found["sent"] = sent.token
    done = somebody()
    done.confirm(plaats_en_tijd={"house_number": "16"})
    found["confirmed"] = confirm_link()
    client = current_app.test_client()
    client.post("/inloggen", data=hidden_fields(client.get("/inloggen").text, "/inloggen") | {"email": "noor@voorbeeld.nl"})
    found["sign_in"] = link_of("sign_in_link")


def add_letters() -> None:
    """Every mail there is, as a file in the box of the demonstration (A11Y-17)."""
    folder = settings().data_dir / "mail"
    folder.mkdir(exist_ok=True)
    for number, (template, values) in enumerate(LETTERS.items(), 1):
        now = clock.now() + timedelta(seconds=number)
        mail = message(render(template, values), recipient="sam@voorbeeld.nl", event_key=template, written_at=now, settings=settings())
        (folder / f"{now:%Y%m%dT%H%M%S}-{number}.eml").write_bytes(mail.as_bytes())

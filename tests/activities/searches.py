"""Random searches and a varied little edition to try them on; the same seed gives the same."""

from datetime import UTC, datetime, timedelta
from random import Random

from tests.builders import make_activity, make_edition, make_occurrence, make_organisation, make_user
from weekapp import clock
from weekapp.activities.filters import YES_WORDS
from weekapp.activities.models import ActivityLanguage
from weekapp.activities.rules import Audience, State, Stop, Theme, folded
from weekapp.geography.rules import Precision

PLACES = [
    ("3511 LX", "Utrecht", "GM0344", 5.118, 52.0899),
    ("3818 AA", "Amersfoort", "GM0307", 5.3772, 52.1507),
    ("1012 AB", "Amsterdam", "GM0363", 4.8951, 52.3735),
    ("9711 AA", "Groningen", "GM0014", 6.5665, 53.2194),
    ("6211 AA", "Maastricht", "GM0935", 5.6889, 50.8495),
]
TITLES = ["Samen soep eten", "Koffie in de bieb", "Wandelen met Zoë", "Zingen voor iedereen", "Café De Brug open"]
WORDS = ["soep", "koffie", "ZOË", "cafe", "iedereen", "utrecht", "bieb koffie"]
YES = tuple(YES_WORDS)


def random_pairs(random: Random) -> list[tuple[str, str]]:
    """A search with some three filters, each of them right."""
    pairs: list[tuple[str, str]] = []

    def maybe(chance: float, *found: tuple[str, str]) -> None:
        if random.random() < chance:
            pairs.extend(found)

    def day() -> str:
        return (datetime(2027, 9, 28, tzinfo=UTC) + timedelta(days=random.randrange(10))).date().isoformat()

    maybe(0.25, ("q", random.choice(WORDS)))
    maybe(0.2, *(("gemeente", random.choice(PLACES)[2]) for _ in range(random.randint(1, 2))))
    maybe(0.2, ("provincie", random.choice(["utrecht", "noord-holland", "limburg"])))
    maybe(0.25, ("dag", day()))
    maybe(0.15, ("van", day()))
    maybe(0.1, ("tot", "2027-10-08"))
    maybe(0.25, *(("thema", random.choice(list(Theme))) for _ in range(random.randint(1, 4))))
    maybe(0.25, *(("doelgroep", random.choice(list(Audience))) for _ in range(random.randint(1, 3))))
    maybe(0.15, *(("taal", random.choice(["en", "ar"])) for _ in range(random.randint(1, 2))))
    maybe(0.25, ("postcode", random.choice(["3511", "1012 AB", "6211"])), ("straal", random.choice(["5", "25", "60", "7.5"])))
    maybe(0.15, ("bbox", random.choice(["4.5,51.9,5.6,52.6", "3,50,8,54", "6,53,7,53.5"])))
    for name in YES:
        maybe(0.1, (name, "ja"))
    return pairs


def fill(many: int = 60, seed: int = 5) -> None:
    """Activities of every kind in the edition of 2027, invisible ones and those of the year before among them."""
    random = Random(seed)
    now, former = clock.now(), make_edition(2026)
    initiator = make_user("initiator")
    organisation = make_organisation(member=initiator)
    for number in range(many):
        postcode, town, code, lon, lat = random.choice(PLACES)
        title = f"{random.choice(TITLES)} {number}"
        state = random.choice([State.PUBLISHED] * 7 + [State.CANCELLED, State.SUBMITTED, State.WITHDRAWN])
        is_known = random.random() < 0.9
        activity = make_activity(
            title,
            starts=datetime(2027, 9, 30, 8, tzinfo=UTC) + timedelta(days=random.randrange(7), hours=random.randrange(14)),
            hours=random.choice([1, 2, 12, 30]),
            audiences=tuple(random.sample(list(Audience), random.randint(1, 2))),
            initiator=initiator,
            organisation=organisation,
            state=state,
            cancelled_at=now if state is State.CANCELLED else None,
            postcode=postcode,
            town=town,
            municipality_code=code if is_known else None,
            lon=lon + random.uniform(-0.2, 0.2) if is_known else None,
            lat=lat + random.uniform(-0.1, 0.1) if is_known else None,
            precision=Precision.ADDRESS if is_known else Precision.UNKNOWN,
            theme=random.choice(list(Theme)),
            is_free=random.random() < 0.6,
            can_come_alone=random.random() < 0.6,
            wheelchair=random.random() < 0.6,
            hearing_loop=random.random() < 0.4,
            accessible_toilet=random.random() < 0.5,
            quiet=random.random() < 0.5,
            stop=random.choice(list(Stop)),
            languages=[ActivityLanguage(language=one) for one in random.sample(["en", "ar", "pl"], random.randint(0, 2))],
            sign_up_needed=random.random() < 0.4,
            is_home=random.random() < 0.1,
            is_ongoing=random.random() < 0.1,
            search_text=folded(f"{title} {town}"),
            **({"edition": former} if random.random() < 0.15 else {}),
        )
        if random.random() < 0.3:
            make_occurrence(activity, datetime(2027, 10, random.randint(1, 6), 19, tzinfo=UTC))

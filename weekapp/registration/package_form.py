"""Step 4: whether the package is wanted, how many, where it goes, and what to do when this place has one already."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from weekapp.forms import CleanText, Filled, PublicForm, StaffForm, no_formula
from weekapp.orders.models import Order
from weekapp.orders.needs import proposed_package, proposed_quantity, served_by
from weekapp.packages.models import Package
from weekapp.registration.address_form import ADDRESS_FIELDS, AddressFields
from weekapp.registration.answers import AboutPackage, Address
from weekapp.registration.fields import YES, AtMost, Between, OnlyIf, WholeNumber, options, with_letters, yes_or_no
from weekapp.registration.rules import Again
from weekapp.web import settings

HERE, ELSEWHERE = "activiteit", "anders"
AGAIN_WORDS = {
    Again.ADD: _l("Voeg mijn pakketten toe aan die bestelling"),
    Again.BRANCH: _l("Wij zijn een andere vestiging of afdeling"),
    Again.NO_PACKAGE: _l("Ik wil toch geen pakket"),
}
PAGE_ORDER = ("wanted", "again", "branch", "package", "quantity", "deliver_to", *ADDRESS_FIELDS, "attention")


@dataclass(frozen=True)
class Around:
    """What stands around the question for a package."""

    here: Address  # of the activity
    visitors: int  # that are expected
    offered: Sequence[Package]
    order_at: Callable[[Address, str], Order | None]  # address and branch -> the order that this place has already
    room_in: Callable[[Order], int]  # packages that can be added to an order

    @property
    def package(self) -> Package | None:
        """The one that fits best."""
        return proposed_package(self.visitors, self.offered) if self.offered else None

    @property
    def proposed(self) -> int:
        """How many of it fit the expected number of visitors."""
        return proposed_quantity(self.visitors, self.package)


def is_wanted(form: Any) -> bool:
    wanted: bool = form.is_wanted
    return wanted


class PackageFields(AddressFields):
    """How many packages, to which address, for whose hands. Call `set_up` after making it."""

    earlier: Order | None = None  # the order that this place has already
    around: Around

    package = RadioField(_l("Welk pakket past bij je activiteit?"), validate_choice=False)
    quantity = WholeNumber(_l("Hoeveel pakketten wil je?"), [OnlyIf(is_wanted), Filled(_l("Vul in hoeveel pakketten je wilt."))])
    deliver_to = RadioField(
        _l("Waar mogen we het pakket naartoe sturen?"),
        [OnlyIf(is_wanted), Filled(_l("Kies waar het pakket naartoe mag."))],
        choices=options({HERE: _l("Naar het adres van de activiteit"), ELSEWHERE: _l("Naar een ander adres")}),
        description=_l("Kies een adres waar overdag iemand is. Een postbus kan niet."),
    )
    attention = CleanText(
        _l("Wie neemt het pakket aan?"),
        [OnlyIf(is_wanted), Filled(_l("Vul in wie het pakket aanneemt.")), AtMost(60), no_formula, with_letters],
    )
    again = RadioField(_l("Wat wil je doen?"), choices=options(AGAIN_WORDS), validate_choice=False)
    branch = CleanText(
        _l("Hoe heet jullie vestiging of afdeling?"),
        [
            OnlyIf(lambda form: form.again.data == Again.BRANCH),
            Filled(_l("Vul de naam van je vestiging of afdeling in.")),
            AtMost(80),
            no_formula,
            with_letters,
        ],
        description=_l("Deze naam komt op het pakket. Bijvoorbeeld: Jongerencentrum."),
    )

    @property
    def is_wanted(self) -> bool:
        return True

    @property
    def asks_package(self) -> bool:
        """Whether there is something to choose, and nothing is added to an earlier order."""
        return len(self.around.offered) > 1 and self.again.data != Again.ADD

    @property
    def in_page_order(self) -> list[Any]:
        """The fields as they stand on the page, for the list of errors."""
        return sorted(self, key=lambda field: PAGE_ORDER.index(field.name) if field.name in PAGE_ORDER else -1)

    @property
    def asks_address(self) -> bool:  # type: ignore[override]
        return self.is_wanted and self.deliver_to.data == ELSEWHERE

    def set_up(self, around: Around, given: AboutPackage | None) -> None:
        """Tell the form what stands around the question, and what was answered before."""
        self.around = around
        most = settings().max_packages
        self.package.choices = options({one.name: package_words(one) for one in around.offered})
        self.quantity.validators = [*self.quantity.validators, Between(1, most)]
        self.quantity.description = " ".join((proposal(around), gettext("Je kunt er hooguit %(most)s bestellen.", most=most)))
        self.set_up_address(given.elsewhere if given else None)
        if given and given.wanted and not self.is_submitted():
            self.find_earlier(given.elsewhere or around.here)

    def find_earlier(self, address: Address) -> None:
        """Look whether this place has an order, and offer what can be done then."""
        self.earlier = self.around.order_at(address, "")
        if self.earlier:
            room = self.around.room_in(self.earlier)
            self.again.choices = options({one: words for one, words in AGAIN_WORDS.items() if one != Again.ADD or room})
            self.again.flags.required = True

    def check_package(self) -> bool:
        """Everything that a field cannot know by itself: the address, and whether this place has an order already."""
        if not self.is_wanted:
            return True
        if self.asks_package and self.package.data not in {one.name for one in self.around.offered}:
            self.package.errors = [gettext("Dit pakket kun je niet meer bestellen. Kies een ander pakket.")]
        if not self.find_address() or self.quantity.errors or self.branch.errors:
            return False
        address = self.address or self.around.here
        self.find_earlier(address)
        if not self.earlier:
            return not self.package.errors
        if self.again.data not in {choice.value for choice in self.again.choices}:
            self.again.errors = [gettext("Dit adres heeft al een bestelling. Kies wat je wilt doen.")]
        elif self.again.data == Again.BRANCH and self.around.order_at(address, self.branch.data):
            self.branch.errors = [gettext("Ook deze vestiging heeft al een bestelling. Vul een andere naam in, of kies iets anders.")]
        elif self.again.data == Again.ADD and self.quantity.data > self.around.room_in(self.earlier):
            self.quantity.errors = [
                gettext("Er passen nog %(room)s pakketten bij. Kies een lager aantal.", room=self.around.room_in(self.earlier))
            ]
        return not (self.again.errors or self.branch.errors or self.quantity.errors or self.package.errors)

    def about_package(self) -> AboutPackage:
        """What was answered; only after a validation without errors."""
        again = Again(self.again.data) if self.earlier and self.again.data else Again.NONE
        if not self.is_wanted or again is Again.NO_PACKAGE:
            return AboutPackage(wanted=False)
        branch = self.branch.data if again is Again.BRANCH else ""
        return AboutPackage(
            wanted=True,
            name=self.package.data if self.asks_package else "",
            quantity=self.quantity.data,
            elsewhere=self.address,
            attention=self.attention.data,
            again=again,
            branch=branch,
        )

    @staticmethod
    def package_data(given: AboutPackage | None, around: Around, *, attention: str) -> dict[str, Any]:
        """What the fields show: the answers of before, or what we propose."""
        fitting = around.package.name if around.package else ""
        if given is None or not given.wanted:
            proposal = {"package": fitting, "quantity": around.proposed, "attention": attention, "deliver_to": HERE}
            return proposal | ({"wanted": "nee"} if given else {})
        shown = {
            "wanted": YES,
            "package": given.name or fitting,
            "quantity": given.quantity,
            "attention": given.attention,
            "again": given.again,
            "branch": given.branch,
        }
        if given.elsewhere is None:
            return shown | {"deliver_to": HERE}
        return shown | asdict(given.elsewhere) | {"house_number": str(given.elsewhere.house_number), "deliver_to": ELSEWHERE}


def package_words(package: Package) -> str:
    """What to say of a package beside the others."""
    return gettext("%(name)s, voor ongeveer %(visitors)s mensen", name=package.name, visitors=served_by(package))


def proposal(around: Around) -> str:
    """How many fit, and of which package where there are several."""
    if len(around.offered) > 1 and around.package:
        return gettext("Wij denken aan %(number)s keer '%(name)s'.", number=around.proposed, name=around.package.name)
    return ngettext(
        "Bij het aantal mensen dat je verwacht past %(num)s pakket.",
        "Bij het aantal mensen dat je verwacht passen %(num)s pakketten.",
        around.proposed,
    )


class PackageForm(PackageFields, PublicForm):
    """Step 4 of a registration; `is_offered` is False when nothing can be ordered, and then nothing is asked."""

    is_offered = True
    wanted = yes_or_no(
        _l("Wil je het gratis Kom Erbij-pakket?"),
        OnlyIf(lambda form: form.is_offered),
        Filled(_l("Kies of je het pakket wilt.")),
    )

    @property
    def is_wanted(self) -> bool:
        return self.is_offered and self.wanted.data == YES

    def validate(self, extra_validators: Any = None) -> bool:
        fields_are_right = super().validate(extra_validators)
        return self.check_package() and fields_are_right


class OrderForm(PackageFields, StaffForm):
    """A package for an activity that exists, by somebody who is signed in."""

    def validate(self, extra_validators: Any = None) -> bool:
        fields_are_right = super().validate(extra_validators)
        return self.check_package() and fields_are_right

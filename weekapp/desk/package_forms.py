"""Forms of packages and what they hold."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field

from weekapp.desk.fields import Number, at_most, between
from weekapp.forms import CleanText, Filled, StaffForm, no_formula
from weekapp.packages.models import Item, Package
from weekapp.packages.versions import Contents

MOST_PIECES, MOST_VISITORS, HEAVIEST = 1000, 10_000, 50_000
COUNT = "count_"  # with the id of the item: the field that says how many of it


class ItemForm(StaffForm):
    """Weight and size of an item."""

    weight_grams = Number(
        _l("Gewicht van één stuk, in gram"),
        between(1, HEAVIEST, _l("Vul een gewicht in van 1 tot 50.000 gram.")),
        render_kw={"inputmode": "numeric"},
    )
    size = CleanText(_l("Maat van één stuk"), [at_most(40)], description=_l("Bijvoorbeeld: A4, of 10 x 15 cm."))


class NewItemForm(ItemForm):
    """A new item."""

    name = CleanText(
        _l("Naam"),
        [Filled(_l("Vul een naam in. Bijvoorbeeld: Placemats.")), at_most(80), no_formula],
        description=_l("Je kunt de naam later niet veranderen."),
    )


class PictureForm(StaffForm):
    """A photo of a package and what it shows in words."""

    file = FileField(
        _l("Kies een foto"),
        [Filled(_l("Kies een foto op je computer."))],
        description=_l("Een foto (jpg, png of webp) van minder dan 10 MB."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    alt_text = CleanText(
        _l("Wat zie je op de foto?"),
        [Filled(_l("Vertel in een zin wat je op de foto ziet.")), at_most(250)],
        description=_l("Wie de foto niet kan zien, hoort dit. Bijvoorbeeld: een doos met placemats en posters."),
    )


class ContentsForm(StaffForm):
    """How many of each item a package holds; `with_items` adds the fields, in the order of the page."""

    visitors_served: Number

    def counts(self) -> list[Field]:
        """The fields of the items."""
        return [field for field in self if field.name.startswith(COUNT)]

    def contents(self) -> Contents:
        """What was filled in, in the order of the page."""
        return [(int(field.name.removeprefix(COUNT)), field.data) for field in self.counts() if field.data]

    def validate(self, *args: Any, **more: Any) -> bool:
        right = super().validate(*args, **more)
        fields = self.counts()
        if fields and not any(field.errors for field in fields) and not self.contents():
            fields[0].errors = [gettext("Kies ten minste één onderdeel. Vul in hoeveel er in het pakket zitten.")]
            return False
        return right


class NewPackageForm(ContentsForm):
    """A further package."""

    name = CleanText(
        _l("Naam van het pakket"), [Filled(_l("Vul een naam in. Bijvoorbeeld: Klein Kom Erbij-pakket.")), at_most(80), no_formula]
    )


def with_items(form: type[ContentsForm], items: Sequence[Item], default: int, package: Package | None = None) -> ContentsForm:
    """The form with a field for each item, filled in as the package is; `default` visitors count where nobody says how many."""
    right = between(0, MOST_PIECES, _l("Vul een aantal in van 0 tot 1.000."))
    fields = {f"{COUNT}{item.id}": Number(item.name, right, render_kw={"inputmode": "numeric"}) for item in items}
    fields["visitors_served"] = Number(
        _l("Voor hoeveel bezoekers is één pakket genoeg?"),
        between(1, MOST_VISITORS, _l("Vul een aantal in van 1 tot 10.000.")),
        description=_l("Zo weet het formulier hoeveel pakketten passen. Laat je dit leeg? Dan rekenen we met %(number)s.", number=default),
        render_kw={"inputmode": "numeric"},
    )
    known = {f"{COUNT}{line.item_id}": line.count for line in package.lines} if package else {}
    served = {"visitors_served": package.visitors_served} if package else {}
    made: ContentsForm = type(form.__name__, (form,), fields)(data=known | served)
    return made


def in_order(items: Sequence[Item], package: Package) -> list[Item]:
    """What the package holds first, in its order; the other items after it."""
    position = {line.item_id: line.position for line in package.lines}
    return sorted(items, key=lambda item: (position.get(item.id, len(items) + 1), item.id))

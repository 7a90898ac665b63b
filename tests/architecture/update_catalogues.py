"""Bring the catalogues of all languages in step with the texts of the code: `python -m tests.architecture.update_catalogues`.

New texts come in without a translation, texts that nobody uses any more go, translations stay.
"""

from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from tests.architecture.catalogue import messages
from weekapp.languages import FOLDER

HEAD = "# Written by hand; `make catalogue` brings it in step with the texts of the code."
SAME_EVERY_TIME = datetime(2027, 1, 1, tzinfo=UTC)  # a date that changes would be a conflict in each merge


def current() -> Catalog:
    """The texts of code and templates that a reader in another language can meet."""
    catalogue = Catalog(
        project="weekapp", version="", creation_date=SAME_EVERY_TIME, revision_date=SAME_EVERY_TIME, header_comment=HEAD, fuzzy=False
    )
    for message in messages():
        catalogue.add(message.id, locations=[(message.place, 0)], context=message.context)
    return catalogue


def update(path: Path) -> list[str]:
    """Rewrite one catalogue; the texts that it does not translate yet."""
    known = read_po(path.open("rb"), locale=path.parent.parent.name) if path.stat().st_size else Catalog(locale=path.parent.parent.name)
    wanted = current()
    wanted.locale = Locale.parse(path.parent.parent.name)
    for message in wanted:
        before = known.get(message.id, message.context) if message.id else None
        if before is not None and before.string:
            message.string = before.string
    with path.open("wb") as target:
        write_po(target, wanted, width=0, include_lineno=False, sort_output=True, omit_header=False)
    return [str(message.id) for message in wanted if message.id and not all(strings(message.string))]


def strings(translated: str | tuple[str, ...]) -> tuple[str, ...]:
    return translated if isinstance(translated, tuple) else (translated,)


if __name__ == "__main__":
    for catalogue in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po")):
        missing = update(catalogue)
        print(f"{catalogue.relative_to(FOLDER)}: {len(missing)} without a translation", *missing, sep="\n  ")

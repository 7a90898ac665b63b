"""What packages hold: items, new packages, new versions. A version that exists never changes, so neither does an old order.

Stock is counted for each version; `take_over` books the free stock of an old version on a new one, in two lines of the ledger.
"""

from collections.abc import Sequence

from slugify import slugify
from sqlalchemy.exc import IntegrityError

from weekapp import audit
from weekapp.db import db, lock
from weekapp.editions import service as editions
from weekapp.editions.models import Edition
from weekapp.errors import N_, DomainError, InvalidInput, WrongState
from weekapp.packages import queries, service
from weekapp.packages.models import Item, Package, PackageLine
from weekapp.pictures import service as pictures
from weekapp.pictures.models import Picture

Contents = Sequence[tuple[int, int]]  # (item id, count) in the order in which they are shown


def make_item(name: str, weight_grams: int | None, size: str, *, by_id: int) -> Item:
    """A new kind of thing for packages; raises DomainError at `name` when there is one with that name."""
    item = Item(code=slugify(name, max_length=40) or "onderdeel", name=name, weight_grams=weight_grams, size=size)
    try:
        with db.session.begin_nested():
            db.session.add(item)
    except IntegrityError:
        raise DomainError(N_("Dit onderdeel is er al. Kies een andere naam."), field="name") from None
    audit.note("item made", f"item {item.id}", user_id=by_id)
    return item


def change_item(item: Item, weight_grams: int | None, size: str, *, by_id: int) -> Item:
    """Somebody weighed or measured it. Its name stays: another thing is another item."""
    lock(item)
    item.weight_grams, item.size = weight_grams, size
    audit.note("item changed", f"item {item.id}", user_id=by_id)
    db.session.flush()
    return item


def make_package(edition: Edition, name: str, contents: Contents, visitors_served: int | None, *, by_id: int) -> Package:
    """A further package of an edition, without stock; raises DomainError at `name` when the edition has one with that name."""
    refuse_empty(contents)
    try:
        with db.session.begin_nested():
            package = added(edition.id, name, 1, contents, visitors_served)
    except IntegrityError:
        raise DomainError(N_("Dit jaar heeft al een pakket met deze naam. Maak daar een nieuwe versie van."), field="name") from None
    told(package, by_id=by_id)
    return package


def make_version(package: Package, contents: Contents, visitors_served: int | None, *, by_id: int) -> Package:
    """The same package with other contents. The old version is not offered any more; its orders and its stock stay with it.

    Raises WrongState when this is not the newest version: somebody else was first.
    """
    refuse_empty(contents)
    lock(package)  # two people at the same moment must not both make version 2
    check_newest(package)
    newer = added(package.edition_id, package.name, package.version + 1, contents, visitors_served)
    newer.picture_id = package.picture_id  # until somebody takes a photo of the new one
    package.is_offered = False
    told(newer, by_id=by_id)
    return newer


def set_offered(package: Package, is_offered: bool, *, by_id: int) -> Package:
    """Let people order this package, or no longer; only the newest version can be offered."""
    lock(package)
    check_newest(package)
    package.is_offered = is_offered
    told(package, by_id=by_id)
    return package


def take_over(old: Package, *, by_id: int) -> tuple[Package, int]:
    """Book the free stock of an old version on the newest one: two corrections with the reason. The newest version and how many.

    What is promised to orders of the old version stays where it is. The caller serves the waiting list of the newest version.
    """
    newest = queries.versions(old)[0]
    if newest.id == old.id:
        raise WrongState(N_("Er is geen nieuwere versie van dit pakket."))
    for package in sorted((old, newest), key=lambda one: one.id):
        lock(package)
    free = old.available
    if free == 0:
        raise WrongState(N_("Van deze versie zijn geen pakketten vrij."))
    service.correct(old, old.on_hand - free, f"Overgenomen in versie {newest.version}", by_id=by_id)
    service.correct(newest, newest.on_hand + free, f"Overgenomen uit versie {old.version}", by_id=by_id)
    return newest, free


def refuse_empty(contents: Contents) -> None:
    if not contents:
        raise InvalidInput([("contents", N_("Kies ten minste één onderdeel. Vul in hoeveel er in het pakket zitten."))])


def check_newest(package: Package) -> None:
    if queries.versions(package)[0].id != package.id:
        raise WrongState(N_("Er is al een nieuwere versie van dit pakket. Ga verder met die versie."))


def added(edition_id: int, name: str, version: int, contents: Contents, visitors_served: int | None) -> Package:
    lines = [PackageLine(item_id=item_id, count=count, position=position) for position, (item_id, count) in enumerate(contents, 1)]
    package = Package(edition_id=edition_id, name=name, version=version, visitors_served=visitors_served, lines=lines)
    db.session.add(package)
    db.session.flush()
    return package


def told(package: Package, *, by_id: int) -> None:
    """Write it down, and let pages that show the package be made again."""
    audit.note("package changed", f"package {package.id}", user_id=by_id, version=package.version, offered=int(package.is_offered))
    db.session.flush()
    editions.touch(package.edition_id)


def set_picture(package: Package, sent: bytes, alt_text: str, *, by_id: int) -> Picture:
    """What a package looks like, for everybody at once; its contents stay as they are. Raises NoPicture."""
    picture = pictures.keep(sent, alt_text)
    pictures.show(picture)
    lock(package)
    package.picture_id = picture.id
    editions.touch(package.edition_id)
    audit.note("package picture set", f"package {package.id}", user_id=by_id)
    db.session.flush()
    return picture

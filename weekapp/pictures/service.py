"""Keeping a picture, showing it to everybody, and forgetting it."""

from datetime import datetime

from sqlalchemy import CursorResult, delete, exists

from weekapp import clock
from weekapp.db import Base, db
from weekapp.pictures import queries, rules
from weekapp.pictures.models import Picture


def keep(sent: bytes, alt_text: str) -> Picture:
    """A picture that was sent, checked and drawn anew; raises `rules.NoPicture`. Nobody sees it until `show`."""
    return keep_made(rules.made_from(sent), alt_text)


def keep_made(made: rules.Made, alt_text: str) -> Picture:
    """The same for one that was checked when the form was."""
    picture = Picture(
        digest=made.digest, octets=made.octets, width=made.width, height=made.height, alt_text=alt_text, created_at=clock.now()
    )
    db.session.add(picture)
    db.session.flush()
    return picture


def with_words(picture_id: int, alt_text: str) -> Picture | None:
    """The picture with these words. One that is public keeps its own, since a moderator read them: then a second row has the new."""
    picture = queries.with_octets(picture_id)
    if picture is None or picture.alt_text == alt_text:
        return picture
    if picture.is_public:
        picture = Picture(digest=picture.digest, octets=picture.octets, width=picture.width, height=picture.height, created_at=clock.now())
        db.session.add(picture)
    picture.alt_text = alt_text
    db.session.flush()
    return picture


def show(picture: Picture | None) -> None:
    """From now on everybody may see it."""
    if picture is not None:
        picture.is_public = True


def forget_unused(before: datetime) -> int:
    """Remove pictures from before this instant that no row of any table points at; returns how many."""
    tables = Base.metadata.tables.values()
    users = [key.parent for table in tables for key in table.foreign_keys if key.column is Picture.__table__.c.id]
    unused = [~exists().where(column == Picture.id) for column in users]
    result = db.session.execute(delete(Picture).where(Picture.created_at < before, *unused).execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult), "a DELETE counts its rows"
    return result.rowcount

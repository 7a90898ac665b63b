"""Pictures by id and by name."""

from sqlalchemy import select
from sqlalchemy.orm import undefer

from weekapp.db import db
from weekapp.pictures.models import Picture


def picture(picture_id: int) -> Picture | None:
    """One picture, without its bytes."""
    return db.session.get(Picture, picture_id)


def public_octets(digest: str) -> bytes | None:
    """The bytes of a picture that everybody may see."""
    return db.session.scalar(select(Picture.octets).where(Picture.digest == digest, Picture.is_public.is_(True)).limit(1))


def with_octets(picture_id: int) -> Picture | None:
    """One picture with its bytes, for the few who may see it before everybody may."""
    return db.session.scalar(select(Picture).where(Picture.id == picture_id).options(undefer(Picture.octets)))

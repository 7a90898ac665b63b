"""Where a picture is to be had: everybody's address, or for a day a link for who sent it and who judges it."""

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from weekapp.pictures.models import Picture
from weekapp.pictures.rules import Shown, address_of

PREVIEW_LIFE = 24 * 3600  # seconds


def signer(salt: str) -> URLSafeTimedSerializer:
    """Signs ids of pictures, for one purpose."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"picture {salt}")


def path_of(picture_id: int, digest: str, is_public: bool) -> str:
    """The address of a picture, without the host."""
    return address_of(digest) if is_public else f"/afbeeldingen/voorbeeld/{signer('preview').dumps(picture_id)}.jpg"


def shown(picture: Picture) -> Shown:
    """A picture as a page needs it."""
    return Shown(path_of(picture.id, picture.digest, picture.is_public), picture.alt_text, picture.width, picture.height)


def id_in(ticket: str, salt: str, life: int = PREVIEW_LIFE) -> int | None:
    """The id in something that `signer` signed less than `life` seconds ago; None for anything else."""
    try:
        found: int = signer(salt).loads(ticket, max_age=life)
    except (SignatureExpired, BadSignature):
        return None
    return found

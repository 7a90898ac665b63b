"""The one tree of errors that are meant for people; a bug is never one of these."""

from collections.abc import Mapping


def N_(text: str) -> str:  # noqa: N802  the name that gettext tools know
    """Mark a Dutch text for the catalogue where it is written down; it is translated where it is shown."""
    return text


class DomainError(Exception):
    """Something that cannot be done, with a sentence that says why and what to do.

    `message` is a Dutch catalogue text with %(name)s places, `values` fills them, `field` names the form
    field that it belongs to. The text is translated once, in `weekapp.web.said`.
    """

    status = 409
    retry_after = 0  # seconds to wait, where waiting helps

    def __init__(self, message: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.field = field
        self.values: Mapping[str, object] = values


class NotFound(DomainError):
    """It does not exist, or not for this person: both look the same from outside."""

    status = 404

    def __init__(self, message: str = N_("Deze pagina bestaat niet.")) -> None:
        super().__init__(message)


class NotAllowed(DomainError):
    """The person is known, but this is not theirs to do."""

    status = 403

    def __init__(self, message: str = N_("Je mag deze pagina niet bekijken.")) -> None:
        super().__init__(message)


class WrongState(DomainError):
    """The thing is no longer in a state in which this can be done, for instance after somebody else acted."""


class InvalidInput(DomainError):
    """Input that cannot be used; `errors` holds every (field, message) at once."""

    status = 400

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__(errors[0][1], field=errors[0][0])
        self.errors = errors


class LinkExpired(DomainError):
    """A link from a mail that has been used, has been replaced or is too old."""

    status = 410

    def __init__(self, message: str = N_("Deze link werkt niet meer. Vraag een nieuwe link aan.")) -> None:
        super().__init__(message)

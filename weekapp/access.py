"""Marks of views that ask no account; what asks one is marked by `weekapp.accounts.permissions.needs`."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Open to everyone; the answer is the same for everyone, carries no cookie and may be stored (LOAD-01)."""
    view.needs = "public"  # type: ignore[attr-defined]
    return view


def public_form(view: View) -> View:
    """Open to everyone, but meant for one person: a form or a page behind a link; never stored, no cookie."""
    view.needs = "public form"  # type: ignore[attr-defined]
    return view


def operators(view: View) -> View:
    """For machines that watch the system; the view itself checks the token or the local address."""
    view.needs = "token"  # type: ignore[attr-defined]
    return view

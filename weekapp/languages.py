"""The languages of the site: Dutch as it was written, any other one by a prefix in the address (`/en/...`) and a catalogue.

The prefix is taken off before routing and put in front of the links of a page when it goes out, both here. So no view, form or
template has to think of it, and none can forget it (docs/decisions/0015). A further language is one folder,
`translations/<code>/LC_MESSAGES/messages.po`, read at the start; from right to left where Babel says so. Nothing is guessed from a
cookie or from Accept-Language.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, request
from flask_babel import Babel, Domain, force_locale, get_locale, refresh
from markupsafe import Markup, escape

from weekapp import addresses

FOLDER = Path(__file__).resolve().parent / "translations"
WRITTEN = "nl"
WRITTEN_AS = {"en": "en_GB"}  # whose dates and times, where Babel's own choice is another country's
IN_ENVIRON = "weekapp.language"
TAG = re.compile(r"<[a-z][^>]*>")
LINK = re.compile(r'(?<=\s)((?:href|action|formaction|data-list)=")([^"]*)')

Environ = dict[str, Any]
Site = Callable[[Environ, Any], Iterable[bytes]]


@dataclass(frozen=True)
class Language:
    """One language. `name` is what its readers call it."""

    code: str
    name: str
    direction: str  # "ltr" or "rtl", as the attribute `dir` wants it

    @property
    def locale(self) -> Locale:
        """How dates and numbers are written."""
        return Locale.parse(WRITTEN_AS.get(self.code, self.code))


def known() -> dict[str, Language]:
    """All languages by code: Dutch first, then each that has a catalogue."""
    return found_in(FOLDER)


@cache
def found_in(folder: Path) -> dict[str, Language]:
    codes = [WRITTEN, *sorted(path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/messages.po"))]
    return {code: language_of(code) for code in codes}


def language_of(code: str) -> Language:
    locale = Locale.parse(code)
    return Language(code, (locale.get_display_name() or code).capitalize(), locale.text_direction)


def current() -> str:
    """The code of the language of this page or mail; Dutch where nothing was chosen. Also the default of columns that keep it."""
    locale = get_locale()
    return str(locale) if locale else WRITTEN


def language() -> Language:
    """The language of this page or mail."""
    return known()[current()]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Write in somebody's language, whoever's request this is; Dutch when we no longer have it."""
    with force_locale(code if code in known() else WRITTEN):
        yield


class Catalogue(Domain):
    """The texts, from the `.po` file itself: a fresh clone has nothing to compile, and nothing compiled can be out of date."""

    def get_translations(self) -> NullTranslations:
        return texts(current(), FOLDER)


@cache
def texts(code: str, folder: Path) -> NullTranslations:
    """The catalogue of a language; what is not in it stays Dutch."""
    if code == WRITTEN:
        return Translations()
    compiled = BytesIO()
    with (folder / code / "LC_MESSAGES" / "messages.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return Translations(compiled)


class LanguageLayer:
    """WSGI middleware: takes the language off the address, so that a page has one route however many languages there are."""

    def __init__(self, site: Site, codes: Iterable[str]) -> None:
        self.site, self.codes = site, frozenset(codes) - {WRITTEN}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        code, path = addresses.without_language(environ["PATH_INFO"], self.codes)
        if code:
            environ = environ | {"PATH_INFO": path, IN_ENVIRON: code}
        return self.site(environ, start_response)


def chosen() -> str:
    """The language in the address of this request; outside a request it is Dutch."""
    return request.environ.get(IN_ENVIRON, WRITTEN) if request else WRITTEN


def lead_on(response: Response) -> Response:
    """Who reads in a language stays in it: links and redirects get its prefix. Links with `hreflang` mean what they say."""
    code = chosen()
    if code == WRITTEN:
        return response
    if response.location:
        response.location = own_address(response.location, code)
    if response.mimetype == "text/html":
        response.set_data(TAG.sub(lambda tag: with_prefix(tag.group(), code), response.get_data(as_text=True)))
    return response


def forget(_error: BaseException | None) -> None:
    """The language of a request ends with it."""
    refresh()


def with_prefix(tag: str, code: str) -> str:
    if " hreflang=" in tag:
        return tag
    return LINK.sub(lambda link: link.group(1) + own_address(link.group(2), code), tag)


def own_address(address: str, code: str) -> str:
    """An address in a language when it is one of ours, with or without our host; any other stays as it is."""
    base: str = current_app.config["SETTINGS"].base_url
    host = base if address.startswith(base + "/") else ""
    path = address.removeprefix(host)
    return host + addresses.in_language(path, code) if path.startswith("/") and not path.startswith("//") else address


def alternates() -> list[tuple[Language, str]]:
    """Each language with the path of this page in it; nothing for what exists in Dutch only."""
    if request.endpoint is None or not addresses.has_languages(request.path):
        return []
    address = request.full_path.rstrip("?")
    return [(one, addresses.in_language(address, one.code)) for one in known().values()]


def as_written(text: str) -> str | Markup:
    """What people of the Week wrote stays as they wrote it; on a page in another language it says that it is Dutch (A11Y-02)."""
    if current() == WRITTEN or not text:
        return text
    return Markup('<span lang="nl" dir="ltr">{}</span>').format(escape(text))


def set_up_languages(app: Flask) -> None:
    """Catalogues, and what templates may ask; for web and worker alike."""
    babel = Babel()
    babel.domain_instance = Catalogue()
    babel.init_app(app, default_locale=WRITTEN, locale_selector=chosen)
    app.jinja_env.globals.update(language=language, alternates=alternates)
    app.jinja_env.filters["as_written"] = as_written


def set_up_addresses(app: Flask) -> None:
    """The prefix in addresses; for the web."""
    app.before_request(refresh)  # a command or a test may ask for many pages in one application context
    app.after_request(lead_on)
    app.teardown_request(forget)
    app.wsgi_app = LanguageLayer(app.wsgi_app, known())  # type: ignore[method-assign]

"""All settings, read once from the environment; the only reader of `os.environ`.

Each setting is an environment variable with the prefix WEEKAPP_ and is described in docs/settings.md.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "WEEKAPP_"
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}


class WrongSettings(Exception):
    """The start is refused; the text names the setting and says what to do."""


@dataclass(frozen=True)
class Settings:
    """What differs between two installations. Times are wall times in Europe/Amsterdam."""

    data_dir: Path
    database_url: str
    broker_url: str
    cache_url: str
    secret_key: str
    base_url: str = "http://127.0.0.1:8000"
    mail_url: str = ""  # smtp://user:password@host:port, or empty: mails are files in data_dir/mail
    mail_sender: str = "Kom Erbij <kom-erbij@example.org>"
    geocoder: str = "postcodes"
    tiles_url: str = ""
    metrics_token: str = ""
    webhook_secret: str = ""  # carriers sign with it what they push to /logistiek/haken/<carrier>; empty: closed
    demo: bool = False
    log_json: bool = True
    cutoff: time = time(17, 30)
    still_on_days: int = 14  # so many days before its first moment an initiator is asked whether an activity takes place
    still_on_again: int = 5  # days after that mail the question is asked once more
    still_on_until: int = 2  # days after the second mail an activity without an answer is marked as not confirmed
    carrier_profile: str = "generiek"
    bundle_most: int = 10  # packages in one parcel, where several orders go to one door
    tracking_wait: int = 20  # hours after hand-over that the mail about a parcel waits for its track and trace link
    carrier_days: int = 2  # working days between hand-over and delivery
    days_before: int = 7  # a package must be there so many days before its activity
    carrier_closed_days: str = ""  # ISO dates with a comma between them, besides Sundays and public holidays
    visitors_per_package: int = 74  # figure of 2024, product.md rule 2
    max_packages: int = 5  # per activity, product.md rule 3
    contact_email: str = "kom-erbij@example.org"
    contact_phone: str = "088 000 0000"
    accessibility_status: str = ""  # sentences of the accessibility statement, for whoever may make it (A11Y-01)
    accessibility_defects: str = ""
    accessibility_date: str = ""
    fresh_seconds: int = 1  # so old may the public version be; 0: ask the database on each request
    proxies: int = 0  # so many proxies of our own stand before the site; each adds an address to X-Forwarded-For
    task_time_limit: int = 900  # seconds; the broker hands a task out again after twice this time

    @classmethod
    def from_environment(cls) -> "Settings":
        """The settings of this process; raises WrongSettings with the name of what is missing."""
        return cls.from_mapping(os.environ)

    @classmethod
    def from_mapping(cls, environment: Mapping[str, str]) -> "Settings":
        """Read a mapping such as the environment; unknown WEEKAPP_ names are an error, since they are typing mistakes."""
        given = {name[len(PREFIX) :].lower(): text for name, text in environment.items() if name.startswith(PREFIX)}
        known = {field.name: field for field in fields(cls)}
        unknown = sorted(PREFIX + name.upper() for name in set(given) - set(known))
        if unknown:
            raise WrongSettings(f"These settings do not exist: {', '.join(unknown)}. See docs/settings.md.")
        values: dict[str, Any] = {name: converted(name, known[name].type, text) for name, text in given.items()}
        data_dir = Path(values.setdefault("data_dir", Path("instance"))).absolute()
        values["data_dir"] = data_dir
        values.setdefault("database_url", f"sqlite:///{data_dir}/weekapp.db")
        values.setdefault("broker_url", f"redis+socket://{data_dir}/valkey.sock")
        values.setdefault("cache_url", values["broker_url"])
        values.setdefault("secret_key", "")
        settings = cls(**values)
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse what must never go live."""
        if not self.secret_key:
            raise WrongSettings("WEEKAPP_SECRET_KEY is missing. Set it to at least 32 random characters.")
        if self.is_public and len(self.secret_key) < 32:
            raise WrongSettings("WEEKAPP_SECRET_KEY is too short. Set it to at least 32 random characters.")
        if self.webhook_secret and len(self.webhook_secret) < 32:
            raise WrongSettings("WEEKAPP_WEBHOOK_SECRET is too short. Set it to at least 32 random characters, or leave it out.")
        if self.demo and self.is_public:
            raise WrongSettings("WEEKAPP_DEMO is on, and WEEKAPP_BASE_URL is a public address. Set one of them differently.")
        if self.mail_url and not self.mail_url.startswith(("smtp://", "smtp+starttls://", "smtps://")):
            raise WrongSettings("WEEKAPP_MAIL_URL must begin with smtp://, smtp+starttls:// or smtps://.")
        if self.geocoder not in {"postcodes", "pdok"}:
            raise WrongSettings("WEEKAPP_GEOCODER must be 'postcodes' or 'pdok'.")

    @property
    def is_public(self) -> bool:
        """Whether people other than the one at this machine can reach the site."""
        return urlsplit(self.base_url).hostname not in LOCAL_HOSTS

    @property
    def is_secure(self) -> bool:
        """Whether the site is reached over https, so that cookies can be marked Secure."""
        return self.base_url.startswith("https://")

    @property
    def redis_url(self) -> str:
        """The cache's address in the spelling of redis-py and limits (kombu spells a socket differently)."""
        return self.cache_url.replace("redis+socket://", "unix://", 1)


def environment() -> dict[str, str]:
    """A copy of the environment, to hand to the processes that this one starts."""
    return dict(os.environ)


def converted(name: str, kind: object, text: str) -> Any:
    """The text of a setting as the type of its field."""
    kind = kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))
    try:
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}[text.lower()]
        if kind == "int":
            return int(text)
        if kind == "time":
            return time.fromisoformat(text)
        return Path(text) if kind == "Path" else text
    except (KeyError, ValueError):
        raise WrongSettings(f"{PREFIX}{name.upper()} has a value that cannot be read as {kind}.") from None

"""One account for each role, and the file that lists them."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from weekapp.accounts import proof, service
from weekapp.accounts.models import User
from weekapp.accounts.rules import RoleName
from weekapp.demo.people import Group

FILE = "demo-accounts.json"
STAFF = {
    RoleName.MODERATOR: ("moderator@voorbeeld.nl", "Mo Moderator"),
    RoleName.LOGISTICS: ("logistiek@voorbeeld.nl", "Lo Gistiek"),
    RoleName.MUNICIPALITY: ("gemeente@voorbeeld.nl", "Gem Eente"),
    RoleName.MANAGER: ("programma@voorbeeld.nl", "Pro Gramma"),
}


@dataclass(frozen=True)
class Account:
    """How to sign in. An initiator has no password: the site mails a link."""

    role: str
    email: str
    password: str | None
    totp_secret: str | None  # base32


def add_staff(municipality_code: str) -> tuple[dict[RoleName, User], list[Account]]:
    """A member of staff for each role. Passwords and secrets are new each time: a known one would be a door in every installation."""
    users, accounts = {}, []
    for role, (email, name) in STAFF.items():
        password, totp_secret = secrets.token_urlsafe(12), proof.new_totp_secret()
        code = municipality_code if role == RoleName.MUNICIPALITY else None
        users[role] = service.add_staff(email, role, password=password, totp_secret=totp_secret, municipality_code=code)
        users[role].name = name
        accounts.append(Account(role, email, password, totp_secret))
    return users, accounts


def add_initiator(group: Group) -> tuple[User, Account]:
    """The person of the first organisation."""
    return service.initiator_for(group.email, group.person, group.phone), Account(RoleName.INITIATOR, group.email, None, None)


def write(folder: Path, accounts: list[Account]) -> Path:
    """The list, readable for its owner only; whole or not at all."""
    path, new = folder / FILE, folder / f"{FILE}.new"
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(account) for account in accounts], file, indent=2)
    return new.replace(path)

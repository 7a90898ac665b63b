"""What proves who somebody is: random tokens, Argon2 passwords, time-based codes. Works without a request (CLI, demo data)."""

import base64
import hashlib
import hmac
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask_security.totp import Totp
from passlib.totp import TOTP, TotpMatch

from weekapp import clock
from weekapp.accounts.models import User

ISSUER = "Kom erbij"
CODE_WINDOW = 30  # seconds that a phone's clock may be wrong, both ways
RECOVERY_CODES = 8
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP Password Storage, Argon2id


def new_token() -> tuple[str, str]:
    """A token of 256 bits for an address or a cookie, and the hash that is kept (SEC-11)."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    """What the database keeps of a token; fast on purpose, since nobody can guess 256 bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """What the database keeps of a password."""
    return hasher.hash(password)


@cache
def nobody() -> str:
    """The hash of a password that nobody knows: checking it takes as long as checking a real one (SEC-14)."""
    return hasher.hash(secrets.token_urlsafe())


def is_password(user: User | None, password: str) -> bool:
    """Whether this is the person's password; equally slow for people who do not exist or have none."""
    kept = user.password if user and user.password else nobody()
    try:
        hasher.verify(kept, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return user is not None and user.password is not None


class Codes(Totp):
    """Codes of an authenticator app, each good for one sign-in: a code seen over a shoulder is worth nothing (ASVS 6.5.1)."""

    def __init__(self, secret_key: str) -> None:
        key = hmac.new(secret_key.encode(), b"weekapp second factor 1", hashlib.sha256).hexdigest()
        self._totp = TOTP.using(issuer=ISSUER, secrets={"1": key}, now=lambda: clock.now().timestamp())

    def get_last_counter(self, user: User) -> int | None:  # type: ignore[override]  # our users are User
        return user.tf_last_counter

    def set_last_counter(self, user: User, tmatch: TotpMatch) -> None:  # type: ignore[override]
        user.tf_last_counter = tmatch.counter

    def sealed(self, secret: str) -> str:
        """A secret in base32 as the database keeps it: encrypted, so that a copy of the database holds no second factor."""
        kept: str = self._totp(key=secret, format="base32").to_json(encrypt=True)
        return kept


def new_totp_secret() -> str:
    """A fresh secret of 160 bits for an authenticator app, in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def new_recovery_codes() -> list[str]:
    """Codes on paper for whoever has lost the phone; 80 bits each, in groups that can be typed."""
    return ["-".join(text[i : i + 4] for i in range(0, 16, 4)) for text in (fresh() for _ in range(RECOVERY_CODES))]


def fresh() -> str:
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def without_code(kept: list[str] | None, code: str) -> list[str] | None:
    """The kept hashes without that of this code; None when it is not among them."""
    wanted = hash_of(code.strip().lower())
    return [one for one in kept or [] if one != wanted] if wanted in (kept or []) else None

"""Who registers too often or faster than a person can type (SEC-15, SEC-16). Nothing typed is lost: the page comes back with all of it.

A library or a town hall is one network with many people: the limits leave room for all of them at once.
"""

import ipaddress
from datetime import timedelta

from flask import request

from weekapp import clock
from weekapp.accounts.lockout import lockout
from weekapp.errors import N_, DomainError
from weekapp.forms import PublicForm
from weekapp.web import settings

INSIDE = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10")]
QUICKEST = 3  # seconds in which nobody fills in the first step
AT_ONCE, AT_ONCE_WITHIN = 40, timedelta(minutes=10)  # first steps from one network: a room full of people
PER_DAY, DAY = 200, timedelta(days=1)
FROM_ADDRESS, FROM_ADDRESS_WITHIN = 20, timedelta(hours=1)  # mails to one address


class TooQuick(DomainError):
    """A robot, or somebody with a form that was filled in for them: a second try goes through."""

    status = 429
    retry_after = QUICKEST

    def __init__(self) -> None:
        super().__init__(N_("Dat ging heel snel. Kijk nog een keer of alles klopt. Druk dan opnieuw op de knop."))


def check(form: PublicForm, *, begins: bool) -> None:
    """Count and time the sending of step 1; raises TooQuick or TooOften (429). Later steps need the token that this one gives."""
    network = network_of_visitor()
    if network is None:
        return
    lockout().limit("registration", f"now {network}", AT_ONCE, AT_ONCE_WITHIN)
    lockout().limit("registration", f"day {network}", PER_DAY, DAY)
    form.form_token.validate(form)
    if begins and form.made_at and clock.now().timestamp() - form.made_at < QUICKEST:
        raise TooQuick()


def check_mail(email: str) -> None:
    """Count the mails that somebody has us send to an address; raises TooOften (429)."""
    if network_of_visitor() is not None:
        lockout().limit("registration", f"mail {email}", FROM_ADDRESS, FROM_ADDRESS_WITHIN)


def network_of_visitor() -> str | None:
    """The network that a visitor comes from: an IPv4 address, or the /64 of an IPv6 one, since one telephone has all of a /64.

    None when we cannot tell: somebody at this machine, or a proxy that setting WEEKAPP_PROXIES does not count.
    """
    passed_on = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies = settings().proxies
    text = passed_on[-proxies] if 0 < proxies <= len(passed_on) else request.remote_addr or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if address.is_loopback or (not proxies and any(address in inside for inside in INSIDE)):
        return None
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)

"""Taking over the free stock of an old version of a package: the ledger, and then the waiting list of the new version."""

from weekapp.accounts.models import User
from weekapp.db import lock
from weekapp.errors import N_, WrongState
from weekapp.orders import queries as orders
from weekapp.orders import service as ordering
from weekapp.packages import versions
from weekapp.packages.models import Package


def take_over(old: Package, *, by: User) -> tuple[Package, int]:
    """The newest version and how many packages it got; raises WrongState while somebody waits for the old version."""
    lock(old)
    if orders.has_waiting(old.id):
        raise WrongState(N_("Er wachten nog mensen op deze versie. Help eerst hen."))
    newest, quantity = versions.take_over(old, by_id=by.id)
    ordering.serve_waiting(newest)
    return newest, quantity

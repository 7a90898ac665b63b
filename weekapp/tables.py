"""All tables in one place, for migrations and tests; nothing else needs to know them all."""

from weekapp import audit
from weekapp.accounts import models as accounts
from weekapp.activities import models as activities
from weekapp.batches import models as batches
from weekapp.editions import models as editions
from weekapp.feeds import models as feeds
from weekapp.gatherings import models as gatherings
from weekapp.geography import models as geography
from weekapp.mail import models as mail
from weekapp.moderation import models as moderation
from weekapp.orders import models as orders
from weekapp.organisations import models as organisations
from weekapp.packages import models as packages
from weekapp.pictures import models as pictures
from weekapp.registration import models as registration
from weekapp.shipments import models as shipments
from weekapp.signups import models as signups

MODULES = (
    accounts,
    activities,
    audit,
    batches,
    editions,
    feeds,
    gatherings,
    geography,
    mail,
    moderation,
    orders,
    organisations,
    packages,
    pictures,
    registration,
    shipments,
    signups,
)

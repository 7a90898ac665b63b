"""The site: `create_app()` and the list of all its parts with their address prefix.

An address starts with a Dutch word; the list says which feature answers it.
"""

from flask import Blueprint, Flask

from weekapp import cli, clock
from weekapp.accounts import public_views as accounts
from weekapp.accounts.security import set_up_accounts
from weekapp.activities import public_views as activities
from weekapp.api import public_views as api
from weekapp.api.surroundings import set_up_api
from weekapp.assets import set_up_assets
from weekapp.cache import set_up_stored_answers
from weekapp.config import Settings
from weekapp.core import create_core
from weekapp.desk import batch_views as batches
from weekapp.desk import edition_views as edition_desk
from weekapp.desk import gathering_views as gathering_desk
from weekapp.desk import logistics_views as logistics
from weekapp.desk import moderation_views as moderation
from weekapp.desk import municipality_views as municipality_desk
from weekapp.desk import package_views as package_desk
from weekapp.desk import people_views as people
from weekapp.desk import preflight_views as preflight
from weekapp.desk import report_views as report_desk
from weekapp.desk import revision_views as revisions
from weekapp.desk import scan_views as scanning
from weekapp.desk import stock_views as stock
from weekapp.desk import unconfirmed_views as unconfirmed_desk
from weekapp.editions import queries as editions
from weekapp.feeds import gathering_views as gathering_feeds
from weekapp.feeds import public_views as feeds
from weekapp.geography.geocoder import make_geocoder
from weekapp.languages import set_up_addresses
from weekapp.mail import staff_views as mail
from weekapp.map import public_views as map_
from weekapp.moderation import public_views as reports
from weekapp.pages import archive_views as archive
from weekapp.pages import duty_views as duty
from weekapp.pages import figure_views as figures
from weekapp.pages import gathering_views as gatherings
from weekapp.pages import municipality_views as municipalities
from weekapp.pages import operator_views as operators
from weekapp.pages import public_views as pages
from weekapp.paper import public_views as paper
from weekapp.pictures import public_views as pictures
from weekapp.registration import change_views as changing
from weekapp.registration import colleague_views as colleagues
from weekapp.registration import order_views as own_orders
from weekapp.registration import public_views as registration
from weekapp.registration import still_on_views as still_on
from weekapp.registration import views as mine
from weekapp.shipments import hook_views as carrier_hooks
from weekapp.shipments import parcel_views as parcels
from weekapp.shipments import staff_views as return_files
from weekapp.signups import public_views as signing_up
from weekapp.signups import views as sign_ups
from weekapp.templating import set_up_templates
from weekapp.web import set_up_web

PARTS: list[tuple[str, Blueprint]] = [
    ("/", duty.bp),
    ("/", paper.bp),
    ("/", accounts.bp),  # /inloggen, /uitloggen
    ("/afbeeldingen", pictures.bp),
    ("/demo", mail.bp),
    ("/beheer", moderation.bp),
    ("/beheer", revisions.bp),  # /beheer/moderatie/teksten
    ("/beheer/edities", edition_desk.bp),
    ("/beheer/bijeenkomsten", gathering_desk.bp),
    ("/beheer/meldingen", report_desk.bp),
    ("/beheer/niet-bevestigd", unconfirmed_desk.bp),
    ("/beheer/gemeenten", municipality_desk.bp),
    ("/beheer/pakketten", package_desk.bp),
    ("/beheer/medewerkers", people.bp),
    ("/logistiek", logistics.bp),
    ("/logistiek/batches", batches.bp),
    ("/logistiek/batches/controle", preflight.bp),
    ("/logistiek/scannen", scanning.bp),
    ("/logistiek/voorraad", stock.bp),
    ("/meedoen", registration.bp),
    ("/mijn", mine.bp),
    ("/mijn", changing.bp),
    ("/mijn", own_orders.bp),
    ("/mijn/organisaties", colleagues.bp),
    ("/uitnodiging", colleagues.invited),
    ("/gaat-het-door", still_on.bp),
    ("/bestellen", mine.ordering),
    ("/", pages.bp),  # home, /zoek, sitemap.xml
    ("/gemeenten", municipalities.bp),
    ("/archief", archive.bp),
    ("/cijfers", figures.bp),
    ("/bijeenkomsten", gatherings.bp),
    ("/", activities.bp),  # /activiteiten
    ("/", reports.bp),  # /activiteiten/<id>/fout-melden
    ("/", signing_up.bp),  # /activiteiten/<id>/aanmelden, /aanmelding, /afmelden
    ("/", sign_ups.bp),  # /mijn/activiteiten/<id>/aanmeldingen
    ("/", feeds.bp),  # .ics .geojson .json .csv .atom of /activiteiten, /gemeenten, /provincies, /themas, /doelgroepen, /organisaties
    ("/", gathering_feeds.bp),  # /bijeenkomsten.ics, /bijeenkomsten/<id>.ics
    ("/api/v1", api.bp),
    ("/", api.page),  # /open-data
    ("/kaart", map_.bp),
    ("/logistiek", return_files.bp),  # /logistiek/retour
    ("/logistiek", parcels.bp),  # /logistiek/zendingen, /logistiek/te-laat
    ("/logistiek", carrier_hooks.bp),  # /logistiek/haken/<carrier>
    ("/", operators.bp),  # /healthz, /readyz, /metrics
]


def create_app(settings: Settings) -> Flask:
    """The whole site, ready to serve."""
    app = create_core(settings)
    set_up_web(app, settings)
    set_up_assets(app)
    set_up_templates(app)
    set_up_accounts(app)
    app.extensions["geocoder"] = make_geocoder(settings.geocoder, now=clock.now)
    for prefix, part in PARTS:
        app.register_blueprint(part, url_prefix=prefix.rstrip("/") or None)
    cli.register(app)
    set_up_addresses(app)  # inside the stored answers: they keep each language of a page by its own address
    set_up_stored_answers(app, editions.public_version, settings.fresh_seconds)
    set_up_api(app)
    return app

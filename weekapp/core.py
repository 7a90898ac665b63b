"""What the web and the worker have in common: database, queue, languages, logs and templates, without any page."""

from pathlib import Path

from flask import Flask, current_app, request
from flask_babel import Babel
from flask_migrate import Migrate

from weekapp import clock
from weekapp.config import Settings
from weekapp.db import db
from weekapp.logs import set_up_logs
from weekapp.queue import set_up_queue

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"nl": "Nederlands"}
babel = Babel()


def create_core(settings: Settings) -> Flask:
    """A Flask application that can read and write, and has no routes."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    set_up_logs(as_json=settings.log_json)
    app = Flask("weekapp", root_path=str(ROOT / "weekapp"), template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings),
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE=clock.AMSTERDAM.key,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "weekapp" / "translations"),
        SETTINGS=settings,
    )
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals["settings"] = settings
    db.init_app(app)
    Migrate().init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=chosen_language)
    set_up_queue(settings)
    return app


def engine_options(settings: Settings) -> dict[str, object]:
    """Connections are tried before use, so that a restart of PostgreSQL costs one retry and not an error page."""
    if settings.database_url.startswith("sqlite"):
        return {}
    return {"pool_size": 5, "max_overflow": 10, "pool_pre_ping": True, "pool_recycle": 1800}


def chosen_language() -> str:
    """The language in the address (`/en/...`), never a cookie; outside a request it is Dutch."""
    language = request.view_args.get("language") if request and request.view_args else None
    return language if language in LANGUAGES else "nl"


def settings() -> Settings:
    """The settings of the running application, in web, worker and command alike; for services, which do not know Flask."""
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen

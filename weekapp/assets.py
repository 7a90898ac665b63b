"""Front-end files, our own and those that Python packages carry, under an address that changes with their content.

Nothing of others is copied into the project, and no page asks another host for a file (PRIV-11).
"""

import hashlib
import mimetypes
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, send_file

from weekapp.access import public

bp = Blueprint("assets", __name__)
SOURCES = {  # name: (import package, folder inside it)
    "weekapp": ("weekapp", "static"),
    "leaflet": ("js_lib_leaflet", "static/js_lib_leaflet"),
    "markercluster": ("xstatic.pkg.leaflet_markercluster", "data"),
    "bootstrap": ("flask_bootstrap", "static/bootstrap5"),
}
ALLOWED = {".js", ".css", ".png", ".svg", ".woff2", ".geojson"}
YEAR = 31_536_000  # seconds


@cache
def folder_of(name: str) -> tuple[Path, str]:
    """Where the files of a source lie, and the hash of all of them."""
    package, inside = SOURCES[name]
    folder = Path(str(files(package))) / inside
    digest = hashlib.blake2s(digest_size=6)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in ALLOWED:
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return folder, digest.hexdigest()


def asset(path: str) -> str:
    """The address of e.g. "leaflet/leaflet.js"; a missing file fails here, when the page is made, not in the browser."""
    name, _, rest = path.partition("/")
    folder, version = folder_of(name)
    if not (folder / rest).is_file():
        raise LookupError(path)
    return f"/assets/{name}/{version}/{rest}"


@bp.get("/assets/<name>/<version>/<path:rest>")
@public
def serve(name: str, version: str, rest: str) -> Response:
    """One file, to be kept for ever."""
    if name not in SOURCES:
        abort(404)
    folder, current = folder_of(name)
    path = (folder / rest).resolve()
    if version != current or path.suffix not in ALLOWED or not path.is_relative_to(folder.resolve()) or not path.is_file():
        abort(404)
    response = send_file(path, mimetype=mimetypes.guess_type(path.name)[0] or "application/octet-stream", max_age=YEAR)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def set_up_assets(app: Flask) -> None:
    """Make `asset()` known to templates and its files to browsers."""
    app.jinja_env.globals["asset"] = asset
    app.register_blueprint(bp)

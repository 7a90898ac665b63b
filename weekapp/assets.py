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
from weekapp.used_css import used_part, words_of

bp = Blueprint("assets", __name__)
SOURCES = {  # name: (import package, folder inside it)
    "weekapp": ("weekapp", "static"),
    "leaflet": ("js_lib_leaflet", "static/js_lib_leaflet"),
    "markercluster": ("xstatic.pkg.leaflet_markercluster", "data"),
    "bootstrap": ("flask_bootstrap", "static/bootstrap5"),
}
ALLOWED = {".js", ".css", ".png", ".svg", ".woff2", ".geojson"}
YEAR = 31_536_000  # seconds
GROUND = "ground/ground.css"  # the part of Bootstrap that our pages use
OURS = (("../templates", "*.html"), ("static", "*.js"))  # where classes are named, seen from the package


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


@cache
def ground() -> tuple[bytes, str]:
    """What our pages need of Bootstrap, and its hash; made once per process."""
    bootstrap, _ = folder_of("bootstrap")
    package = Path(str(files("weekapp")))
    ours = [path.read_text(encoding="utf-8") for folder, kind in OURS for path in sorted((package / folder).rglob(kind))]
    made = used_part((bootstrap / "css/bootstrap.min.css").read_text(encoding="utf-8"), words_of(*ours)).encode()
    return made, hashlib.blake2s(made, digest_size=6).hexdigest()


def asset(path: str) -> str:
    """The address of e.g. "leaflet/leaflet.js"; a missing file fails here, when the page is made, not in the browser."""
    name, _, rest = path.partition("/")
    if path == GROUND:
        return f"/assets/{name}/{ground()[1]}/{rest}"
    folder, version = folder_of(name)
    if not (folder / rest).is_file():
        raise LookupError(path)
    return f"/assets/{name}/{version}/{rest}"


@bp.get("/assets/<name>/<version>/<path:rest>")
@public
def serve(name: str, version: str, rest: str) -> Response:
    """One file, to be kept for ever."""
    if f"{name}/{rest}" == GROUND:
        made, digest = ground()
        return kept_for_ever(Response(made, mimetype="text/css")) if version == digest else abort(404)
    if name not in SOURCES:
        abort(404)
    folder, current = folder_of(name)
    path = (folder / rest).resolve()
    if version != current or path.suffix not in ALLOWED or not path.is_relative_to(folder.resolve()) or not path.is_file():
        abort(404)
    return kept_for_ever(send_file(path, mimetype=mimetypes.guess_type(path.name)[0] or "application/octet-stream", max_age=YEAR))


def kept_for_ever(response: Response) -> Response:
    """What lies under an address that changes with its content."""
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def set_up_assets(app: Flask) -> None:
    """Make `asset()` known to templates and its files to browsers."""
    app.jinja_env.globals["asset"] = asset
    app.register_blueprint(bp)

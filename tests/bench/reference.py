"""Another server that gives the very same bytes: nginx where it is installed, else a bare WSGI answer on the server of the site."""

import contextlib
import gzip
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.processes import ROOT, free_port, running

FOLDER = "BENCH_FOLDER"
CONFIG = """
{user}
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 100000000;
  client_body_temp_path {folder}/a;
  proxy_temp_path {folder}/b;
  fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d;
  scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
    gzip_static on;
  }}
}}
"""


class Reference:
    """A running server and the folder that it serves."""

    def __init__(self, name: str, port: int, files: Path) -> None:
        self.name, self.port, self.files = name, port, files

    def hold(self, name: str, body: bytes) -> str:
        """Serve these bytes as they are and, to who accepts it, with gzip; the address."""
        (self.files / name).write_bytes(body)
        (self.files / f"{name}.gz").write_bytes(gzip.compress(body, 6, mtime=0))
        return f"http://127.0.0.1:{self.port}/{name}"


@contextmanager
def running_reference() -> Iterator[Reference]:
    """For as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="weekapp-bench-"))
    folder.chmod(0o755)
    (folder / "files").mkdir(mode=0o755)
    port = free_port()
    name, command, environment = nginx(folder, port) if shutil.which("nginx") else bare(folder, port)
    try:
        with running(command, environment, folder / "log"):
            wait_for(port)
            yield Reference(name, port, folder / "files")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def nginx(folder: Path, port: int) -> tuple[str, tuple[str, ...], dict[str, str]]:
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port, user="user root;" if os.geteuid() == 0 else ""))
    version = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr.strip().rpartition(" ")[2]
    return version, ("nginx", "-e", "stderr", "-c", str(folder / "nginx.conf")), dict(os.environ)


def bare(folder: Path, port: int) -> tuple[str, tuple[str, ...], dict[str, str]]:
    where = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--no-ws", "--log-level", "warning")
    command = (sys.executable, "-m", "granian", *where, "tests.bench.reference:give")
    return "a bare WSGI answer on granian", command, dict(os.environ) | {FOLDER: str(folder / "files"), "PYTHONPATH": str(ROOT)}


def wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("the server to compare with does not start")


_bodies: dict[str, bytes] = {}


def give(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The bare WSGI answer."""
    name = environ["PATH_INFO"].strip("/") + (".gz" if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else "")
    if name not in _bodies:
        _bodies[name] = (Path(os.environ[FOLDER]) / Path(name).name).read_bytes()
    body = _bodies[name]
    tag = f'"{len(body)}"'
    if environ.get("HTTP_IF_NONE_MATCH") == tag:
        start_response("304 NOT MODIFIED", [("ETag", tag)])
        return []
    start_response("200 OK", [("Content-Length", str(len(body))), ("ETag", tag)])
    return [body]

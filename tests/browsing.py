"""A real browser for tests, and what must hold for every page that it opens: no axe violations, no other host, an empty console."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]  # A11Y-03, A11Y-04
WIDE, PHONE, NARROW = (1280, 900), (360, 740), (320, 640)


def chromium() -> str:
    """Where Chromium is; the test is skipped with the reason where there is none."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium on this machine: install it (Debian: apt-get install chromium) or set CHROMIUM")
    return found


@contextmanager
def running_browser() -> Iterator[Browser]:
    """One Chromium for many tests."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visitor:
    """Somebody with a browser window of a given size; `check()` judges the page that is open."""

    context: BrowserContext
    base_url: str
    page: Page = field(init=False)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.on("console", self.on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("request", self.on_request)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "status of 4" not in message.text:  # a 400 or 404 that a test asks for
            self.complaints.append(f"console: {message.text}")

    def on_request(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")) and urlsplit(request.url).netloc != urlsplit(self.base_url).netloc:
            self.complaints.append(f"another host: {request.url}")

    def open(self, path: str) -> Page:
        """Go to a path of the site and judge the page."""
        self.page.goto(self.base_url + path if path.startswith("/") else path)
        self.check()
        return self.page

    def press(self, words: str) -> Page:
        """Press the button with these words and judge the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words).first.click()
        self.check()
        return self.page

    def follow(self, words: str) -> Page:
        """Follow the link with these words and judge the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words).first.click()
        self.check()
        return self.page

    def fetch(self, path: str) -> bytes:
        """What a download or a calendar app gets, with the cookies of this person."""
        answer = self.page.request.get(self.base_url + path)
        assert answer.ok, f"{path}: {answer.status}"
        body: bytes = answer.body()
        return body

    def check(self) -> None:
        """Zero axe violations, nothing from another host, nothing in the console, nothing wider than the window."""
        found = Axe().run(self.page, options={"runOnly": TAGS}).response["violations"]
        violations = [f"{v['id']}: {v['help']} {[node['target'] for node in v['nodes'][:3]]}" for v in found]
        assert violations == [], f"{self.page.url}: {violations}"
        assert self.complaints == [], f"{self.page.url}: {self.complaints}"
        too_wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{self.page.url} is {too_wide} px wider than the window (A11Y-13)"

    def close(self) -> None:
        self.context.close()


def visitor(browser: Browser, base_url: str, size: tuple[int, int] = WIDE, *, javascript: bool = True) -> Visitor:
    """Somebody new, without any cookie."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=javascript,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        accept_downloads=True,
        reduced_motion="reduce",  # colours are judged at rest
    )
    context.set_default_timeout(15_000)
    return Visitor(context, base_url)

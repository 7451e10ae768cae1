"""The command `screenshots`: pictures of the main pages, for the documentation and for looking at."""

import argparse
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shaar.config.browser import ARGUMENTS, ensure_browser
from shaar.config.cli_serve import live_command, server_command
from shaar.config.console import CommandFailed, progress
from shaar.config.modules import MODULES, find

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTHS = (390, 1440)
LANGUAGES = ("ru", "ky")
# Charts are drawn when they come into sight.
SCROLLED = """async () => {
    for (let top = 0; top < document.body.scrollHeight && top < 20000; top += 700) {
        window.scrollTo(0, top);
        await new Promise(resolve => setTimeout(resolve, 60));
    }
    window.scrollTo(0, 0);
    await new Promise(resolve => setTimeout(resolve, 500));
}"""
QUIET = 5000  # milliseconds after which a page with a live stream is taken as it is


@dataclass(frozen=True)
class Page:
    """One page to take: its short name, its address, and the user who looks at it (None: signed out)."""

    name: str
    address: str
    user: str | None = None


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("screenshots", help="take pictures of the main pages")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--only", help="take only pages whose name contains this")
    parser.add_argument("--dark", action="store_true", help="take them in the dark theme")
    parser.set_defaults(run=run)


def pages() -> Iterator[Page]:
    """Yield the pages that modules name in `pictures.py` by `pages()`, tuples of name, address and user."""
    for module in MODULES:
        named = find(f"shaar.{module}.pictures:pages")
        if named is not None:
            yield from (Page(*page) for page in named())


def run(arguments: argparse.Namespace) -> int:
    """Serve the installation on a free port and take every page in every width and language."""
    from django.conf import settings
    from playwright.sync_api import sync_playwright

    if not settings.DEMO_MARK.exists():
        raise CommandFailed("no demonstration is loaded here; run ./shaar demo --no-serve first")
    wanted = [page for page in pages() if not arguments.only or arguments.only in page.name]
    if not wanted:
        raise CommandFailed("no page to take; leave --only out or name another part of a page's name")
    sessions = {user: _session_of(user) for user in {page.user for page in wanted}}
    arguments.directory.mkdir(parents=True, exist_ok=True)
    with _served() as root, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure_browser(), args=list(ARGUMENTS))
        for page in wanted:
            progress(page.name)
            shots = _Shots(browser, root, arguments.directory, theme="dark" if arguments.dark else "light")
            shots.take(page, session=sessions[page.user])
        browser.close()
    return 0


@dataclass(frozen=True)
class _Shots:
    browser: "Browser"
    root: str
    directory: Path
    theme: Literal["light", "dark"]

    def take(self, page: Page, *, session: str | None) -> None:
        """Take a page in every width and language."""
        for width in WIDTHS:
            for language in LANGUAGES:
                cookies = {"sessionid": session, "django_language": language, "theme": self.theme}
                mark = "-dark" if self.theme == "dark" else ""
                self._shoot(
                    page, cookies, width, self.directory / f"{page.name}-{language}-{width}{mark}.png"
                )

    def _shoot(self, page: Page, cookies: dict[str, str | None], width: int, path: Path) -> None:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, locale=cookies["django_language"]
        )
        context.add_cookies(
            [{"name": key, "value": value, "url": self.root} for key, value in cookies.items() if value]
        )
        tab = context.new_page()
        answer = tab.goto(self.root + page.address)
        if answer is None or not answer.ok:
            raise CommandFailed(f"{page.address} answers {answer.status if answer else 'nothing'}")
        from playwright.sync_api import TimeoutError as BrowserTimeout

        try:
            tab.wait_for_load_state("networkidle", timeout=QUIET)
        except BrowserTimeout:
            progress(f"{page.name} keeps a stream open")
        tab.evaluate(SCROLLED)
        tab.screenshot(path=path, full_page=True)
        context.close()


def _session_of(user: str | None) -> str | None:
    """Sign a person in without a password, as only the owner of the installation can."""
    if user is None:
        return None
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    person = get_user_model().objects.filter(username=user).first()
    if person is None:
        raise CommandFailed(f"there is no user {user}; run ./shaar demo --no-serve first")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@contextmanager
def _served() -> Iterator[str]:
    port, live = _free_port(), _free_port()
    surroundings = os.environ | {
        "SHAAR_HOST": "127.0.0.1",
        "SHAAR_PORT": str(port),
        "SHAAR_LIVE_PORT": str(live),
    }
    commands = (server_command(port, workers=1), live_command(live))
    servers = [subprocess.Popen(command, env=surroundings) for command in commands]
    try:
        for one in (port, live):
            _wait_until_answers(one)
        yield f"http://127.0.0.1:{port}"
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(timeout=15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_answers(port: int, *, pauses: Sequence[float] = (0.1,) * 600) -> None:
    for pause in pauses:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(pause)
        else:
            return
    raise CommandFailed("the server does not answer; run ./shaar serve to see why")

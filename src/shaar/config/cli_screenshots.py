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
from typing import TYPE_CHECKING, Any

from shaar.config.browser import ARGUMENTS, ensure_browser
from shaar.config.cli_serve import server_command
from shaar.config.console import CommandFailed, progress
from shaar.config.modules import MODULES, find

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTHS = (390, 1440)
LANGUAGES = ("ru", "ky")


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
    parser.set_defaults(run=run)


def pages() -> Iterator[Page]:
    """Yield the pages that modules name in `pictures.py` by `pages()`, tuples of name, address and user."""
    for module in MODULES:
        named = find(f"shaar.{module}.pictures:pages")
        if named is not None:
            yield from (Page(*page) for page in named())


def run(arguments: argparse.Namespace) -> int:
    """Serve the installation on a free port and take every page in every width and language."""
    from playwright.sync_api import sync_playwright

    wanted = [page for page in pages() if not arguments.only or arguments.only in page.name]
    if not wanted:
        raise CommandFailed("no page to take; leave --only out or name another part of a page's name")
    sessions = {user: _session_of(user) for user in {page.user for page in wanted}}
    arguments.directory.mkdir(parents=True, exist_ok=True)
    with _served() as root, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure_browser(), args=list(ARGUMENTS))
        for page in wanted:
            progress(page.name)
            _take(browser, page, root=root, session=sessions[page.user], directory=arguments.directory)
        browser.close()
    return 0


def _take(browser: "Browser", page: Page, *, root: str, session: str | None, directory: Path) -> None:
    for width in WIDTHS:
        for language in LANGUAGES:
            context = browser.new_context(viewport={"width": width, "height": 900}, locale=language)
            cookies = {"sessionid": session, "django_language": language}
            context.add_cookies(
                [{"name": key, "value": value, "url": root} for key, value in cookies.items() if value]
            )
            tab = context.new_page()
            answer = tab.goto(root + page.address)
            if answer is None or not answer.ok:
                raise CommandFailed(f"{page.address} answers {answer.status if answer else 'nothing'}")
            tab.wait_for_load_state("networkidle")
            tab.screenshot(path=directory / f"{page.name}-{language}-{width}.png", full_page=True)
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(server_command(port, workers=1), env=os.environ | {"SHAAR_HOST": "127.0.0.1"})
    try:
        _wait_until_answers(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=15)


def _wait_until_answers(port: int, *, pauses: Sequence[float] = (0.1,) * 200) -> None:
    for pause in pauses:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(pause)
        else:
            return
    raise CommandFailed("the server does not answer; run ./shaar serve to see why")

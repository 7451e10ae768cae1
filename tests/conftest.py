"""What every test may use: a database of its own, a strict client, a browser, and jobs that run at once."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, sync_playwright

from shaar.config import browser as browsers
from shaar.config.database import EmbeddedServer
from shaar.config.environment import ROOT

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# These must hold on any supported server: `./shaar test` runs them on SHAAR_TEST_DATABASE_URL too.
ANY_SERVER = ("tests/ledger/", "tests/indicators/")
# These use what differs between releases; SHAAR_TEST_OLDEST_URL names the oldest server that is promised.
OLDEST_SERVER = (
    "tests/access/test_permissions.py",
    "tests/city/test_units_and_territories.py",
    "tests/indicators/rollups/",
    "tests/indicators/test_ground.py",
    "tests/ledger/test_recording.py",
)

# Machines are noisy: no test fails because an example took its time.
settings.register_profile("shaar", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shaar")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that another server must pass as well, and those that drive a browser."""
    for item in items:
        place = item.path.relative_to(config.rootpath).as_posix()
        if place.startswith(ANY_SERVER):
            item.add_marker("database")
        if place.startswith(OLDEST_SERVER):
            item.add_marker("oldest")
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


# Database ---------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Start the embedded server of the tests, shared by all workers, unless DATABASE_URL names another."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    server = EmbeddedServer(Path(os.environ["SHAAR_HOME"]), durable=False)
    server.acquire()
    yield
    server.release()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Before the database is dropped, end the sessions that threads of jobs and servers may still hold."""
    yield
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session", autouse=True)
def _flush_everything() -> Iterator[None]:
    """Let the emptying of tables after a transactional test pass the triggers that refuse TRUNCATE.

    Every table of the schema goes, known to Django or not (partitions, history), but the list of migrations.
    """
    from django.db import transaction
    from django.db.backends.base.operations import BaseDatabaseOperations

    def flush(operations: Any, _statements: list[str]) -> None:
        connection = operations.connection
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables"
                " WHERE schemaname = current_schema() AND tablename <> 'django_migrations'"
            )
            (tables,) = cursor.fetchone()
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
        yield


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Return a function that runs every job that waits, in this transaction, and returns how many ran."""
    from procrastinate import sql
    from procrastinate.contrib.django import app

    def run() -> int:
        count = 0
        while (job := _next_job(app, sql.queries)) is not None:
            task = app.tasks[job["task_name"]]
            if not task.pass_context:  # what looks after other jobs is the worker's, and can be left by one
                task.func(**job["args"])
            app.connector.get_sync_connector().execute_query(
                sql.queries["finish_job"], job_id=job["id"], status="succeeded", delete_job=False
            )
            count += 1
        return count

    return run


def _next_job(app: Any, queries: dict[str, str]) -> dict[str, Any] | None:
    connector = app.connector.get_sync_connector()
    job = connector.execute_query_one(queries["fetch_job"], queues=None, worker_id=None)
    if job["id"] is None:
        return None
    return job | {"args": json.loads(job["args"])}


# Pages ------------------------------------------------------------------------------------------------------
FORBIDDEN_MARKUP = {
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")", re.IGNORECASE
    ),
    "an inline style": re.compile(r"<style|<[^>]+\sstyle=", re.IGNORECASE),
    "an inline event": re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    "an unrendered template": re.compile(r"\{\{|\{%|\{#"),
}


class StrictClient(Client):
    """A client that fails on pages which the content security policy would break or are not rendered."""

    def request(self, **request: Any) -> Any:
        """Send a request and look at the page that comes back."""
        response = super().request(**request)
        assert_clean_markup(response)
        return response


def assert_clean_markup(response: HttpResponse) -> None:
    """Fail if an HTML page holds inline code or an unrendered template."""
    if response.streaming or "text/html" not in response.headers.get("Content-Type", ""):
        return
    text = response.content.decode()
    faults = [name for name, pattern in FORBIDDEN_MARKUP.items() if pattern.search(text)]
    assert not faults, f"the page holds {' and '.join(faults)}"


@pytest.fixture
def client() -> StrictClient:
    """Return a strict test client, signed out."""
    return StrictClient()


# Browser ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once for each worker; a machine without one fails the test and never skips it."""
    path = browsers.find_browser()
    assert path, "there is no browser; run the tests by ./shaar test, which installs one"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=path, args=list(browsers.ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def worker() -> Literal["allow", "block"]:
    """Tell whether pages may register their service worker; a test that needs none gives another answer."""
    return "allow"


@pytest.fixture
def page(browser: Browser, live_server: Any, worker: Literal["allow", "block"]) -> Iterator[Page]:
    """Open a page on the live server that fails the test on any error the browser reports."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="ru",
        viewport={"width": 1280, "height": 900},
        service_workers=worker,
    )
    context.set_default_timeout(10_000)
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield tab
    context.close()
    assert not errors, f"the browser reported: {errors}"


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Return a check that axe finds nothing to object to on a page."""
    source = AXE.read_text()

    def check(page: Page) -> None:
        page.evaluate(source)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", AXE_RULES)["violations"]
        lines = [f"{one['id']}: {one['help']}: {node['html']}" for one in found for node in one["nodes"]]
        assert not lines, "\n".join(["axe objects:", *lines])

    return check

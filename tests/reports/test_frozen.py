"""A trace that names an edition shows what the edition froze, and what is otherwise today."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from shaar.access.api import system_actor
from shaar.indicators import api as indicators
from shaar.indicators.rollups.keeping import catch_up
from shaar.kernel import clock
from shaar.kernel.periods import Period
from shaar.ledger import api as ledger
from shaar.reports import api as reports
from tests.programme.conftest import bishkek, pack

__all__ = ["bishkek", "pack"]
pytestmark = pytest.mark.django_db
CODE = "lighting.led_total"
TRACE = f"/figures/{CODE}/2022/"
RUSSIAN = {"accept-language": "ru"}


@pytest.fixture
def published(bishkek: Path) -> datetime:
    """Publish the report of 2022 and return when; records of today come after it by a minute."""
    catch_up()
    actor, at = system_actor("tests"), clock.now() + timedelta(seconds=1)
    reports.load_pack(bishkek, actor=actor.key)
    snapshot = reports.gather("bishkek-2026", 2022, form=reports.kept_form(), at=at)
    reports.publish(snapshot, actor=actor, at=at, public_url="https://shaar.example")
    return at


def restate(number: str, monkeypatch: pytest.MonkeyPatch, at: datetime) -> tuple[int, int]:
    """Take the figure back a day later and state another; return the numbers of both records."""
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=1))
    found = indicators.trace(CODE, Period.year(2022)).facts[0]
    old = ledger.get(found.id)
    gone = ledger.reverse(old.id, reason="уточнение", actor="tests", at=clock.now())
    fact = ledger.Fact(
        type=old.type,
        happened_at=old.happened_at,
        unit=old.unit,
        territory=old.territory,
        quantity=Decimal(number),
        measure=old.measure,
        subject=old.subject,
        actor="tests",
        dimensions=old.dimensions,
        covers=old.covers,
    )
    new = ledger.record(fact)
    catch_up()
    return gone, new


def page_of(client: Client, address: str) -> str:
    return client.get(address, headers=RUSSIAN).content.decode().replace("\u00a0", " ")


def test_a_figure_that_did_not_change_says_so(client: Client, published: datetime) -> None:
    page = page_of(client, f"{TRACE}?edition=1")
    assert "Так записано в издании 1" in page
    assert "Сегодня показатель тот же" in page
    assert "после издания" not in page


def test_a_figure_that_changed_shows_both_and_which_records_came_later(
    client: Client, published: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, new = restate("10600", monkeypatch, published)
    page = page_of(client, f"{TRACE}?edition=1")
    frozen, today = page.index("10 531"), page.index("10 600")
    assert frozen < page.index("Так записано в издании 1") < today
    assert "Сегодня показатель другой" in page
    assert f"№ {gone}" in page
    assert f"№ {new}" in page
    assert "после издания 1" in page
    assert "10 531" not in page_of(client, TRACE).split("<h2")[0]
    told = json.loads(client.get(f"{TRACE}trace.json?edition=1").content)
    assert told["frozen"]["quantity"]["value"] == "10531"
    assert told["value"]["quantity"]["value"] == "10600"
    assert told["frozen"]["is_changed"] is True
    assert set(told["frozen"]["later"]) == {gone, new}


@pytest.mark.parametrize("edition", ["2", "x", "99999999999999999999", ""])
def test_an_edition_that_is_not_there_shows_today(client: Client, published: datetime, edition: str) -> None:
    page = page_of(client, f"{TRACE}?edition={edition}")
    assert "10 531" in page
    assert "Так записано" not in page
    assert ("В издании 2 этого показателя нет" in page) is (edition == "2")


def test_a_part_of_a_figure_was_not_frozen(client: Client, published: datetime) -> None:
    assert "Так записано" not in page_of(client, f"{TRACE}?edition=1&territory=leninsky")


@pytest.mark.parametrize("form", ["docx", "html", "json"])
def test_every_file_of_an_edition_links_to_traces_of_that_edition(published: datetime, form: str) -> None:
    content = reports.edition_file("bishkek-2026", 2022, language="ru", form=form, number=1)
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read("word/_rels/document.xml.rels")
    text = content.decode()
    assert f"https://shaar.example{TRACE}?edition=1" in text
    assert text.count("/2022/?edition=1") == text.count("https://shaar.example/figures/") > 100

"""Pages are counted by kind, language and device; nothing else of a reader is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from shaar.kernel import clock
from shaar.portal.models import DayCount
from shaar.portal.statistics import counting
from shaar.portal.statistics.adding import add_up
from tests.portal.conftest import AT

pytestmark = pytest.mark.django_db
ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0"
PHONE = f"{ANDROID} Mobile Safari/537.36"
TABLET = f"{ANDROID} Safari/537.36"
COMPUTER = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture(autouse=True)
def _own_counts(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.FILE_ROOT = tmp_path
    counting._counts.clear()
    yield
    counting._counts.clear()


def counted() -> dict[tuple[str, str, str], int]:
    counting.put_by()
    add_up(at=AT)
    return {(row.page, row.language, row.device): row.count for row in DayCount.objects.all()}


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "phone"),
        (TABLET, "tablet"),
        (COMPUTER, "computer"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1", "tablet"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", ""),
        ("curl/8.5.0", ""),
        ("python-requests/2.32", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_from_a_program(agent: str, device: str) -> None:
    assert counting.device_of(agent) == device


def test_public_pages_are_counted_by_kind_language_and_device(client: Client) -> None:
    for agent, language in ((PHONE, "ky"), (PHONE, "ky"), (COMPUTER, "ru")):
        client.get("/about/", headers={"User-Agent": agent, "Accept-Language": language})
    sent = client.get("/data/units.csv", headers={"User-Agent": COMPUTER, "Accept-Language": "en"})
    assert b"".join(sent.streaming_content)
    assert counted() == {
        ("portal:about", "ky", "phone"): 2,
        ("portal:about", "ru", "computer"): 1,
        ("portal:dataset-file", "en", "computer"): 1,
    }


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_is_counted_as_one_that_is_made(client: Client) -> None:
    for _turn in range(3):
        first = client.get("/about/", headers={"User-Agent": PHONE})
    client.get("/about/", headers={"User-Agent": PHONE, "If-None-Match": first["ETag"]})
    assert counted() == {("portal:about", "ru", "phone"): 4}


def test_programs_staff_and_what_is_missing_are_not_counted(client: Client, desk: Client) -> None:
    stranger = Client()
    stranger.get("/about/", headers={"User-Agent": "Googlebot/2.1"})
    stranger.get("/no-such-page/", headers={"User-Agent": PHONE})
    stranger.get("/sw.js", headers={"User-Agent": PHONE})
    stranger.get("/about/", headers={"User-Agent": PHONE, "Sec-Purpose": "prefetch"})
    stranger.head("/about/", headers={"User-Agent": PHONE})
    desk.get("/about/", headers={"User-Agent": PHONE})
    desk.get("/staff/news/", headers={"User-Agent": PHONE})
    assert counted() == {}


def test_a_file_that_comes_twice_is_added_once(client: Client) -> None:
    client.get("/about/", headers={"User-Agent": PHONE})
    kept = counting.put_by()
    assert kept is not None
    content = kept.read_bytes()
    add_up(at=AT)
    kept.write_bytes(content)
    add_up(at=AT)
    assert [row.count for row in DayCount.objects.all()] == [1]
    assert list(counting.directory().iterdir()) == []


def test_nothing_of_a_reader_is_kept(client: Client) -> None:
    client.get("/about/?q=secret", headers={"User-Agent": PHONE, "Referer": "https://example.com/"})
    path = counting.put_by()
    assert path is not None
    said = path.read_text()
    assert said == f'[["{clock.today()}", "portal:about", "ru", "phone", 1]]'
    found = connection.introspection.get_table_description(connection.cursor(), "portal_daycount")
    names = {one.name for one in found}
    assert names == {"id", "day", "page", "language", "device", "count"}


def test_the_page_of_sums_shows_them_and_sends_them_as_a_file(desk: Client) -> None:
    DayCount.objects.create(day=clock.today(), page="portal:about", language="ky", device="phone", count=1234)
    page = desk.get("/staff/statistics/?days=7").content.decode()
    assert "1 234" in page.replace("\u00a0", " ").replace("\u202f", " ")
    file = desk.get("/staff/statistics/?export=csv").content.decode()
    assert "1234" in file
    assert Client().get("/staff/statistics/").status_code == 302

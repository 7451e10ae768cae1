"""Pages of the monitor: what they show, to whom, and in how many queries."""

from datetime import timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shaar.access import api as access
from shaar.access.models import User
from shaar.kernel import clock
from shaar.monitor import alerts, digests, keeping, simulation
from shaar.monitor.models import Alert, Digest
from tests.monitor.conftest import Record, person

TILE = "lighting.requests_executed"


def sign_in(client: Client, name: str) -> None:
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")


@pytest.fixture
def city(record: Record, mayor: access.Actor, client: Client) -> Client:
    today = clock.today()
    for back, quantity in ((0, "3"), (1, "19"), (2, "21"), (9, "20")):
        for territory in ("leninsky", "pervomaysky"):
            record(TILE, quantity, measure="request", day=today - timedelta(days=back), territory=territory)
    keeping.keep_up(record("lighting.emergencies_fixed", "2"), now=clock.now())
    keeping.keep_all(now=clock.now())
    alerts.watch(now=clock.now())
    sign_in(client, "mayor")
    return client


def test_the_board_says_in_words_what_each_tile_is(city: Client) -> None:
    text = city.get("/staff/monitor/").content.decode()
    assert "Хуже цели" in text
    assert "Нет данных" in text
    assert "Благоустройство" in text
    assert 'data-stream="http://testserver:' in text


def test_the_page_may_ask_for_the_stream_and_for_nothing_else(city: Client) -> None:
    policy = city.get("/staff/monitor/").headers["Content-Security-Policy"]
    assert "connect-src 'self' http://testserver:8001" in [one.strip() for one in policy.split(";")]


def test_the_board_takes_a_fixed_number_of_queries(
    city: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    city.get("/staff/monitor/")
    with django_assert_max_num_queries(25):
        city.get("/staff/monitor/")


def test_a_tile_explains_its_colour_and_leads_to_districts_and_records(city: Client) -> None:
    text = city.get(f"/staff/monitor/tiles/{TILE}/").content.decode()
    assert "0,300 = значение ÷ цель" in text
    assert f"/figures/{TILE}/{clock.today()}/?territory=leninsky" in text
    assert f"/figures/{TILE}/{clock.today()}/?unit=city-hall" in text
    assert "тот же период прошлого года" in text
    earlier = city.get(f"/staff/monitor/tiles/{TILE}/?step=58").content.decode()
    assert '<strong class="monitor-period__value">38</strong>' in earlier
    assert city.get("/staff/monitor/tiles/nothing/").status_code == 404


def test_the_score_shows_its_numbers(city: Client) -> None:
    text = city.get("/staff/monitor/score/").content.decode()
    assert "Балла нет" in text
    assert "не учитывается" in text


def test_an_alert_without_a_reason_is_told_so_and_with_one_is_closed(city: Client) -> None:
    number = Alert.objects.get(tile=TILE).pk
    refused = city.post(f"/staff/monitor/alerts/{number}/close/", {"reason": ""})
    assert "govuk-error-message" in refused.content.decode()
    done = city.post(f"/staff/monitor/alerts/{number}/close/", {"reason": "Проверено, демо"}, follow=True)
    assert "Проверено, демо" in done.content.decode()
    assert "закрыта" in city.get("/staff/monitor/alerts/").content.decode()


def test_a_person_of_one_unit_sees_its_tiles_only(city: Client) -> None:
    person("lifts", "unit_head", unit="bishkekgorlift")
    sign_in(city, "lifts")
    text = city.get("/staff/monitor/").content.decode()
    assert "lifts.delivered" in text
    assert TILE not in text
    assert city.get(f"/staff/monitor/tiles/{TILE}/").status_code == 403
    assert city.get(f"/staff/monitor/alerts/{Alert.objects.get(tile=TILE).pk}/").status_code == 403


def test_a_morning_is_frozen_once_and_sent_in_both_languages(city: Client, record: Record) -> None:
    digests.make(now=clock.now())
    keeping.keep_up(record(TILE, "90", measure="request"), now=clock.now())
    digests.make(now=clock.now())
    (day,) = Digest.objects.values_list("day", flat=True)
    assert f"digests/{day}/ky.pdf" in city.get("/staff/monitor/digests/").content.decode()
    texts = {}
    for language in ("ru", "ky"):
        content = city.get(f"/staff/monitor/digests/{day}/{language}.pdf").content
        texts[language] = pdf_text(content)
    assert "Что требует внимания" in texts["ru"]
    assert "6 заявок" in texts["ru"].replace("\u00a0", " ")
    assert "Көңүл буруу" in texts["ky"]
    assert city.get("/staff/monitor/digests/2001-01-01/ru.pdf").status_code == 404
    person("lifts", "unit_head", unit="bishkekgorlift")
    sign_in(city, "lifts")
    assert city.get(f"/staff/monitor/digests/{day}/ru.pdf").status_code == 403


def pdf_text(content: bytes) -> str:
    opened = pdfium.PdfDocument(content)
    found = "".join(page.get_textpage().get_text_bounded() for page in opened)
    opened.close()
    return found


def test_the_board_shows_the_tiles_of_one_state_and_names_a_state_that_is_none(city: Client) -> None:
    bad = city.get("/staff/monitor/?state=bad").content.decode()
    assert f"data-tile='{TILE}'" in bad.replace('"', "'")
    assert "lifts.delivered" not in bad
    assert "Открытые тревоги: <strong>1</strong>" in bad
    told = city.get("/staff/monitor/?state=purple").content.decode()
    assert "Такого состояния у плиток нет" in told
    assert "lifts.delivered" in told


def test_a_simulated_life_leaves_a_digest_of_today_to_read(city: Client, monitored: Path) -> None:
    assert list(simulation.simulate(monitored, days=3, seed=1, until=clock.today() - timedelta(days=1))) == []
    (line,) = simulation.simulate(monitored, days=3, seed=1, until=clock.today())
    assert line.startswith("monitor: digest of")
    assert f"digests/{clock.today()}/ru.pdf" in city.get("/staff/monitor/digests/").content.decode()

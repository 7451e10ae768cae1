"""News in the browsers of citizens: who is told, what a browser reads, what is tried again and forgotten."""

from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shaar.access.api import Actor
from shaar.cases import api as cases
from shaar.city import api as city
from shaar.kernel.errors import Refusal
from shaar.portal.models import ReaderBrowser, ReaderMessage
from shaar.portal.news import services
from shaar.portal.push import keeping, sending
from tests.cases.providers import Browser, Provider, http_provider
from tests.portal.conftest import AT, article

PAGE = "/news/push/"
ENDS = {"is_urgent": True, "starts_at": AT + timedelta(hours=1), "ends_at": AT + timedelta(hours=3)}


@pytest.fixture
def service(settings: Any) -> Iterator[Provider]:
    settings.PUSH_HOSTS = ["127.0.0.1"]
    with http_provider() as provider:
        yield provider


def let_in(service: Provider, path: str, *, language: str = "ru", **wish: Any) -> Browser:
    made = Browser()
    address = cases.PushAddress(f"{service.url}{path}", made.p256dh, made.auth)
    keeping.subscribe(address, keeping.Wish(language, **wish))
    return made


def publish(writer: Actor, **more: Any) -> int:
    number = services.write(article(**more), actor=writer, at=AT)
    services.publish(number, actor=writer, at=AT)
    return number


def send(at: Any = AT) -> list[str]:
    """Send what is due and return the states of all messages."""
    for row in ReaderMessage.objects.filter(state="waiting").order_by("pk"):
        sending.send(row.pk, at=at)
    return list(ReaderMessage.objects.order_by("pk").values_list("state", flat=True))


def test_a_browser_reads_the_news_in_its_language(service: Provider, writer: Actor, settings: Any) -> None:
    browser = let_in(service, "/a", language="ky")
    number = publish(writer)
    assert sending.spread(number, at=AT) == 1
    assert send() == ["sent"]
    assert browser.read(service.asked[0].body) == {
        "title": "Парк ачылды (демо)",
        "body": "Эки жүз дарак тигилди.",
        "url": f"{settings.SHAAR_PUBLIC_URL}/news/{number}/",
        "tag": f"news-{number}",
    }
    assert sending.spread(number, at=AT) == 0
    assert len(service.asked) == 1


def test_only_those_are_told_who_want_it(service: Provider, writer: Actor) -> None:
    mine, other = sorted(one.code for one in city.territories(on=AT.date(), kind="district"))[:2]
    let_in(service, "/all")
    let_in(service, "/mine", district=mine)
    let_in(service, "/other", district=other)
    let_in(service, "/urgent", urgent_only=True)
    sending.spread(publish(writer, districts=(mine,)), at=AT)
    send()
    assert [one.path for one in service.asked] == ["/all", "/mine"]
    service.asked.clear()
    sending.spread(publish(writer, **ENDS), at=AT + timedelta(hours=1))
    send(AT + timedelta(hours=1))
    assert [one.path for one in service.asked] == ["/all", "/mine", "/other", "/urgent"]
    assert {one.headers["urgency"] for one in service.asked} == {"high"}


def test_an_urgent_notice_is_told_in_its_time_only(service: Provider, writer: Actor) -> None:
    let_in(service, "/a")
    number = publish(writer, **ENDS)
    assert [sending.spread(number, at=AT + timedelta(hours=hours)) for hours in (0, 3, 2)] == [0, 0, 1]
    assert send(AT + timedelta(hours=3)) == ["dead"]
    assert service.asked == []


def test_what_is_withdrawn_before_it_went_out_is_not_told(service: Provider, writer: Actor) -> None:
    let_in(service, "/a")
    number = publish(writer)
    sending.spread(number, at=AT)
    services.withdraw(number, reason="Ошибка", actor=writer, at=AT)
    assert send() == ["dead"]
    assert service.asked == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service: Provider, writer: Actor, status: int) -> None:
    let_in(service, "/gone")
    let_in(service, "/here")
    service.answers = [(status, {}, {})]
    sending.spread(publish(writer), at=AT)
    assert send() == ["sent"]
    assert ReaderBrowser.objects.count() == 1


def test_a_busy_service_is_asked_again_and_a_refusal_is_the_end(service: Provider, writer: Actor) -> None:
    let_in(service, "/a")
    service.answers = [(429, {"Retry-After": "120"}, {}), (503, {}, {}), (400, {}, {})]
    sending.spread(publish(writer), at=AT)
    assert send() == ["waiting"]
    assert send(AT + timedelta(seconds=119)) == ["waiting"]
    assert len(service.asked) == 1
    assert send(AT + timedelta(seconds=120)) == ["waiting"]
    assert send(AT + timedelta(hours=1)) == ["dead"]
    assert len(service.asked) == 3


def test_a_citizen_starts_and_stops_without_a_cookie_and_leaves_nothing(
    service: Provider, town: None, client: Client
) -> None:
    made = Browser()
    endpoint = f"{service.url}/a"
    sent = {"endpoint": endpoint, "p256dh": made.p256dh, "auth": made.auth, "what": "urgent"}
    assert "больше не приходят" not in client.get(PAGE).content.decode()
    assert "Теперь новости приходят" in client.post(PAGE, sent).content.decode()
    client.post(PAGE, sent | {"what": "all"})
    row = ReaderBrowser.objects.get()
    assert (row.urgent_only, row.district) == (False, "")
    assert endpoint.encode() not in bytes(row.sealed)
    assert "больше не приходят" in client.post(PAGE, {"do": "stop", "endpoint": endpoint}).content.decode()
    assert not ReaderBrowser.objects.exists()
    assert not client.cookies


@pytest.mark.parametrize(
    ("changed", "said"), [({"endpoint": "https://evil.example/"}, "адрес"), ({"district": "moon"}, "района")]
)
def test_what_cannot_be_is_refused_in_words(
    service: Provider, town: None, client: Client, changed: dict[str, str], said: str
) -> None:
    made = Browser()
    sent = {"endpoint": f"{service.url}/a", "p256dh": made.p256dh, "auth": made.auth} | changed
    answer = client.post(PAGE, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ReaderBrowser.objects.exists()


def test_a_flood_of_new_browsers_is_held_back_and_known_ones_are_not(
    service: Provider, town: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_NEW", 2)
    monkeypatch.setattr(keeping, "_let_in", deque(maxlen=2))
    let_in(service, "/a")
    let_in(service, "/b")
    with pytest.raises(Refusal, match="минут"):
        let_in(service, "/c")
    let_in(service, "/a", urgent_only=True)
    assert ReaderBrowser.objects.count() == 2
    monkeypatch.setattr(keeping, "WITHIN", 0.0)
    let_in(service, "/c")
    assert ReaderBrowser.objects.count() == 3


def test_where_nothing_is_sent_the_page_says_so(town: None, client: Client, settings: Any) -> None:
    settings.PUSH_HOSTS = []
    assert "не шлёт сообщений" in client.get(PAGE).content.decode()

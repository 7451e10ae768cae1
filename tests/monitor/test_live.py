"""The live stream in a process of its own: who may listen, what they hear, and that nothing is lost."""

import http.client
import json
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.test import Client

from shaar.access import api as access
from shaar.access.models import User
from shaar.kernel import clock
from shaar.monitor import keeping
from tests.monitor.conftest import LiveProcess, Record, person

TILE, OTHER = "lighting.emergencies_fixed", "transport.tulpar_bus"


def cookie_of(name: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return f"sessionid={client.cookies['sessionid'].value}"


@contextmanager
def ask(live: LiveProcess, query: str = "", **headers: str) -> Iterator[http.client.HTTPResponse]:
    line = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    sent = {key.replace("_", "-"): value for key, value in headers.items()}
    with closing(line):
        line.request("GET", f"/live/monitor{query}", headers=sent)
        with line.getresponse() as answer:
            yield answer


def status(live: LiveProcess, **headers: str) -> int:
    with ask(live, **headers) as answer:
        return answer.status


def line_of(answer: http.client.HTTPResponse) -> bytes:
    try:
        return answer.readline()
    except (ValueError, OSError):  # the stream was cut
        return b""


def events(answer: http.client.HTTPResponse) -> Iterator[tuple[int, dict[str, str]]]:
    number, kind = 0, ""
    while raw := line_of(answer):
        text = raw.decode().rstrip("\n")
        if text.startswith("id: "):
            number = int(text[4:])
        elif text.startswith("event: "):
            kind = text[7:]
        elif text.startswith("data: ") and kind == "tile":
            yield number, json.loads(text[6:])


def test_a_stranger_and_a_foreign_site_hear_nothing(live_process: LiveProcess, mayor: access.Actor) -> None:
    assert status(live_process) == 403
    assert status(live_process, cookie="sessionid=nonsense") == 403
    person("guest", "administrator")
    assert status(live_process, cookie=cookie_of("guest")) == 403
    cookie = cookie_of("mayor")
    assert status(live_process, cookie=cookie, origin="https://evil.example") == 403
    with ask(live_process, cookie=cookie, origin="http://pages.example") as answer:
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "http://pages.example"
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"


def test_a_change_reaches_a_listener_and_who_comes_back_misses_none(
    live_process: LiveProcess, mayor: access.Actor, record: Record
) -> None:
    cookie = cookie_of("mayor")
    with ask(live_process, "?lang=ky&since=0", cookie=cookie) as answer:
        heard = events(answer)
        keeping.keep_up(record(TILE, "4"), now=clock.now())
        number, said = next(heard)
        assert said["tile"] == TILE
        assert "<strong>4</strong>" in said["html"]
    for quantity in ("5", "6"):
        keeping.keep_up(record(TILE, quantity), now=clock.now())
    with ask(live_process, cookie=cookie, last_event_id=str(number)) as answer:
        heard = events(answer)
        missed = [next(heard), next(heard)]
        assert [one[0] for one in missed] == [number + 1, number + 2]
        assert "<strong>15</strong>" in missed[1][1]["html"]


def test_what_the_process_never_saw_is_read_from_the_database(
    transactional_db: None, mayor: access.Actor, record: Record, request: pytest.FixtureRequest
) -> None:
    keeping.keep_up(record(TILE, "4"), now=clock.now())
    live = request.getfixturevalue("live_process")
    with ask(live, "?since=0", cookie=cookie_of("mayor")) as answer:
        assert next(events(answer))[1]["tile"] == TILE


def test_a_listener_hears_only_what_lies_in_their_scope(
    live_process: LiveProcess, mayor: access.Actor, record: Record
) -> None:
    person("lifts", "unit_head", unit="bishkekgorlift")
    with ask(live_process, "?since=0", cookie=cookie_of("lifts")) as answer:
        heard = events(answer)
        keeping.keep_up(record(TILE, "4"), now=clock.now())
        keeping.keep_up(record("lifts.delivered", "2", measure="lift"), now=clock.now())
        assert next(heard)[1]["tile"] == "lifts.delivered"


def test_a_stream_ends_with_the_session(live_process: LiveProcess, mayor: access.Actor) -> None:
    from django.contrib.sessions.models import Session

    with ask(live_process, cookie=cookie_of("mayor")) as answer:
        assert answer.status == 200
        Session.objects.all().delete()
        assert list(events(answer)) == []


def test_the_process_stops_while_people_listen(live_process: LiveProcess, mayor: access.Actor) -> None:
    with ask(live_process, cookie=cookie_of("mayor")) as answer:
        assert answer.status == 200
        live_process.process.send_signal(signal.SIGTERM)
        assert live_process.process.wait(timeout=10) == 0
        assert list(events(answer)) == []

"""Public pages are kept for anonymous readers, and only for them, until something changes."""

import gzip
from collections import OrderedDict
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from shaar.access import api as access
from shaar.access.models import User
from shaar.kernel import clock
from shaar.portal import caching
from shaar.portal.models import Face

pytestmark = pytest.mark.django_db(transaction=True)


def asked(client: Client, address: str, **headers: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address, headers=headers).status_code == 200
    return len(seen)


def change() -> None:
    words = {"name": {"ru": "Шаар"}, "question": {"ru": "Чего изволите?"}}
    Face.objects.create(code="city", words=words, loaded_at=clock.now(), loaded_by="test")


@pytest.fixture
def _patient(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what was committed be looked at once in this test: other tests commit to the same server."""
    settings.PUBLIC_FIGURES_SECONDS = 600
    monkeypatch.setattr(caching, "_seen", {})


@pytest.mark.usefixtures("_patient")
def test_a_page_read_twice_asks_only_whether_the_words_changed(client: Client) -> None:
    client.get("/")
    assert asked(client, "/") == 1


@pytest.mark.usefixtures("_patient")
def test_what_is_written_elsewhere_does_not_drop_a_page_before_its_time(client: Client) -> None:
    client.get("/")
    access.create_user("aida", name="Аида", password="long-enough-2023", actor=access.system_actor("test"))
    assert asked(client, "/") == 1
    change()
    assert "Чего изволите?" in client.get("/").content.decode()


def test_what_is_written_elsewhere_shows_when_the_time_is_over(client: Client) -> None:
    client.get("/")
    access.create_user("aida", name="Аида", password="long-enough-2023", actor=access.system_actor("test"))
    assert asked(client, "/") > 2


def test_one_reader_waits_for_a_new_page_and_the_others_do_not(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = [caching.Stamp("words", "first")]
    monkeypatch.setattr(caching, "_current", lambda: stamps[-1])
    monkeypatch.setattr(caching, "_pages", OrderedDict())
    answered: list[bytes] = []

    def pages(request: HttpRequest) -> HttpResponse:
        if stamps[-1].committed == "second" and not answered:  # made anew: another reader asks meanwhile
            answered.append(middleware(rf.get("/x/")).content)
        return HttpResponse(stamps[-1].committed)

    middleware = caching.PublicPagesMiddleware(pages)
    middleware(rf.get("/x/"))
    stamps.append(caching.Stamp("words", "second"))
    assert middleware(rf.get("/x/")).content == b"second"
    assert answered == [b"first"]
    stamps.append(caching.Stamp("other words", "second"))
    assert middleware(rf.get("/x/")).content == b"second"


def test_a_change_shows_at_once(client: Client) -> None:
    client.get("/")
    change()
    assert "Чего изволите?" in client.get("/").content.decode()


def test_an_unchanged_page_is_not_sent_again(client: Client) -> None:
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    change()
    assert client.get("/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_languages_and_appearances_are_kept_apart(client: Client) -> None:
    pages = [client.get("/", headers={"Accept-Language": one}).content.decode() for one in ("ru", "ky")]
    assert ['lang="ru"' in pages[0], '<html lang="ky"' in pages[1]] == [True, True]
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/").content.decode()


def test_what_a_signed_in_person_sees_is_private_and_never_kept(client: Client) -> None:
    access.create_user("aida", name="Аида", password="long-enough-2023", actor=access.system_actor("test"))
    person = Client()
    person.force_login(User.objects.get(username="aida"), backend="django.contrib.auth.backends.ModelBackend")
    seen = person.get("/")
    assert "Аида" in seen.content.decode()
    assert "private" in seen["Cache-Control"]
    assert "Аида" not in client.get("/").content.decode()


def test_an_anonymous_reader_gets_no_cookie(client: Client) -> None:
    for address in ("/", "/programmes/", "/indicators/", "/findings/", "/search/?q=a", "/offline/"):
        assert not client.get(address).cookies, address


def test_a_page_with_a_form_of_its_own_is_not_kept() -> None:
    first, second = Client(), Client()
    tokens = [one.get("/sign-in/").cookies["csrftoken"].value for one in (first, second)]
    assert tokens[0] != tokens[1]


def test_a_page_is_packed_for_a_reader_who_takes_it() -> None:
    client = Client()
    plain = client.get("/")
    answer = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert int(answer["Content-Length"]) == len(answer.content)
    assert gzip.decompress(answer.content) == plain.content
    assert len(answer.content) * 2 < len(plain.content)
    assert answer["ETag"] != plain["ETag"]
    known = {"Accept-Encoding": "gzip", "If-None-Match": answer["ETag"]}
    assert client.get("/", headers=known).status_code == 304

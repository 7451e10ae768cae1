"""Public pages are kept for anonymous readers, and only for them, until something changes."""

import gzip

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shaar.access import api as access
from shaar.access.models import User
from shaar.kernel import clock
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


def test_a_page_read_twice_asks_only_whether_anything_changed(client: Client) -> None:
    client.get("/")
    assert asked(client, "/") == 1


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

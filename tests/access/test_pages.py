"""Pages: deny by default, signing in and out, lock-out, language and password."""

import logging
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from shaar.access import api as access
from shaar.access import policies
from shaar.access.checks import every_view_says_for_whom_it_is
from shaar.access.models import User
from shaar.config import urls as root
from tests.access.conftest import PASSWORD, People


def unmarked(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


@access.staff
def for_staff(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("staff")


@access.requires("audit.read")
def for_auditors(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("auditors")


urlpatterns = [
    path("unmarked/", unmarked),
    path("for-staff/", for_staff),
    path("for-auditors/", for_auditors),
    *root.urlpatterns,
]


@pytest.fixture
def _own_pages() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.access.test_pages"):
        yield


def sign_in(client: Client, username: str = "aigul", password: str = PASSWORD, **data: str) -> HttpResponse:
    return client.post("/sign-in/", {"username": username, "password": password, **data})  # type: ignore[return-value]


# Deny by default -----------------------------------------------------------------------------------------
def test_every_page_of_the_installation_says_for_whom_it_is() -> None:
    assert policies.unmarked_views() == []


@pytest.mark.usefixtures("_own_pages")
def test_a_page_that_does_not_say_is_refused_and_named_by_the_check(
    client: Client, person: People, caplog: pytest.LogCaptureFixture
) -> None:
    person(role="administrator")
    sign_in(client)
    with caplog.at_level(logging.CRITICAL):
        response = client.get("/unmarked/")
    assert response.status_code == 403
    assert b"secret" not in response.content
    (error,) = every_view_says_for_whom_it_is(None)
    assert "unmarked" in error.msg


def test_a_stranger_gets_no_page_that_is_not_public(client: Client, db: None) -> None:
    closed = [
        f"/{address}"
        for address, pattern in policies.patterns()
        if (policy := policies.policy_of(pattern.callback)) and policy.kind != "public" and "<" not in address
    ]
    assert "/staff/audit/" in closed
    for address in closed:
        response = client.get(address)
        assert response.status_code == 302, address
        assert response.headers["Location"].startswith("/sign-in/?next="), address


@pytest.mark.usefixtures("_own_pages")
def test_a_page_for_a_verb_opens_only_to_those_who_may(client: Client, person: People) -> None:
    person("aigul")
    person("bakyt", "auditor")
    sign_in(client)
    assert client.get("/for-staff/").status_code == 200
    assert client.get("/for-auditors/").status_code == 403
    client.post("/sign-out/")
    sign_in(client, "bakyt")
    assert client.get("/for-auditors/").content == b"auditors"


# Signing in ----------------------------------------------------------------------------------------------
def test_signing_in_leads_back_to_the_page_that_was_asked_for(client: Client, person: People) -> None:
    person(role="auditor")
    asked = client.get("/staff/audit/?q=x")
    assert "next=/staff/audit/%3Fq%3Dx" in asked.headers["Location"]
    page = client.get(asked.headers["Location"])
    assert b'value="/staff/audit/?q=x"' in page.content
    assert sign_in(client, next="/staff/audit/?q=x").headers["Location"] == "/staff/audit/?q=x"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_neither_signing_in_nor_the_language_leads_to_another_site(
    client: Client, person: People, target: str
) -> None:
    person()
    assert client.post("/language/", {"language": "ky", "next": target}).headers["Location"] == "/"
    assert sign_in(client, next=target).headers["Location"] == "/staff/"


def test_a_wrong_password_is_told_beside_the_field_and_the_name_is_still_there(
    client: Client, person: People
) -> None:
    person()
    response = sign_in(client, password="wrong wrong wrong")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="id_password-error"' in page
    assert 'value="aigul"' in page
    assert "wrong wrong wrong" not in page
    assert "не подходят друг к другу" in page


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(client: Client, person: People) -> None:
    person()
    known, unknown = (
        sign_in(client, name, "wrong wrong wrong").content.decode() for name in ("aigul", "nobody")
    )
    assert "не подходят друг к другу" in unknown
    assert ("не подходят друг к другу" in known) is True


def test_five_wrong_passwords_close_signing_in_with_a_page_that_says_so(
    client: Client, person: People, caplog: pytest.LogCaptureFixture
) -> None:
    person()
    for _attempt in range(5):
        response = sign_in(client, password="wrong wrong wrong")
    assert response.status_code == 429
    assert "15 минут" in response.content.decode()
    assert sign_in(client).status_code == 429
    assert "_auth_user_id" not in client.session
    assert "aigul" not in caplog.text


def test_a_person_who_left_cannot_sign_in(client: Client, person: People) -> None:
    person()
    access.set_active("aigul", is_active=False, actor=access.system_actor("test"))
    assert sign_in(client).status_code == 200
    assert "_auth_user_id" not in client.session


def test_signing_in_changes_the_session_key(client: Client, person: People) -> None:
    person()
    client.get("/sign-in/")
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_signing_out_by_a_link_is_not_possible(client: Client, person: People) -> None:
    person()
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_sign_in_without_its_token_is_refused(person: People) -> None:
    person()
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403


# Language and password -------------------------------------------------------------------------------------
def test_the_language_changes_the_page_stays_and_the_person_keeps_it(client: Client, person: People) -> None:
    person()
    sign_in(client)
    response = client.post("/language/", {"language": "ky", "next": "/staff/password/?a=1"})
    assert response.headers["Location"] == "/staff/password/?a=1"
    assert User.objects.get().language == "ky"
    assert "Сырсөздү өзгөртүү" in client.get("/staff/password/").content.decode()
    assert client.post("/language/", {"language": "xx", "next": "/"}).status_code == 302
    assert User.objects.get().language == "ky"
    assert client.get("/language/").status_code == 405


def test_a_changed_password_ends_other_sessions_and_keeps_this_one(client: Client, person: People) -> None:
    person()
    other = Client()
    for one in (client, other):
        sign_in(one)
    fresh = "another horse battery"
    response = client.post(
        "/staff/password/",
        {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh},
        follow=True,
    )
    assert "Пароль изменён" in response.content.decode()
    assert client.get("/staff/password/").status_code == 200
    assert other.get("/staff/password/").status_code == 302


def test_a_weak_new_password_is_told_beside_its_field(client: Client, person: People) -> None:
    person()
    sign_in(client)
    response = client.post(
        "/staff/password/", {"old_password": PASSWORD, "new_password1": "12345", "new_password2": "12345"}
    )
    assert 'id="id_new_password2-error"' in response.content.decode()


def test_passwords_are_kept_by_argon2_outside_of_tests() -> None:
    from django.conf import settings

    assert settings.PASSWORD_HASHERS[-1].endswith("Argon2PasswordHasher")

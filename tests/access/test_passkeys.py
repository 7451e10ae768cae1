"""Passkeys in a real browser with an authenticator of its own (WebAuthn of the DevTools protocol)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import CDPSession, Page, expect

from shaar.access.models import Factor, Happened, SecurityEvent
from tests.access.conftest import PASSWORD, People

SECURITY = "/staff/settings/security/"


@pytest.fixture
def key(page: Page) -> Iterator[tuple[CDPSession, str]]:
    """Give the browser an authenticator that keeps passkeys and asks for its PIN."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made: dict[str, Any] = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield session, made["authenticatorId"]
    session.send("WebAuthn.disable")


def sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Имя пользователя").fill("aigul")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Войти", exact=True).click()


def add_passkey(page: Page) -> None:
    page.goto(SECURITY)
    page.get_by_role("button", name="Добавить ключ доступа").click()
    page.get_by_label("Название ключа доступа").fill("Телефон")
    page.get_by_role("button", name="Создать ключ доступа").click()
    page.get_by_role("heading", name="Запасные коды").wait_for()


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_added_and_opens_the_door_as_the_second_step_and_alone(
    page: Page,
    person: People,
    key: tuple[CDPSession, str],
    assert_accessible: Callable[[Page], None],
) -> None:
    person()
    sign_in(page)
    page.wait_for_url("http://*/staff/")
    add_passkey(page)
    assert_accessible(page)
    assert page.locator(".shaar-codes li").count() == 10
    page.get_by_role("button", name="Я сохранил").click()
    expect(page.get_by_text("Телефон", exact=True).first).to_be_visible()
    assert_accessible(page)

    # the second step after the password
    page.context.clear_cookies()
    sign_in(page)
    page.get_by_role("button", name="Предъявить ключ доступа").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Предъявить ключ доступа").click()
    page.wait_for_url("http://*/staff/")

    # alone
    page.context.clear_cookies()
    page.goto("/sign-in/?next=/staff/settings/")
    page.get_by_role("link", name="Войти по ключу доступа").click()
    assert_accessible(page)
    page.get_by_role("button", name="Предъявить ключ доступа").click()
    page.wait_for_url("http://*/staff/settings/")
    details = list(SecurityEvent.objects.filter(kind=Happened.SIGNED_IN).values_list("detail", flat=True))
    assert details == ["password", "password passkey", "passkey passkey"]


@pytest.mark.django_db(transaction=True)
def test_a_passkey_that_went_backwards_or_is_unknown_is_refused_with_a_message(
    page: Page, person: People, key: tuple[CDPSession, str]
) -> None:
    person()
    sign_in(page)
    page.wait_for_url("http://*/staff/")
    add_passkey(page)
    Factor.objects.update(sign_count=1000)  # as if a copy of the key had been used meanwhile
    page.context.clear_cookies()
    page.goto("/sign-in/passkey/")
    page.get_by_role("button", name="Предъявить ключ доступа").click()
    page.locator(".govuk-error-summary").get_by_text("не подошёл").wait_for()
    Factor.objects.all().delete()
    page.get_by_role("button", name="Предъявить ключ доступа").click()
    page.locator(".govuk-error-summary").get_by_text("не подошёл").wait_for()
    expect(page.get_by_role("link", name="Войти", exact=True).first).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_browser_that_gives_no_passkey_is_told_so_and_may_try_again(
    page: Page, person: People, key: tuple[CDPSession, str]
) -> None:
    person()
    session, number = key
    sign_in(page)
    page.wait_for_url("http://*/staff/")
    page.goto(f"{SECURITY}passkey/")
    page.get_by_role("button", name="Создать ключ доступа").click()
    page.locator(".govuk-error-summary").get_by_text("Назовите ключ").wait_for()
    add_passkey(page)
    page.context.clear_cookies()
    page.goto("/sign-in/passkey/")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.get_by_role("button", name="Предъявить ключ доступа").click()
    page.get_by_role("alert").get_by_text("Браузер не передал ключ").wait_for()


@pytest.mark.django_db(transaction=True)
def test_the_key_itself_is_sealed(page: Page, person: People, key: tuple[CDPSession, str]) -> None:
    person()
    sign_in(page)
    page.wait_for_url("http://*/staff/")
    add_passkey(page)
    session, number = key
    (held,) = session.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    from base64 import b64decode

    raw = b64decode(held["credentialId"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT secret, (SELECT json_agg(t)::text FROM access_factorevent t) FROM access_factor"
        )
        secret, events = cursor.fetchone()
    assert raw not in bytes(secret)
    assert raw.hex() not in events

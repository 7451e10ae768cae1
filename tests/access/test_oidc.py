"""Signing in at a real OpenID Connect provider on loopback, and every word of it that must be refused."""

import json
import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client, override_settings
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from playwright.sync_api import Browser, Page

from shaar.access import factors, oidc
from shaar.access.models import Happened, SecurityEvent, User
from shaar.config.environment import EnvironmentRefused, OutsideProvider, provider
from shaar.kernel.clock import now
from tests.access.conftest import People
from tests.access.test_factors import code_of

PIN = "20101198000011"
CLIENT = OutsideProvider(issuer="", client="shaar", secret="a secret for tests: %/+")
START, BACK = "/sign-in/outside/", "/sign-in/outside/back/"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


# With the real provider -------------------------------------------------------------------------------------
@pytest.fixture
def real(live_server: Any) -> Iterator[None]:
    """Start the provider for the live server, and sign in at it."""
    node, port = shutil.which("node"), free_port()
    assert node, "this test needs node"
    script = Path(__file__).parent / "provider" / "provider.mjs"
    command = [node, str(script), str(port), f"{live_server.url}{BACK}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        issuer = process.stdout.readline().strip()
        assert issuer == f"http://127.0.0.1:{port}", process.stderr and process.stderr.read()
        with override_settings(OIDC=replace(CLIENT, issuer=issuer)):
            yield
        process.terminate()


@pytest.fixture
def known(person: People) -> User:
    """Return a person whose identity is linked."""
    number = person().id
    User.objects.filter(pk=number).update(identity_hash=oidc.identity_hashes(PIN)[0])
    return User.objects.get(pk=number)


@pytest.fixture
def tab(browser: Browser, live_server: Any) -> Iterator[Page]:
    """Open a page that may also be told that something is refused."""
    context = browser.new_context(base_url=str(live_server), locale="ru")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def go(page: Page, who: str, *, next_page: str = "") -> None:
    page.goto(f"/sign-in/{next_page}")
    page.get_by_role("button", name="Войти через ЕСИ").click()
    page.get_by_label("who").fill(who)
    page.get_by_role("button", name="enter").click()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real")
def test_a_person_signs_in_at_the_provider_and_comes_back_to_their_page(tab: Page, known: User) -> None:
    go(tab, "known", next_page="?next=/staff/settings/")
    tab.wait_for_url("http://*/staff/settings/")
    assert SecurityEvent.objects.filter(user=known, kind=Happened.SIGNED_IN, detail="oidc").exists()
    # a person with a second factor is asked for it after the provider too
    tab.context.clear_cookies()
    secret = factors.new_app_secret()
    factors.add_app(known, secret, code_of(secret, now()), at=now())
    go(tab, "known")
    tab.wait_for_url("http://*/sign-in/second/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real", "known")
def test_strangers_the_nameless_and_those_who_refuse_are_told_so(tab: Page) -> None:
    said = {"stranger": "Вас нет среди сотрудников", "nameless": "не сообщил, кто вы"}
    for who, text in said.items():
        tab.context.clear_cookies()
        go(tab, who)
        tab.get_by_text(text).wait_for()
    tab.context.clear_cookies()
    tab.goto("/sign-in/")
    tab.get_by_role("button", name="Войти через ЕСИ").click()
    tab.get_by_role("button", name="deny").click()
    tab.get_by_text("или вы отказались").wait_for()


# With a provider that lies ----------------------------------------------------------------------------------
class Liar:
    """A provider whose every answer a test may change."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
        self.signs_with = self.key
        self.changes: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.nonce = ""
        self.subject = "s1"
        self.asked: list[str] = []
        liar = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer()

            def do_POST(self) -> None:
                liar.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer()

            def answer(self) -> None:
                body = json.dumps(liar.answer(urlsplit(self.path).path)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path: str) -> Any:
        if path == "/keys":
            return KeySet([self.key]).as_dict(private=False)
        if path == "/userinfo":
            return {"sub": self.subject, "pin": PIN}
        if path == "/token":
            return {"id_token": self.token(), "access_token": "t", "token_type": "Bearer"}
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            **self.told,
        }

    def token(self) -> str:
        at = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": "shaar",
            "sub": "s1",
            "iat": at,
            "exp": at + 300,
            "nonce": self.nonce,
            "pin": PIN,
        }
        kept = {name: value for name, value in (claims | self.changes).items() if value is not None}
        if self.changes.get("alg") == "none":
            head, body = (jwt.encode({"alg": "RS256"}, kept, self.key).split(".")[i] for i in (0, 1))
            return f"eyJhbGciOiJub25lIn0.{body}." if head else ""
        return jwt.encode({"alg": "RS256", "kid": "one"}, kept, self.signs_with)


@pytest.fixture
def liar() -> Iterator[Liar]:
    """Start a provider that lies when told to."""
    made = Liar()
    oidc._kept.clear()
    with override_settings(OIDC=replace(CLIENT, issuer=made.issuer)):
        yield made
    made.server.shutdown()
    made.server.server_close()


def leave(client: Client, liar: Liar, language: str = "ru") -> dict[str, str]:
    """Start signing in; return what the provider was asked."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(START, {"next": "/staff/settings/"})
    asked = {name: value[0] for name, value in parse_qs(urlsplit(response.headers["Location"]).query).items()}
    liar.nonce = asked["nonce"]
    return asked


def test_the_provider_is_asked_as_the_standard_says(client: Client, liar: Liar, known: User) -> None:
    asked = leave(client, liar)
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    response = client.get(BACK, {"state": asked["state"], "code": "c"})
    assert response.headers["Location"] == "/staff/settings/"
    assert client.session["_auth_user_id"] == str(known.pk)
    (form,) = (parse_qs(body) for body in liar.asked)
    assert len(form["code_verifier"][0]) >= 43
    assert "client_secret" not in form


TOKEN = "не прошёл проверку"
WORDS = {
    "nonce": ({"nonce": "another"}, TOKEN),
    "no nonce": ({"nonce": None}, TOKEN),
    "audience": ({"aud": "another"}, TOKEN),
    "authorized party": ({"aud": ["shaar", "b"], "azp": "b"}, TOKEN),
    "issuer": ({"iss": "https://another.example"}, TOKEN),
    "expired": ({"exp": 1_700_000_000}, "просрочен"),
    "no end": ({"exp": None}, TOKEN),
    "not signed": ({"alg": "none"}, TOKEN),
    "no subject": ({"sub": None}, TOKEN),
}


@pytest.mark.parametrize("name", list(WORDS))
def test_a_word_that_does_not_hold_is_refused(
    client: Client, liar: Liar, known: User, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    liar.changes, text = WORDS[name]
    asked = leave(client, liar)
    with caplog.at_level(logging.DEBUG):
        response = client.get(BACK, {"state": asked["state"], "code": "c0de"})
    assert response.status_code == 403
    assert text in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert PIN not in caplog.text
    assert oidc.identity_hashes(PIN)[0] not in caplog.text


def test_a_foreign_signature_is_refused_in_both_languages(client: Client, liar: Liar, known: User) -> None:
    liar.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    for language, text in (("ru", TOKEN), ("ky", "текшерүүдөн өткөн жок")):
        asked = leave(client, liar, language)
        response = client.get(BACK, {"state": asked["state"], "code": "c"})
        assert response.status_code == 403
        assert text in response.content.decode()


def test_new_keys_of_the_provider_are_taken_up(client: Client, liar: Liar, known: User) -> None:
    client.get(BACK, {"state": leave(client, liar)["state"], "code": "c"})
    client.logout()
    liar.key = liar.signs_with = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
    response = client.get(BACK, {"state": leave(client, liar)["state"], "code": "c"})
    assert response.status_code == 302


def test_a_state_works_once_in_its_own_session_and_for_ten_minutes(
    client: Client, liar: Liar, known: User
) -> None:
    asked = leave(client, liar)
    stranger = Client()
    for one, given in ((client, "invented"), (stranger, asked["state"])):
        response = one.get(BACK, {"state": given, "code": "c"})
        assert response.status_code == 403
        assert "уже использована" in response.content.decode()
    assert client.get(BACK, {"state": asked["state"], "code": "c"}).status_code == 302
    client.logout()
    assert client.get(BACK, {"state": asked["state"], "code": "c"}).status_code == 403
    asked = leave(client, liar)
    session = client.session
    session[oidc.PENDING][asked["state"]]["at"] -= 700
    session.save()
    assert client.get(BACK, {"state": asked["state"], "code": "c"}).status_code == 403


def test_a_replayed_state_is_refused(client: Client, liar: Liar, known: User) -> None:
    liar.changes = {"nonce": "another"}
    asked = leave(client, liar)
    client.get(BACK, {"state": asked["state"], "code": "c"})
    liar.changes = {}
    response = client.get(BACK, {"state": asked["state"], "code": "c"})
    assert "уже использована" in response.content.decode()


def test_another_subject_at_the_userinfo_address_is_not_believed(
    client: Client, liar: Liar, known: User
) -> None:
    liar.changes = {"pin": None}
    response = client.get(BACK, {"state": leave(client, liar)["state"], "code": "c"})
    assert response.status_code == 302
    client.logout()
    liar.subject = "another"
    response = client.get(BACK, {"state": leave(client, liar)["state"], "code": "c"})
    assert "не сообщил, кто вы" in response.content.decode()


@pytest.mark.parametrize(
    "told",
    [{"issuer": "https://another.example"}, {"token_endpoint": "file:///etc/passwd"}, {"jwks_uri": None}],
)
def test_a_provider_that_tells_nonsense_of_itself_is_unavailable(
    client: Client, liar: Liar, known: User, told: dict[str, Any]
) -> None:
    liar.told = told
    response = client.get(START)
    if response.status_code == 302:
        state = parse_qs(urlsplit(response.headers["Location"]).query)["state"][0]
        response = client.get(BACK, {"state": state, "code": "c"})
    assert response.status_code == 403
    assert "не отвечает как положено" in response.content.decode()


def test_a_provider_that_is_not_there_is_told(client: Client, db: None) -> None:
    with override_settings(OIDC=replace(CLIENT, issuer=f"http://127.0.0.1:{free_port()}")):
        assert "не отвечает" in client.get(START).content.decode()


def test_without_a_provider_its_pages_do_not_exist(client: Client, db: None) -> None:
    assert client.get(START).status_code == 404
    assert client.get(BACK).status_code == 404
    assert "ЕСИ" not in client.get("/sign-in/").content.decode()


def test_a_person_who_left_is_not_let_in(client: Client, liar: Liar, known: User) -> None:
    User.objects.update(is_active=False)
    response = client.get(BACK, {"state": leave(client, liar)["state"], "code": "c"})
    assert "Вас нет среди сотрудников" in response.content.decode()


def test_settings_that_make_no_sense_are_refused_at_the_start() -> None:
    assert provider(production=True, env={}) == OutsideProvider()
    issuer = {"SHAAR_OIDC_ISSUER": "http://esia.example", "SHAAR_OIDC_CLIENT": "a", "SHAAR_OIDC_SECRET": "b"}
    assert provider(production=False, env=issuer).claim == "pin"
    for bad in (issuer, {"SHAAR_OIDC_ISSUER": "https://esia.example"}):
        with pytest.raises(EnvironmentRefused):
            provider(production=True, env=bad)

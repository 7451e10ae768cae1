"""Second factors: codes of an app, recovery codes, what is kept of them, and how tries are limited."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.db import connection
from django.test import Client, override_settings

from shaar.access import api as access
from shaar.access import factors, oidc, passkeys, sessions
from shaar.access.models import Factor, Happened, RecoveryCode, SecurityEvent, SignedIn, User
from shaar.kernel.clock import now
from shaar.kernel.errors import Refusal
from shaar.kernel.sealing import keyed_hash, seal, unseal
from tests.access.conftest import PASSWORD, People
from tests.access.test_pages import sign_in

SECOND = "/sign-in/second/"
SECURITY = "/staff/settings/security/"


def code_of(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


@pytest.fixture
def user(person: People) -> User:
    """Return a person without factors."""
    return User.objects.get(pk=person().id)


@pytest.fixture
def secret(user: User) -> str:
    """Return the secret of an app that the person has had for an hour."""
    made = factors.new_app_secret()
    earlier = now() - timedelta(hours=1)
    factors.add_app(user, made, code_of(made, earlier), at=earlier)
    return made


@pytest.fixture
def required() -> Iterator[None]:
    """Let staff need a second factor, as in production."""
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        yield


# Codes -----------------------------------------------------------------------------------------------------
def test_a_code_of_the_app_works_once(user: User, secret: str) -> None:
    at = now()
    assert factors.check_code(user.pk, f" {code_of(secret, at)} ", at=at) == "app"
    with pytest.raises(Refusal) as refused:
        factors.check_code(user.pk, code_of(secret, at), at=at)
    assert refused.value.code == "wrong_code"


@pytest.mark.parametrize(("seconds", "is_taken"), [(-30, True), (30, True), (-90, False), (90, False)])
def test_a_clock_may_differ_by_half_a_minute(user: User, secret: str, seconds: int, is_taken: bool) -> None:
    at = now()
    code = code_of(secret, at + timedelta(seconds=seconds))
    if is_taken:
        assert factors.check_code(user.pk, code, at=at) == "app"
    else:
        with pytest.raises(Refusal):
            factors.check_code(user.pk, code, at=at)


def test_a_recovery_code_works_once_and_new_ones_end_the_old(user: User, secret: str) -> None:
    codes = factors.renew_codes(user)
    assert len(set(codes)) == factors.RECOVERY_CODES
    assert factors.check_code(user.pk, codes[0].upper(), at=now()) == "recovery"
    assert factors.codes_left(user.pk) == factors.RECOVERY_CODES - 1
    factors.renew_codes(user)
    for spent in codes[:2]:
        with pytest.raises(Refusal):
            factors.check_code(user.pk, spent, at=now())


def test_nothing_that_is_kept_can_be_shown_as_a_factor(user: User, secret: str) -> None:
    codes = factors.renew_codes(user)
    with connection.cursor() as cursor:
        kept = ""
        for table in (
            "access_factor",
            "access_factorevent",
            "access_recoverycode",
            "access_recoverycodeevent",
        ):
            cursor.execute(f"SELECT json_agg(t)::text FROM {table} t")
            kept += cursor.fetchone()[0]
    assert secret not in kept
    assert secret.encode().hex() not in kept
    assert not [code for code in codes if code in kept]


def test_a_sealed_value_opens_with_its_own_key_and_purpose_only() -> None:
    sealed = seal(b"secret", purpose="a")
    assert unseal(sealed, purpose="a") == b"secret"
    with pytest.raises(Refusal):
        unseal(sealed, purpose="b")
    with override_settings(SECRET_KEY="another" * 10), pytest.raises(Refusal):
        unseal(sealed, purpose="a")
    from django.conf import settings

    with override_settings(SECRET_KEY="another" * 10, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert unseal(sealed, purpose="a") == b"secret"
    assert keyed_hash("x", purpose="a") != keyed_hash("x", purpose="b")


def test_a_new_key_signs_nobody_out_and_keeps_what_the_earlier_one_sealed(
    client: Client, user: User, secret: str, settings: Any
) -> None:
    codes, pin = factors.renew_codes(user), "1" * 14
    User.objects.filter(pk=user.pk).update(identity_hash=oidc.identity_hashes(pin)[0])
    sign_in(client)
    client.post(SECOND, {"code": code_of(secret, now())})
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new" * 20
    assert client.get(SECURITY).status_code == 200
    later = now() + timedelta(minutes=1)
    assert factors.check_code(user.pk, code_of(secret, later), at=later) == "app"
    assert factors.check_code(user.pk, codes[0], at=later) == "recovery"
    assert oidc.person_of(oidc.Arrived(oidc.identity_hashes(pin), "/")).pk == user.pk
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(SECURITY).status_code == 200
    assert oidc.person_of(oidc.Arrived(oidc.identity_hashes(pin), "/")).pk == user.pk
    with pytest.raises(Refusal):
        factors.check_code(user.pk, codes[1], at=later)


def test_a_factor_of_another_key_is_told_and_not_taken(
    client: Client, user: User, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    Factor.objects.update(secret=b"sealed by nobody")
    sign_in(client)
    page = client.post(SECOND, {"code": code_of(secret, now())}).content.decode()
    assert "попросите администратора" in page.lower()
    assert "_auth_user_id" not in client.session
    assert "another SHAAR_SECRET_KEY" in caplog.text


# Signing in ------------------------------------------------------------------------------------------------
def test_who_has_a_factor_is_asked_for_it_and_not_in_before(client: Client, user: User, secret: str) -> None:
    response = sign_in(client, next="/staff/password/")
    assert response.headers["Location"] == SECOND
    assert "_auth_user_id" not in client.session
    assert client.get("/staff/").status_code == 302
    assert "id_code" in client.get(SECOND).content.decode()
    response = client.post(SECOND, {"code": code_of(secret, now())})
    assert response.headers["Location"] == "/staff/password/"
    assert client.session["_auth_user_id"] == str(user.pk)
    (event,) = SecurityEvent.objects.filter(kind=Happened.SIGNED_IN)
    assert event.detail == "password app"


def test_a_wrong_code_is_told_beside_its_field_and_kept_there(
    client: Client, user: User, secret: str
) -> None:
    sign_in(client)
    page = client.post(SECOND, {"code": "abcdef"}).content.decode()
    assert 'id="id_code-error"' in page
    assert 'value="abcdef"' in page
    assert "не подходит" in page
    assert 'id="id_code-error"' in client.post(SECOND, {"code": ""}).content.decode()
    assert SecurityEvent.objects.filter(kind=Happened.FACTOR_REFUSED).count() == 1


def test_five_wrong_codes_close_signing_in_also_for_the_right_password(
    client: Client, user: User, secret: str
) -> None:
    sign_in(client)
    for _try in range(5):
        response = client.post(SECOND, {"code": "000000"})
    assert response.status_code in {200, 429}
    assert client.post(SECOND, {"code": code_of(secret, now())}).status_code == 429
    assert sign_in(Client()).status_code == 429
    assert "_auth_user_id" not in client.session


def test_ten_wrong_codes_from_anywhere_close_the_second_step(user: User, secret: str) -> None:
    for _try in range(factors.TRIES):
        with pytest.raises(Refusal):
            factors.check_code(user.pk, "000000", at=now())
    with pytest.raises(Refusal) as refused:
        factors.check_code(user.pk, code_of(secret, now()), at=now())
    assert refused.value.code == "too_many_tries"
    SecurityEvent.objects.update(at=now() - timedelta(minutes=16))
    assert factors.check_code(user.pk, code_of(secret, now()), at=now()) == "app"


def test_the_second_step_is_worth_nothing_without_the_first_or_after_a_while(
    client: Client, user: User, secret: str
) -> None:
    assert client.get(SECOND).headers["Location"] == "/sign-in/"
    sign_in(client)
    session = client.session
    session["half_signed_in"] |= {"at": int(now().timestamp()) - 700}
    session.save()
    response = client.post(SECOND, {"code": code_of(secret, now())})
    assert response.headers["Location"] == "/sign-in/"
    sign_in(client)
    access.set_password("aigul", "another horse battery", actor=access.system_actor("test"))
    assert client.post(SECOND, {"code": code_of(secret, now())}).headers["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("answer", ["", "{}", "[]", "nonsense", '{"id": 1, "rawId": "eA", "response": {}}'])
def test_nonsense_for_a_passkey_is_refused(client: Client, user: User, secret: str, answer: str) -> None:
    sign_in(client)
    assert client.post(SECOND, {"credential": answer}).status_code == 200
    assert client.post("/sign-in/passkey/", {"credential": answer}).status_code == 200
    assert "_auth_user_id" not in client.session


# The duty to have one --------------------------------------------------------------------------------------
@pytest.mark.usefixtures("required")
def test_staff_without_a_factor_reach_nothing_but_the_adding_of_one(client: Client, user: User) -> None:
    sign_in(client)
    for address in ("/staff/", "/staff/people/", "/staff/settings/"):
        assert client.get(address).headers["Location"] == SECURITY
    assert "нужен второй фактор" in client.get(SECURITY).content.decode()
    page = client.get(f"{SECURITY}app/").content.decode()
    assert "<svg" in page
    held = client.session["new_app"]
    made = unseal(held.encode(), purpose="access.session").decode()
    assert made not in held
    wrong = client.post(f"{SECURITY}app/", {"code": "12"}).content.decode()
    assert "шесть цифр" in wrong
    assert 'value="12"' in wrong
    page = client.post(f"{SECURITY}app/", {"code": code_of(made, now())}).content.decode()
    assert page.count("<code>") == factors.RECOVERY_CODES
    assert client.get("/staff/").status_code == 200


@pytest.mark.usefixtures("required")
def test_signing_in_with_the_factor_fulfils_the_duty(client: Client, user: User, secret: str) -> None:
    sign_in(client)
    client.post(SECOND, {"code": code_of(secret, now())})
    assert client.get("/staff/").status_code == 200


def test_without_the_duty_a_person_is_only_asked_to_add_one(client: Client, user: User) -> None:
    sign_in(client)
    assert "ещё нет второго фактора" in client.get("/staff/").content.decode()
    assert client.get("/staff/").status_code == 200


def test_a_demonstration_person_is_not_even_asked(client: Client, user: User) -> None:
    User.objects.update(is_demo=True)
    sign_in(client)
    assert "второго фактора" not in client.get("/staff/").content.decode()


# Changing factors ------------------------------------------------------------------------------------------
def test_who_signed_in_long_ago_shows_again_who_they_are(client: Client, user: User) -> None:
    sign_in(client)
    session = client.session
    session[sessions.CONFIRMED] -= sessions.FRESH_SECONDS
    session.save()
    for way in ("app/", "passkey/"):
        asked = client.get(SECURITY + way).headers["Location"]
        assert asked == f"{SECURITY}confirm/?next={SECURITY}{way}"
    assert client.post(f"{SECURITY}codes/").headers["Location"].startswith(f"{SECURITY}confirm/")
    assert "не ваш пароль" in client.post(asked, {"password": "wrong"}).content.decode()
    assert client.post(asked, {"password": PASSWORD}).headers["Location"] == f"{SECURITY}passkey/"
    assert client.get(f"{SECURITY}app/").status_code == 200


def test_wrong_passwords_there_close_signing_in_too(client: Client, user: User) -> None:
    sign_in(client)
    for _try in range(5):
        client.post(f"{SECURITY}confirm/", {"password": "wrong"})
    assert sign_in(Client()).status_code == 429


def test_a_factor_is_taken_away_after_a_question_and_codes_go_with_the_last(
    client: Client, user: User, secret: str
) -> None:
    factors.renew_codes(user)
    sign_in(client)
    client.post(SECOND, {"code": code_of(secret, now())})
    number = Factor.objects.get().pk
    way = f"{SECURITY}factors/{number}/"
    assert "Удалить" in client.get(way).content.decode()
    assert Factor.objects.count() == 1
    client.post(way)
    assert Factor.objects.count() == RecoveryCode.objects.count() == 0
    assert client.get(way).headers["Location"] == SECURITY


def test_the_factors_of_others_are_out_of_reach(
    client: Client, person: People, user: User, secret: str
) -> None:
    person("bakyt")
    sign_in(client, "bakyt")
    client.post(f"{SECURITY}factors/{Factor.objects.get().pk}/")
    assert Factor.objects.count() == 1


def test_a_reset_takes_all_factors_and_stands_in_the_audit(user: User, secret: str) -> None:
    factors.renew_codes(user)
    factors.reset_factors(user.pk, actor=access.system_actor("test"))
    assert not factors.has_factors(user.pk)
    assert not RecoveryCode.objects.exists()
    assert SecurityEvent.objects.filter(kind=Happened.FACTORS_RESET, user=user).exists()


# Sessions --------------------------------------------------------------------------------------------------
def test_a_person_sees_where_they_are_signed_in_and_ends_the_others(client: Client, user: User) -> None:
    other = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    sign_in(client)
    sign_in(other)
    page = client.get(SECURITY).content.decode()
    assert "Firefox · Windows" in page
    assert page.count("этот сеанс") == 1
    number = SignedIn.objects.exclude(session_key=client.session.session_key).get().pk
    client.post(f"{SECURITY}sessions/{number}/")
    assert other.get("/staff/").status_code == 302
    assert client.get("/staff/").status_code == 200
    sign_in(other)
    client.post(f"{SECURITY}sessions/")
    assert other.get("/staff/").status_code == 302
    assert SecurityEvent.objects.filter(kind=Happened.SESSION_ENDED).count() == 2


def test_the_sessions_of_others_are_out_of_reach(client: Client, person: People, user: User) -> None:
    person("bakyt")
    other = Client()
    sign_in(other)
    sign_in(client, "bakyt")
    client.post(f"{SECURITY}sessions/{SignedIn.objects.get(user=user).pk}/")
    assert other.get("/staff/").status_code == 200


def test_a_session_keeps_its_line_when_the_password_changes(client: Client, user: User) -> None:
    sign_in(client)
    fresh = "another horse battery"
    client.post(
        "/staff/password/", {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh}
    )
    assert client.get(SECURITY).content.decode().count("этот сеанс") == 1


def test_a_password_that_holds_once_leads_to_choosing_ones_own(client: Client, user: User) -> None:
    User.objects.update(must_change_password=True)
    sign_in(client)
    assert client.get("/staff/").headers["Location"] == "/staff/password/"
    assert "одноразовому" in client.get("/staff/password/").content.decode()
    fresh = "another horse battery"
    client.post(
        "/staff/password/", {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh}
    )
    assert client.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    ("host", "takes"), [("shaar.example", True), ("127.0.0.1", False), ("[::1]", False), ("localhost", True)]
)
def test_passkeys_need_a_name_not_an_address(host: str, takes: bool) -> None:
    assert passkeys.Site(host, f"https://{host}").takes_passkeys is takes

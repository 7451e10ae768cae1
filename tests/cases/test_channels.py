"""Channels against real sockets: what arrives, what is tried again, what is given up, what is dropped."""

import base64
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from shaar.access.api import Actor
from shaar.access.models import User
from shaar.cases import jobs as entries
from shaar.cases.channels import delivering, outbound, push, subscriptions, telegram, vapid
from shaar.cases.channels.base import Later, Refused
from shaar.cases.models import Delivery, Notice, Subscription
from shaar.cases.notices import choices, kinds, telling
from shaar.config.environment import EnvironmentRefused, MailServer, mail
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from tests.cases.providers import Browser, Postbox, Provider, http_provider, smtp_provider

AT = datetime(2022, 4, 4, 4, tzinfo=UTC)


def tell(actor: Actor, key: str = "a") -> int:
    number = telling.notify(
        actor.id or 0,
        kind=kinds.RETURNED,
        text=Text("Возвращено: Лифты", "Кайтарылды: Лифттер"),
        url="/staff/reports/1/",
        at=AT,
        key=key,
    )
    assert number is not None
    return number


def send(at: datetime = AT) -> list[tuple[str, str, str]]:
    """Send what is due and return channel, state and reason of every delivery."""
    for row in Delivery.objects.filter(state="waiting").order_by("pk"):
        delivering.deliver(row.pk, at=at)
    return list(Delivery.objects.order_by("pk").values_list("channel", "state", "reason"))


# E-mail -----------------------------------------------------------------------------------------------------
@pytest.fixture
def postbox(settings: Any, writer: Actor) -> Iterator[Postbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.SHAAR_EMAIL = MailServer("127.0.0.1", port, "shaar@example.org")
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL, settings.PUSH_HOSTS = "shaar@example.org", []
    User.objects.filter(pk=writer.id).update(email="writer@example.org", language="ky")
    with smtp_provider(port) as box:
        yield box


def test_a_letter_arrives_in_the_language_of_its_person(postbox: Postbox, writer: Actor) -> None:
    number = tell(writer)
    assert send() == [("email", "sent", "")]
    (letter,) = postbox.letters
    assert (letter["To"], letter["From"]) == ("writer@example.org", "shaar@example.org")
    assert letter["Subject"].strip() == "Ишиңиз эскертүү менен кайтарылды"
    body = letter.get_content()
    assert "Кайтарылды: Лифттер" in body
    assert "/staff/reports/1/" in body
    assert number
    assert send() == [("email", "sent", "")]
    assert len(postbox.letters) == 1


def test_a_repeated_letter_has_the_same_message_id(postbox: Postbox, writer: Actor) -> None:
    tell(writer)
    send()
    Delivery.objects.update(state="waiting", sent_at=None)
    send()
    first, second = postbox.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_a_letter_that_is_refused_for_now_is_tried_later_and_for_good_is_given_up(
    postbox: Postbox, writer: Actor
) -> None:
    tell(writer)
    postbox.recipient = "451 try later"
    assert send() == [("email", "waiting", "smtp 451")]
    assert Delivery.objects.get().next_at == AT + timedelta(seconds=30)
    assert send() == [("email", "waiting", "smtp 451")]
    assert Delivery.objects.get().attempts == 1
    postbox.recipient = "550 no such person"
    assert send(AT + timedelta(minutes=1)) == [("email", "dead", "smtp 550")]
    postbox.recipient = "250 OK"
    delivering.retry(Delivery.objects.get().pk, at=AT)
    assert send() == [("email", "sent", "")]
    with pytest.raises(Refusal):
        delivering.retry(Delivery.objects.get().pk, at=AT)


def test_a_silent_server_is_tried_ten_times_with_growing_waits(
    postbox: Postbox, writer: Actor, settings: Any
) -> None:
    settings.EMAIL_PORT = 1
    tell(writer)
    at, waits = AT, []
    while (row := Delivery.objects.get()).state == "waiting":
        at = max(at, row.next_at)
        send(at)
        waits.append(Delivery.objects.get().next_at - at)
    assert (row.attempts, row.state, row.reason) == (10, "dead", "connection failed")
    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]
    assert max(waits) <= timedelta(hours=6)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("smtp://mail.example.org/?from=a@b.kg", MailServer("mail.example.org", 25, "a@b.kg")),
        (
            "smtps://u%40x:p%3A@m.kg/?from=a@b.kg",
            MailServer("m.kg", 465, "a@b.kg", "u@x", "p:", tls=True),
        ),
        (
            "smtp+tls://u:p@m.kg:2587/?from=a@b.kg",
            MailServer("m.kg", 2587, "a@b.kg", "u", "p", starttls=True),
        ),
    ],
)
def test_the_mail_server_is_named_by_an_address(text: str, found: MailServer) -> None:
    assert mail("X", env={"X": text}) == found
    assert "p:" not in repr(found)


@pytest.mark.parametrize(
    "text", ["http://m.kg/?from=a@b.kg", "smtp://m.kg", "smtp:///?from=a@b", "smtp://m:x/"]
)
def test_an_address_of_no_mail_server_is_refused(text: str) -> None:
    with pytest.raises(EnvironmentRefused):
        mail("X", env={"X": text})
    assert mail("X", env={}) is None


# Push -------------------------------------------------------------------------------------------------------
@pytest.fixture
def service(settings: Any, writer: Actor) -> Iterator[Provider]:
    settings.PUSH_HOSTS, settings.SHAAR_EMAIL = ["127.0.0.1"], None
    with http_provider() as provider:
        yield provider


@pytest.fixture
def device(service: Provider, writer: Actor) -> Browser:
    return subscribed(service, writer, Browser(), "/push/one")


def subscribed(service: Provider, writer: Actor, made: Browser, path: str) -> Browser:
    push.subscribe(
        writer.id or 0,
        endpoint=f"{service.url}{path}",
        p256dh=made.p256dh,
        auth=made.auth,
        label="Firefox",
        at=AT,
    )
    return made


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    """RFC 8291, appendix A."""

    def key(text: str) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(vapid.decoded(text)), vapid.CURVE)

    public = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    body = vapid.encrypt(
        b"When I grow up, I want to be a watermelon",
        vapid.Keys(vapid.decoded(public), vapid.decoded("BTBZMqHH6r4Tts7J_aSIgg")),
        ours=key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=vapid.decoded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert vapid.encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w"
        "EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_browser_reads_what_was_sent_and_the_service_knows_the_sender(
    device: Browser, service: Provider, writer: Actor, settings: Any
) -> None:
    number = tell(writer)
    assert send() == [("push", "sent", "")]
    (asked,) = service.asked
    told = device.read(asked.body)
    assert told == {
        "title": "Ваша работа возвращена с замечанием",
        "body": "Возвращено: Лифты",
        "url": f"{settings.SHAAR_PUBLIC_URL}/staff/reports/1/",
        "tag": f"notice-{number}",
    }
    assert (asked.headers["content-encoding"], asked.headers["ttl"]) == ("aes128gcm", "86400")
    assert len(asked.headers["topic"]) == 32
    assert_signed(asked.headers["authorization"], audience=service.url)


def assert_signed(header: str, *, audience: str) -> None:
    """Check the proof of the sender as a push service does (RFC 8292)."""
    parts = dict(part.strip().split("=", 1) for part in header.removeprefix("vapid ").split(","))
    head, claims, signature = parts["t"].split(".")
    raw = vapid.decoded(signature)
    public = ec.EllipticCurvePublicKey.from_encoded_point(vapid.CURVE, vapid.decoded(parts["k"]))
    both = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public.verify(both, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert told["aud"] == audience
    assert 0 < told["exp"] - clock.now().timestamp() <= 24 * 3600
    assert parts["k"] == vapid.public_key()


def test_a_browser_that_is_gone_is_dropped_and_the_others_are_sent_to(
    device: Browser, service: Provider, writer: Actor
) -> None:
    subscribed(service, writer, Browser(), "/push/two")
    service.answers = [(410, {}, {})]
    tell(writer)
    assert [state for _channel, state, _reason in send()] == ["dropped", "sent"]
    assert len(subscriptions.bound(writer.id or 0)) == 1
    gone = Subscription.objects.get(gone_at__isnull=False)
    assert bytes(gone.sealed) == b""
    tell(writer, "b")
    send()
    assert [asked.path for asked in service.asked] == ["/push/one", "/push/two", "/push/two"]


def test_the_wait_that_a_service_asks_for_is_kept(device: Browser, service: Provider, writer: Actor) -> None:
    service.answers = [(429, {"Retry-After": "120"}, {}), (503, {}, {}), (400, {}, {})]
    tell(writer)
    assert send() == [("push", "waiting", "http 429")]
    assert Delivery.objects.get().next_at == AT + timedelta(seconds=120)
    send(AT + timedelta(seconds=119))
    assert len(service.asked) == 1
    assert send(AT + timedelta(seconds=120)) == [("push", "waiting", "http 503")]
    assert send(AT + timedelta(hours=1)) == [("push", "dead", "http 400")]


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/push",
        "http://fcm.googleapis.com/push",
        "https://fcm.googleapis.com:22/push",
        "https://fcm.googleapis.com@evil.example/",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://[broken/",
        "",
    ],
)
def test_nothing_is_sent_to_a_host_that_is_not_declared(writer: Actor, endpoint: str, settings: Any) -> None:
    settings.PUSH_HOSTS = ["fcm.googleapis.com", "*.push.apple.com"]
    keys = Browser()
    with pytest.raises(Refusal):
        push.subscribe(writer.id or 0, endpoint=endpoint, p256dh=keys.p256dh, auth=keys.auth, label="", at=AT)
    with pytest.raises(Refused):
        outbound.post(endpoint, b"", headers={}, hosts=settings.PUSH_HOSTS)


@pytest.mark.parametrize(("p256dh", "auth"), [("", ""), ("BAAA", "AAAA"), ("ъ", "ъ"), ("B" * 87, "A" * 22)])
def test_keys_that_cannot_be_are_refused(writer: Actor, settings: Any, p256dh: str, auth: str) -> None:
    settings.PUSH_HOSTS = ["127.0.0.1"]
    with pytest.raises(Refusal):
        push.subscribe(
            writer.id or 0, endpoint="http://127.0.0.1:1/", p256dh=p256dh, auth=auth, label="", at=AT
        )


def test_what_a_person_bound_is_sealed(device: Browser, service: Provider) -> None:
    row = Subscription.objects.get()
    assert service.url.encode() not in bytes(row.sealed)
    assert device.auth.encode() not in bytes(row.sealed)


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7), ("", None), ("soon", None), ("9999999999", 86400), ("-1", None)]
)
def test_the_wait_is_read_from_the_answer(text: str, seconds: int | None) -> None:
    found = outbound.retry_after(outbound.Answer(429, {"retry-after": text}, b""))
    assert found == (timedelta(seconds=seconds) if seconds is not None else None)


def test_the_wait_may_be_a_date_and_never_lies_in_the_past() -> None:
    past = outbound.Answer(503, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, b"")
    assert outbound.retry_after(past) == timedelta()


# Telegram ---------------------------------------------------------------------------------------------------
@pytest.fixture
def bot(settings: Any, writer: Actor) -> Iterator[Provider]:
    settings.PUSH_HOSTS, settings.SHAAR_EMAIL = [], None
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_BOT = "1:secret", "shaar_bot"
    with http_provider() as provider:
        settings.TELEGRAM_API = provider.url
        provider.answer = lambda _asked: (200, {}, {"ok": True, "result": []})
        yield provider


def written(bot: Provider, *texts: str, chat: int = 42, first: int = 10, kind: str = "private") -> None:
    updates = [
        {"update_id": first + place, "message": {"chat": {"id": chat, "type": kind}, "text": text}}
        for place, text in enumerate(texts)
    ]
    bot.answers.append((200, {}, {"ok": True, "result": updates}))


def test_a_chat_is_bound_by_its_code_once_and_is_let_go(bot: Provider, writer: Actor) -> None:
    link = telegram.start_binding(writer.id or 0, at=AT)
    assert link.startswith("https://t.me/shaar_bot?start=")
    code = link.partition("=")[2]
    written(bot, "/start wrong", f"/start {code}", "привет")
    assert telegram.read_updates(at=AT) == [writer.id]
    written(bot, f"/start {code}", chat=43, first=20)
    assert telegram.read_updates(at=AT) == []
    assert bot.asked[1].json["offset"] == 13
    tell(writer)
    assert send() == [("telegram", "sent", "")]
    assert bot.asked[-1].path == "/bot1:secret/sendMessage"
    assert bot.asked[-1].json["chat_id"] == "42"
    assert "Возвращено: Лифты" in bot.asked[-1].json["text"]
    written(bot, "/stop", first=30)
    telegram.read_updates(at=AT)
    assert subscriptions.bound(writer.id or 0) == []


def test_a_code_ends_and_is_not_for_groups(bot: Provider, writer: Actor) -> None:
    code = telegram.start_binding(writer.id or 0, at=AT).partition("=")[2]
    written(bot, f"/start {code}", kind="group")
    assert telegram.read_updates(at=AT) == []
    written(bot, f"/start {code}")
    assert telegram.read_updates(at=AT + timedelta(minutes=16)) == []


@pytest.mark.parametrize(
    ("status", "told", "state", "next_in"),
    [
        (429, {"ok": False, "parameters": {"retry_after": 17}}, "waiting", 17),
        (500, {"ok": False}, "waiting", 30),
        (403, {"ok": False, "description": "bot was blocked by the user"}, "dropped", None),
        (400, {"ok": False}, "dead", None),
    ],
)
def test_what_telegram_answers_is_understood(
    bot: Provider, writer: Actor, status: int, told: Any, state: str, next_in: int | None
) -> None:
    subscriptions.bind(writer.id or 0, "telegram", "42", given={}, label="Telegram", at=AT)
    tell(writer)
    bot.answers = [(status, {}, told)]
    assert send() == [("telegram", state, f"http {status}")]
    if next_in is not None:
        assert Delivery.objects.get().next_at == AT + timedelta(seconds=next_in)
    assert bool(subscriptions.bound(writer.id or 0)) == (state != "dropped")


def test_the_token_stays_out_of_logs_and_errors(
    bot: Provider, writer: Actor, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    bot.answers = [(401, {}, {"ok": False})]
    entries.telegram_updates()
    settings.TELEGRAM_API = "http://127.0.0.1:1"
    entries.telegram_updates()
    with pytest.raises(Later) as later:
        telegram.call("getMe", {})
    assert "secret" not in caplog.text + str(later.value) + repr(later.value)
    assert "connection failed" in caplog.text


def test_who_binds_a_chat_gets_a_message_there(bot: Provider, writer: Actor) -> None:
    code = telegram.start_binding(writer.id or 0, at=clock.now()).partition("=")[2]
    written(bot, f"/start {code}")
    entries.telegram_updates()
    assert send(clock.now()) == [("telegram", "sent", "")]
    assert "Этот канал работает." in bot.asked[-1].json["text"]


# Jobs -------------------------------------------------------------------------------------------------------
def test_the_job_of_a_notice_sends_it_and_a_lost_job_is_made_up_for(
    bot: Provider, writer: Actor, run_jobs: Any
) -> None:
    subscriptions.bind(writer.id or 0, "telegram", "42", given={}, label="Telegram", at=AT)
    tell(writer)
    assert run_jobs() == 1
    assert Delivery.objects.get().state == "sent"
    Delivery.objects.update(state="waiting", sent_at=None)
    assert delivering.send_forgotten(at=clock.now()) == 1
    assert run_jobs() == 1
    assert Delivery.objects.get().state == "sent"


def test_what_is_told_in_quiet_time_waits_for_its_end(bot: Provider, writer: Actor) -> None:
    subscriptions.bind(writer.id or 0, "telegram", "42", given={}, label="Telegram", at=AT)
    choices.choose(writer.id or 0, {}, choices.Quiet(working_time_only=True))
    number = telling.notify(
        writer.id or 0,
        kind=kinds.RETURNED,
        text=Text("x"),
        url="",
        at=AT + timedelta(hours=12),
        key="night",
    )
    assert Notice.objects.get(pk=number).read_at is None
    assert Delivery.objects.get().next_at == AT + timedelta(hours=23)
    send(AT + timedelta(hours=22))
    assert bot.asked == []
    assert send(AT + timedelta(hours=23)) == [("telegram", "sent", "")]

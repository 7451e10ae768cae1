"""Local stand-ins of the providers: an SMTP server, a push service, Telegram; on sockets of loopback."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shaar.cases.channels.vapid import CURVE, encoded, point


@dataclass
class Asked:
    """A request that a stand-in was sent."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Provider:
    """A stand-in over HTTP: keeps what it was sent, answers what it is told to, then 200."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    answer: Callable[[Asked], tuple[int, dict[str, str], Any]] = lambda _asked: (201, {}, {"ok": True})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def http_provider() -> Iterator[Provider]:
    """Run a stand-in over HTTP."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            asked = Asked(self.path, {key.lower(): text for key, text in self.headers.items()}, body)
            provider.asked.append(asked)
            status, headers, told = provider.answers.pop(0) if provider.answers else provider.answer(asked)
            content = json.dumps(told).encode()
            self.send_response(status)
            for name, text in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_given: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    provider = Provider(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


class Postbox:
    """An SMTP server that keeps what arrives, and answers a recipient as it is told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipient = "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


@contextmanager
def smtp_provider(port: int) -> Iterator[Postbox]:
    """Run an SMTP server on a port."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box
    controller.stop()


class Browser:
    """What a browser keeps of its subscription, and how it reads a message (RFC 8291)."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(CURVE)
        self.secret = bytes(range(16))

    @property
    def p256dh(self) -> str:
        return encoded(point(self.key.public_key()))

    @property
    def auth(self) -> str:
        return encoded(self.secret)

    def read(self, body: bytes) -> Any:
        """Return what a message holds; it is taken apart from the text of the standard, not by our code."""
        salt, record, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert record >= len(sealed)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        mine = point(self.key.public_key())
        shared = self.key.exchange(ec.ECDH(), theirs)

        def derived(secret: bytes, grain: bytes, info: bytes, size: int) -> bytes:
            return HKDF(hashes.SHA256(), size, grain, info).derive(secret)

        secret = derived(shared, self.secret, b"WebPush: info\x00" + mine + sender, 32)
        key = derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
        text = AESGCM(key).decrypt(nonce, sealed, None)
        assert text.endswith(b"\x02")
        return json.loads(text[:-1])

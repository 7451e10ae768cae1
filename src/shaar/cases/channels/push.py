"""Web push to the browsers that a person let in."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shaar.cases.channels import subscriptions, vapid
from shaar.cases.channels.base import Gone, Later, Message, Refused
from shaar.cases.channels.outbound import Answer, is_declared, post, retry_after
from shaar.cases.workflows import Name
from shaar.kernel import clock
from shaar.kernel.errors import Refusal

KEPT = 24 * 3600
TITLE, BODY = 120, 500


@dataclass(frozen=True, slots=True)
class PushAddress:
    """What a browser gives when it subscribes: an address of its push service and two keys."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


class Push:
    """Sends JSON `{title, body, url, tag}`, encrypted for one browser; a repetition replaces it by tag."""

    code = "push"
    name: Name = _("Notices of the browser")

    def is_ready(self) -> bool:
        """Tell whether some push service is declared: SHAAR_PUSH_HOSTS."""
        return bool(settings.PUSH_HOSTS)

    def targets(self, user_id: int) -> Sequence[int | None]:
        """Return the person's browsers."""
        return subscriptions.targets(user_id, self.code)

    def send(self, message: Message, *, user_id: int, subscription: int | None) -> None:  # noqa: ARG002
        """Send a message; 404 and 410 mean that the browser is gone, 429 and 5xx later."""
        held = subscriptions.opened(subscription or 0)
        if held is None:
            raise Gone("no subscription")
        send_to(PushAddress(held["address"], held["p256dh"], held["auth"]), message)


def key() -> str:
    """Return the key that a browser is given when it subscribes, empty where nothing is sent to browsers."""
    return vapid.public_key() if Push().is_ready() else ""


def send_to(address: PushAddress, message: Message) -> None:
    """Send a message to one browser; 404 and 410 raise Gone, 429 and 5xx Later, all else Refused."""
    keys = vapid.Keys(vapid.decoded(address.p256dh), vapid.decoded(address.auth))
    headers = {
        "Authorization": vapid.authorization(address.endpoint, at=clock.now()),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT),
        "Topic": hashlib.sha256(message.tag.encode()).hexdigest()[:32],
        "Urgency": "high" if message.is_urgent else "normal",
    }
    body = vapid.encrypt(content(message), keys)
    _judge(post(address.endpoint, body, headers=headers, hosts=settings.PUSH_HOSTS))


def content(message: Message) -> bytes:
    """Return what the service worker is given."""
    shown = {
        "title": message.title[:TITLE],
        "body": message.text[:BODY],
        "url": message.url,
        "tag": message.tag,
    }
    return json.dumps(shown, ensure_ascii=False).encode()


def subscribe(user_id: int, *, endpoint: str, p256dh: str, auth: str, label: str, at: datetime) -> int:
    """Keep a browser's subscription; Refusal `wrong_subscription` for a host or keys that cannot be."""
    check_address(PushAddress(endpoint, p256dh, auth))
    given = {"p256dh": p256dh, "auth": auth}
    return subscriptions.bind(user_id, Push.code, endpoint, given=given, label=label, at=at)


def check_address(address: PushAddress) -> None:
    """Refuse with `wrong_subscription` a host that is not declared and keys that cannot be."""
    message = gettext("This browser gave no usable address for notices.")
    if len(address.endpoint) > 2000 or not is_declared(address.endpoint, settings.PUSH_HOSTS):
        raise Refusal("wrong_subscription", message)
    try:
        vapid.encrypt(b"", vapid.Keys(vapid.decoded(address.p256dh), vapid.decoded(address.auth)))
    except ValueError as error:
        raise Refusal("wrong_subscription", message) from error


def _judge(answer: Answer) -> None:
    if 200 <= answer.status < 300:
        return
    reason = f"http {answer.status}"
    if answer.status in {404, 410}:
        raise Gone(reason)
    if answer.status == 429 or answer.status >= 500:
        raise Later(reason, after=retry_after(answer))
    raise Refused(reason)

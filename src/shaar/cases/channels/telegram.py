"""Telegram by its Bot API (https://core.telegram.org/bots/api): messages out, bindings of chats in."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shaar.cases.channels import subscriptions
from shaar.cases.channels.base import Gone, Later, Message, Refused
from shaar.cases.channels.outbound import Answer, post, retry_after
from shaar.cases.models import Binding, ChannelState
from shaar.cases.workflows import Name
from shaar.kernel.sealing import keyed_hash, keyed_hashes

PURPOSE = "cases.binding"
CODE_HOLDS = timedelta(minutes=15)
LONGEST = 4000
GONE = {403}


class Telegram:
    """Sends plain text to the chats that people bound by a code."""

    code = "telegram"
    name: Name = _("Telegram")

    def is_ready(self) -> bool:
        """Tell whether SHAAR_TELEGRAM_TOKEN and SHAAR_TELEGRAM_BOT are set."""
        return bool(settings.TELEGRAM_TOKEN and settings.TELEGRAM_BOT)

    def targets(self, user_id: int) -> Sequence[int | None]:
        """Return the person's chats."""
        return subscriptions.targets(user_id, self.code)

    def send(self, message: Message, *, user_id: int, subscription: int | None) -> None:  # noqa: ARG002
        """Send a message; 403 means that the person blocked the bot."""
        held = subscriptions.opened(subscription or 0)
        if held is None:
            raise Gone("no subscription")
        text = f"{message.title}\n\n{message.body}"[:LONGEST]
        call("sendMessage", {"chat_id": held["address"], "text": text, "disable_web_page_preview": True})


def call(method: str, given: Mapping[str, Any]) -> Any:
    """Call a method of the Bot API and return its result; raise Later, Gone or Refused."""
    answer = post(
        f"{settings.TELEGRAM_API}/bot{settings.TELEGRAM_TOKEN}/{method}",
        json.dumps(dict(given)).encode(),
        headers={"Content-Type": "application/json"},
        hosts=[urlsplit(settings.TELEGRAM_API).hostname or ""],
    )
    told = _told(answer)
    if answer.status == 200 and told.get("ok"):
        return told.get("result")
    reason = f"http {answer.status}"
    if answer.status in GONE:
        raise Gone(reason)
    if answer.status == 429 or answer.status >= 500:
        raise Later(reason, after=_wait(told) or retry_after(answer))
    raise Refused(reason)


def start_binding(user_id: int, *, at: datetime) -> str:
    """Return the link that binds the chat in which it is opened to a person, once, within 15 minutes."""
    code = secrets.token_urlsafe(24)
    Binding.objects.filter(user_id=user_id, channel=Telegram.code).delete()
    Binding.objects.create(
        user_id=user_id,
        channel=Telegram.code,
        code_hash=keyed_hash(code, purpose=PURPOSE),
        ends_at=at + CODE_HOLDS,
    )
    return f"https://t.me/{quote(settings.TELEGRAM_BOT)}?start={code}"


@transaction.atomic
def read_updates(*, at: datetime) -> list[int]:
    """Read what was written to the bot: `/start CODE` binds a chat, `/stop` lets it go.

    Returns whom a chat was bound to. An update is read once: the cursor moves in the same transaction.
    """
    ChannelState.objects.get_or_create(channel=Telegram.code)
    state = ChannelState.objects.select_for_update().get(channel=Telegram.code)
    updates = call("getUpdates", {"offset": state.cursor, "timeout": 0, "allowed_updates": ["message"]})
    bound: list[int] = []
    for update in updates if isinstance(updates, list) else []:
        state.cursor = max(state.cursor, int(update.get("update_id", 0)) + 1)
        bound += _heard(update.get("message") or {}, at)
    state.save()
    return bound


def _heard(message: Mapping[str, Any], at: datetime) -> list[int]:
    chat = message.get("chat") or {}
    words = str(message.get("text", "")).split()
    if chat.get("type") != "private" or not words:
        return []
    if words[0] == "/stop":
        subscriptions.drop_address(Telegram.code, str(chat["id"]), at=at)
    if words[0] != "/start" or len(words) != 2:
        return []
    hashes = keyed_hashes(words[1], purpose=PURPOSE)
    found = Binding.objects.select_for_update().filter(code_hash__in=hashes, ends_at__gt=at).first()
    if found is None:
        return []
    found.delete()
    subscriptions.bind(found.user_id, Telegram.code, str(chat["id"]), given={}, label="Telegram", at=at)
    return [found.user_id]


def _told(answer: Answer) -> Mapping[str, Any]:
    try:
        told = json.loads(answer.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _wait(told: Mapping[str, Any]) -> timedelta | None:
    seconds = (told.get("parameters") or {}).get("retry_after")
    return timedelta(seconds=min(int(seconds), 86400)) if isinstance(seconds, int) and seconds >= 0 else None

"""The channels by code, in the order in which pages show them."""

from shaar.cases.channels.base import Channel
from shaar.kernel.errors import Refusal

_channels: dict[str, Channel] = {}


def register_channel(channel: Channel) -> None:
    """Make a channel known, from AppConfig.ready; a second time replaces the first."""
    _channels[channel.code] = channel


def channel(code: str) -> Channel:
    """Return a channel by code; Refusal `unknown_channel`."""
    if (found := _channels.get(code)) is None:
        raise Refusal("unknown_channel", code)
    return found


def channels() -> list[Channel]:
    """Return every channel, set up or not."""
    return list(_channels.values())


def register_own() -> None:
    """Make the three channels of every installation known."""
    from shaar.cases.channels.mail import Mail
    from shaar.cases.channels.push import Push
    from shaar.cases.channels.telegram import Telegram

    for one in (Mail(), Push(), Telegram()):
        register_channel(one)

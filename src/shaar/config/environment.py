"""Reads settings from the environment and refuses what it does not expect."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[3]


class EnvironmentRefused(Exception):
    """An environment variable holds something that it may not hold."""


def choice(name: str, allowed: Sequence[str], *, default: str, env: Mapping[str, str] = os.environ) -> str:
    """Return the variable's value if it is one of the allowed words."""
    value = env.get(name) or default
    if value not in allowed:
        raise EnvironmentRefused(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def flag(name: str, *, default: bool, env: Mapping[str, str] = os.environ) -> bool:
    """Return whether the variable says yes (1) or no (0)."""
    return choice(name, ("0", "1"), default="1" if default else "0", env=env) == "1"


def integer(name: str, *, default: int, low: int, high: int, env: Mapping[str, str] = os.environ) -> int:
    """Return the variable as a whole number between two bounds, both included."""
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise EnvironmentRefused(f"{name} must be a whole number from {low} to {high}, not {text!r}")
    return int(text)


def words(name: str, *, default: Sequence[str], env: Mapping[str, str] = os.environ) -> list[str]:
    """Return the comma-separated words of the variable."""
    text = env.get(name)
    if not text:
        return list(default)
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise EnvironmentRefused(f"{name} must be words separated by commas, not {text!r}")
    return parts


def name(env: Mapping[str, str] = os.environ) -> str:
    """Return what this installation is for: development, test or production."""
    return choice("SHAAR_ENV", ("development", "test", "production"), default="development", env=env)


def host(env: Mapping[str, str] = os.environ) -> str:
    """Return the address that the server listens on, by default reachable from this machine only."""
    return env.get("SHAAR_HOST") or "127.0.0.1"


def address(name: str, *, default: str, env: Mapping[str, str] = os.environ) -> str:
    """Return the variable as the address of a web site, without a slash at its end."""
    text = (env.get(name) or default).rstrip("/")
    if not text.startswith(("http://", "https://")):
        raise EnvironmentRefused(f"{name} must start with http:// or https://, not {text!r}")
    return text


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server and the sender of our mail; `tls` from the first byte, `starttls` after a greeting."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = False


def mail(name: str, *, env: Mapping[str, str] = os.environ) -> MailServer | None:
    """Return the mail server that `smtp(s)://user:password@host:port/?from=address` names, None without it.

    `smtps` speaks TLS from the first byte, `smtp+tls` after a greeting, `smtp` never.
    """
    text = env.get(name)
    if not text:
        return None
    wrong = EnvironmentRefused(f"{name} must be smtps://user:password@host:port/?from=address")
    try:
        parts = urlsplit(text)
        port = parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme]
        (sender,) = parse_qs(parts.query)["from"]
    except (KeyError, ValueError) as error:
        raise wrong from error
    if not parts.hostname or "@" not in sender:
        raise wrong
    return MailServer(
        parts.hostname,
        port,
        sender,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp+tls",
    )


def require(*names: str, env: Mapping[str, str] = os.environ) -> None:
    """Raise EnvironmentRefused for the variables that are not set."""
    missing = [name for name in names if not env.get(name)]
    if missing:
        raise EnvironmentRefused(f"{' and '.join(missing)} must be set in production")


def home(env: Mapping[str, str] = os.environ) -> Path:
    """Return the directory of the database, files and keys: SHAAR_HOME, or .shaar beside the sources."""
    text = env.get("SHAAR_HOME")
    return Path(text).expanduser().resolve() if text else ROOT / ".shaar"


@dataclass(frozen=True, slots=True)
class OutsideProvider:
    """Where people sign in by OpenID Connect; without an issuer they do not."""

    issuer: str = ""
    client: str = ""
    secret: str = ""
    name: str = "ЕСИ"
    scopes: str = "openid profile"
    claim: str = "pin"
    is_strong: bool = False


def provider(*, production: bool, env: Mapping[str, str] = os.environ) -> OutsideProvider:
    """Return how people sign in at an outside provider."""
    issuer = env.get("SHAAR_OIDC_ISSUER") or ""
    if not issuer:
        return OutsideProvider()
    if not issuer.startswith("https://" if production else ("https://", "http://")):
        raise EnvironmentRefused("SHAAR_OIDC_ISSUER must start with https://")
    require("SHAAR_OIDC_CLIENT", "SHAAR_OIDC_SECRET", env=env)
    return OutsideProvider(
        issuer=issuer,
        client=env["SHAAR_OIDC_CLIENT"],
        secret=env["SHAAR_OIDC_SECRET"],
        name=env.get("SHAAR_OIDC_NAME") or "ЕСИ",
        scopes=env.get("SHAAR_OIDC_SCOPES") or "openid profile",
        claim=env.get("SHAAR_OIDC_CLAIM") or "pin",
        is_strong=flag("SHAAR_OIDC_STRONG", default=False, env=env),
    )

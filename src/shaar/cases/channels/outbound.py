"""The only way out by HTTP: to declared hosts, without redirects, with a time limit, never logged."""

import http.client
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from fnmatch import fnmatch
from urllib.parse import urlsplit

from shaar.cases.channels.base import Later, Refused

TIMEOUT = 10
LARGEST = 1_000_000
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_declared(url: str, hosts: Sequence[str]) -> bool:
    """Tell whether an address is of a declared host: by HTTPS, on loopback by HTTP as well."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port
    except ValueError:
        return False
    if parts.username or parts.password or not host:
        return False
    if host in LOOPBACK:
        return parts.scheme in {"http", "https"} and host in hosts
    standard = port in (None, 443)
    return parts.scheme == "https" and standard and any(fnmatch(host, pattern) for pattern in hosts)


def post(url: str, body: bytes, *, headers: Mapping[str, str], hosts: Sequence[str]) -> Answer:
    """Send a body and return the answer; Refused for an undeclared host, Later for one out of reach."""
    if not is_declared(url, hosts):
        raise Refused("host not declared")
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request("POST", path or "/", body=body, headers=dict(headers))
        answer = connection.getresponse()
        held = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, held, answer.read(LARGEST))
    except TimeoutError as error:
        raise Later("timeout") from error
    except (OSError, http.client.HTTPException) as error:
        raise Later("connection failed") from error
    finally:
        connection.close()


def retry_after(answer: Answer) -> timedelta | None:
    """Return the wait that a provider asks for in Retry-After: seconds or a date (RFC 9110, 10.2.3)."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text), 10**6)), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - datetime.now(tz=UTC), timedelta()), LONGEST_WAIT)


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=context)
    return http.client.HTTPConnection(host, port, timeout=TIMEOUT)

"""Signing in at an outside provider by OpenID Connect Core 1.0: authorization code with PKCE (RFC 7636).

Made for «ЕСИ», whose tokens carry the claim `pin`. The claim is turned into a keyed hash at once: it is
neither kept nor logged.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from shaar.access.models import User
from shaar.kernel.errors import Refusal
from shaar.kernel.sealing import keyed_hashes

PENDING, MOST_PENDING, PENDING_SECONDS = "oidc_pending", 5, 600
ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 10
LARGEST_ANSWER = 1024 * 1024
DISCOVERY = "/.well-known/openid-configuration"
KEPT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider tells of itself by discovery."""

    issuer: str
    authorization: str
    token: str
    userinfo: str
    keys: str
    posts_secret: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came back from the provider, by the keyed hashes of their identity, and where they wanted to go."""

    identities: tuple[str, ...]
    target: str


def name() -> str:
    """Return what the provider is called on the page of signing in; empty where none is set."""
    return settings.OIDC.name if settings.OIDC.issuer else ""


def identity_hashes(pin: str) -> tuple[str, ...]:
    """Return the keyed hashes by which a person is found: that of today's key, then of earlier ones."""
    return tuple(keyed_hashes(pin, purpose="access.identity"))


def start(request: HttpRequest, *, target: str) -> str:
    """Return the provider's address to send the browser to; Refusal `oidc_unavailable`."""
    provider = _provider()
    state, nonce, verifier = (secrets.token_urlsafe(32) for _secret in range(3))
    pending = dict(list(request.session.get(PENDING, {}).items())[1 - MOST_PENDING :])
    pending[state] = {"nonce": nonce, "verifier": verifier, "target": target, "at": int(time.time())}
    request.session[PENDING] = pending
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": settings.OIDC.client,
        "redirect_uri": _way_back(request),
        "scope": settings.OIDC.scopes,
        "state": state,
        "nonce": nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{provider.authorization}{'&' if '?' in provider.authorization else '?'}{urlencode(asked)}"


def finish(request: HttpRequest) -> Arrived:
    """Return who came back from the provider.

    Refusals `oidc_state` (unknown, old or used before), `oidc_denied`, `oidc_token`, `oidc_expired`,
    `oidc_no_identity` and `oidc_unavailable`.
    """
    pending = request.session.get(PENDING, {})
    held = pending.pop(request.GET.get("state", ""), None)
    request.session[PENDING] = pending
    if held is None or time.time() - held["at"] > PENDING_SECONDS:
        raise Refusal("oidc_state", _("This way in was used already or is too old. Start again."))
    if request.GET.get("error"):
        raise Refusal("oidc_denied", _("The provider did not let you through, or you refused there."))
    provider = _provider()
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise _wrong_token()
    answer = _exchange(provider, request, code=request.GET.get("code", ""), verifier=held["verifier"])
    claims = _claims(provider, answer, nonce=held["nonce"])
    claim = settings.OIDC.claim
    found = claims.get(claim) or _asked_claims(provider, answer, claims).get(claim)
    if not isinstance(found, str) or not found:
        raise Refusal("oidc_no_identity", _("The provider did not tell who you are."))
    return Arrived(identity_hashes(found), str(held["target"]))


def person_of(arrived: Arrived) -> User:
    """Return the person with an identity; Refusal `oidc_unknown_person`."""
    user = User.objects.filter(identity_hash__in=arrived.identities, is_active=True).first()
    if user is None:
        raise Refusal(
            "oidc_unknown_person",
            _("You are not among the staff of this installation. Ask your administrator to link you."),
        )
    if user.identity_hash != arrived.identities[0]:  # kept under an earlier key: it may now be forgotten
        User.objects.filter(pk=user.pk).update(identity_hash=arrived.identities[0])
    return user


def _way_back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("oidc-back"))


# The provider -----------------------------------------------------------------------------------------------
_kept: dict[str, tuple[float, dict[str, Any]]] = {}


def _lately(address: str) -> dict[str, Any]:
    """Return what an address of the provider held within the last ten minutes, in this process."""
    found = _kept.get(address)
    if found is None or time.monotonic() - found[0] > KEPT_SECONDS:
        found = _kept[address] = (time.monotonic(), _ask(Request(address)))  # noqa: S310 checked in _ask
    return found[1]


def _provider() -> Provider:
    issuer = settings.OIDC.issuer
    told = _lately(issuer.rstrip("/") + DISCOVERY)
    if told.get("issuer") != issuer:
        raise _unavailable()
    ways = [told.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(isinstance(way, str) for way in ways):
        raise _unavailable()
    authorization, token, keys = (str(way) for way in ways)
    methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        issuer=issuer,
        authorization=authorization,
        token=token,
        userinfo=str(told.get("userinfo_endpoint") or ""),
        keys=keys,
        posts_secret="client_secret_basic" not in methods,
    )


def _exchange(provider: Provider, request: HttpRequest, *, code: str, verifier: str) -> Mapping[str, Any]:
    """Give the code for tokens (RFC 6749, section 4.1.3)."""
    client, secret = settings.OIDC.client, settings.OIDC.secret
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _way_back(request),
        "code_verifier": verifier,
        "client_id": client,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if provider.posts_secret:
        form["client_secret"] = secret
    else:
        pair = urlencode({client: secret}).replace("=", ":", 1)
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return _ask(Request(provider.token, urlencode(form).encode(), headers))  # noqa: S310 checked in _ask


def _claims(provider: Provider, answer: Mapping[str, Any], *, nonce: str) -> Mapping[str, Any]:
    """Return the claims of the ID token, every one checked (OpenID Connect Core, section 3.1.3.7)."""
    token = str(answer.get("id_token", ""))
    try:
        try:
            read = jwt.decode(token, _keys(provider), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            _kept.pop(provider.keys, None)  # the provider may have changed its keys
            read = jwt.decode(token, _keys(provider), algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": settings.OIDC.client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(read.claims)
    except ExpiredTokenError as error:
        raise Refusal("oidc_expired", _("The provider's word is out of date. Start again.")) from error
    except (JoseError, ValueError) as error:
        raise _wrong_token() from error
    if read.claims.get("azp", settings.OIDC.client) != settings.OIDC.client:
        raise _wrong_token()
    return read.claims


def _keys(provider: Provider) -> KeySet:
    return KeySet.import_key_set(cast(Any, _lately(provider.keys)))


def _asked_claims(
    provider: Provider, answer: Mapping[str, Any], claims: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the claims that the provider gives at its userinfo address, if they are of the same subject."""
    token = answer.get("access_token")
    if not provider.userinfo or not token:
        return {}
    found = _ask(Request(provider.userinfo, headers={"Authorization": f"Bearer {token}"}))  # noqa: S310
    return found if found.get("sub") == claims["sub"] else {}


class _NoRedirect(HTTPRedirectHandler):
    """Follows nobody elsewhere: a redirect is an error."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        """Follow nothing."""


def _ask(request: Request) -> dict[str, Any]:
    """Return the JSON object at an address of the provider; Refusal `oidc_unavailable`."""
    secure, issuer = urlsplit(request.full_url).scheme, urlsplit(settings.OIDC.issuer).scheme
    if secure not in {"https", issuer} or secure not in {"https", "http"}:
        raise _unavailable()
    request.add_header("Accept", "application/json")
    return _guarded(lambda: _read(request))


def _read(request: Request) -> dict[str, Any]:
    with build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS) as answer:
        found = json.loads(answer.read(LARGEST_ANSWER))
    if not isinstance(found, dict):
        raise _unavailable()
    return found


def _guarded(read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return read()
    except (URLError, TimeoutError, ValueError, OSError) as error:
        raise _unavailable() from error


def _unavailable() -> Refusal:
    return Refusal("oidc_unavailable", _("The provider does not answer as it should. Try again later."))


def _wrong_token() -> Refusal:
    return Refusal("oidc_token", _("The provider's word could not be verified, so nobody was signed in."))

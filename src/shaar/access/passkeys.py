"""Passkeys (WebAuthn level 3): registering one and signing in with one; the ceremonies are of fido2."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from shaar.access.actors import acting, actor_from
from shaar.access.factors import PURPOSE, open_secret
from shaar.access.models import Factor, FactorKind, User
from shaar.access.services import meanings
from shaar.kernel.errors import Refusal
from shaar.kernel.sealing import keyed_hash, seal

NAME = "Shaar"


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a browser is asked for, and what the server must remember until it answers."""

    options: str
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """The web site that passkeys belong to: its host name, and the origin that browsers see."""

    host: str
    origin: str

    @property
    def takes_passkeys(self) -> bool:
        """Tell whether browsers offer passkeys here: they need a name, not an address of numbers."""
        return not self.host.replace(".", "").isdigit() and ":" not in self.host


def site_of(request: HttpRequest) -> Site:
    """Return the site of a request; Django has checked its name against the allowed ones."""
    host = request.get_host()
    name = host if host.endswith("]") else host.rsplit(":", 1)[0] if ":" in host else host
    return Site(name, f"{request.scheme}://{host}")


def begin_adding(user: User, site: Site) -> Ceremony:
    """Ask a browser to make a passkey for a person."""
    person = PublicKeyCredentialUserEntity(
        name=user.username,
        id=bytes.fromhex(keyed_hash(str(user.pk), purpose="access.passkey.user")),
        display_name=user.display_name,
    )
    options, state = _server(site).register_begin(
        person,
        credentials=_credentials(list(Factor.objects.filter(user=user, kind=FactorKind.PASSKEY))),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Ceremony(json.dumps(dict(options)["publicKey"]), dict(state))


def add_passkey(
    user: User, answer: str, *, state: Mapping[str, Any], site: Site, name: str, at: datetime
) -> int:
    """Keep the passkey that a browser made; Refusals `passkey_refused`, `passkey_known`, `name_missing`."""
    if not name.strip():
        raise Refusal("name_missing", _("Give the passkey a name, such as the device's."))
    data = _attempt(lambda: _server(site).register_complete(state, json.loads(answer)))
    credential = data.credential_data
    if credential is None:
        raise _refused()
    if Factor.objects.filter(credential_hash=_hash(credential.credential_id)).exists():
        raise Refusal("passkey_known", _("This passkey is known already."))
    with transaction.atomic(), acting(actor_from(user)), meanings():
        factor = Factor.objects.create(
            user=user,
            kind=FactorKind.PASSKEY,
            name=name.strip()[:60],
            secret=seal(bytes(credential), purpose=PURPOSE),
            credential_hash=_hash(credential.credential_id),
            sign_count=data.counter,
            created_at=at,
        )
    return factor.pk


def begin_showing(site: Site, *, user_id: int | None) -> Ceremony:
    """Ask a browser to show a passkey: the person's, or anybody's with its PIN or print."""
    if user_id is None:
        options, state = _server(site).authenticate_begin(
            user_verification=UserVerificationRequirement.REQUIRED
        )
    else:
        factors = list(Factor.objects.filter(user_id=user_id, kind=FactorKind.PASSKEY))
        options, state = _server(site).authenticate_begin(
            _credentials(factors), user_verification=UserVerificationRequirement.PREFERRED
        )
    return Ceremony(json.dumps(dict(options)["publicKey"]), dict(state))


def check_passkey(
    answer: str, *, state: Mapping[str, Any], site: Site, user_id: int | None, at: datetime
) -> User:
    """Return whose passkey a browser has shown; Refusal `passkey_refused`."""
    parsed = _attempt(lambda: AuthenticationResponse.from_dict(json.loads(answer)))
    wanted = Factor.objects.filter(credential_hash=_hash(parsed.raw_id), user__is_active=True)
    if user_id is not None:
        wanted = wanted.filter(user_id=user_id)
    with transaction.atomic():
        factor = wanted.select_related("user").select_for_update(of=("self",)).first()
        if factor is None:
            raise _refused()
        known = _credentials([factor])
        _attempt(lambda: _server(site).authenticate_complete(state, known, parsed))
        counter = parsed.response.authenticator_data.counter
        if counter <= factor.sign_count and (counter or factor.sign_count):
            raise _refused()  # a copy of the key was used: WebAuthn, section 6.1.1
        Factor.objects.filter(pk=factor.pk).update(sign_count=counter, last_used_at=at)
    return factor.user


def _server(site: Site) -> Fido2Server:
    return Fido2Server(
        PublicKeyCredentialRpEntity(name=NAME, id=site.host),
        verify_origin=lambda origin: origin == site.origin,
    )


def _credentials(factors: list[Factor]) -> list[AttestedCredentialData]:
    opened = [open_secret(factor) for factor in factors]
    return [AttestedCredentialData(secret) for secret in opened if secret is not None]


def _hash(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()


def _attempt(step: Callable[[], Any]) -> Any:
    """Return what a step of a ceremony gives; whatever a browser sent wrong is one refusal."""
    try:
        return step()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _refused() from error


def _refused() -> Refusal:
    return Refusal(
        "passkey_refused", _("This passkey does not open the door. Try again, or take another way.")
    )

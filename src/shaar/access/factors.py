"""Second factors: the code of an authenticator app, recovery codes, and the taking away of both."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
import segno
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shaar.access.actors import Actor, acting, actor_from
from shaar.access.events import count, note
from shaar.access.models import Factor, FactorKind, Happened, RecoveryCode, User
from shaar.access.services import meanings
from shaar.kernel.errors import Refusal
from shaar.kernel.sealing import keyed_hash, keyed_hashes, seal, unseal

logger = logging.getLogger(__name__)
PURPOSE = "access.factor"
RECOVERY = "access.recovery"
SECONDS = 30
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
TRIES, TRIES_WITHIN = 10, timedelta(minutes=15)


def has_factors(user_id: int) -> bool:
    """Tell whether a person has something to show beside the password."""
    return Factor.objects.filter(user_id=user_id).exists()


def factors_of(user_id: int) -> list[Factor]:
    """Return the factors of a person, the oldest first."""
    return list(Factor.objects.filter(user_id=user_id).defer("secret").order_by("created_at", "pk"))


def codes_left(user_id: int) -> int:
    """Return how many recovery codes a person has not used."""
    return RecoveryCode.objects.filter(user_id=user_id, used_at=None).count()


# Authenticator app (RFC 6238) -------------------------------------------------------------------------------
def new_app_secret() -> str:
    """Return a secret for an authenticator app, 160 bits in Base32."""
    return pyotp.random_base32()


def app_address(secret: str, *, username: str, issuer: str) -> str:
    """Return the `otpauth:` address that an authenticator app reads."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=username, issuer_name=issuer)


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code: so many squares a side, and the dark ones as the path of an SVG."""

    size: int
    path: str


def qr_code(address: str) -> Picture:
    """Return an address as a QR code with its quiet border."""
    rows = [list(row) for row in segno.make(address, error="m").matrix_iter(border=4)]
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Picture(len(rows), "".join(dark))


def add_app(user: User, secret: str, code: str, *, at: datetime) -> None:
    """Keep an app's secret once its code was shown; Refusal `wrong_code`. A former app is replaced."""
    step = _step_of(secret, code, after=0, at=at)
    if step is None:
        raise _wrong_code()
    with transaction.atomic(), acting(actor_from(user)), meanings():
        Factor.objects.filter(user=user, kind=FactorKind.APP).delete()
        Factor.objects.create(
            user=user,
            kind=FactorKind.APP,
            name=str(_("Authenticator app")),
            secret=seal(secret.encode(), purpose=PURPOSE),
            step=step,
            created_at=at,
        )


def _step_of(secret: str, code: str, *, after: int, at: datetime) -> int | None:
    """Return the time step whose code it is, one step of drift allowed and none twice (section 5.2)."""
    now = int(at.timestamp()) // SECONDS
    generator = pyotp.HOTP(secret)
    found = [step for step in (now - 1, now, now + 1) if secrets.compare_digest(generator.at(step), code)]
    return next((step for step in found if step > after), None)


# Recovery codes ---------------------------------------------------------------------------------------------
def renew_codes(user: User) -> list[str]:
    """Return new recovery codes, in the clear for this once; the former ones are worth nothing any more."""
    codes = ["-".join(_letters(5) for _part in range(2)) for _code in range(RECOVERY_CODES)]
    with transaction.atomic(), acting(actor_from(user)):
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hashed(code)) for code in codes)
    return codes


def _letters(number: int) -> str:
    return "".join(secrets.choice(RECOVERY_ALPHABET) for _letter in range(number))


def _hashed(code: str) -> str:
    """Return the keyed hash of a code of about 50 random bits."""
    return keyed_hash(code, purpose=RECOVERY)


# Showing one ------------------------------------------------------------------------------------------------
def check_code(user_id: int, typed: str, *, at: datetime) -> str:
    """Return which kind of code was typed, `app` or `recovery`; a code works once.

    Refusals `wrong_code`, which is written into the audit, and `too_many_tries`, whatever was typed.
    """
    check_tries(user_id)
    code = "".join(typed.split()).lower()
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
        actor = actor_from(user)
        if code.isascii() and code.isdigit() and _take_app_code(user, code, at=at):
            return "app"
        with acting(actor):
            hashes = keyed_hashes(code, purpose=RECOVERY)
            unused = RecoveryCode.objects.filter(user=user, code_hash__in=hashes, used_at=None)
            if unused.update(used_at=at):
                return "recovery"
    refused(user)
    raise _wrong_code()


def check_tries(user_id: int) -> None:
    """Refuse with `too_many_tries` a person for whom wrong factors were shown too often, from anywhere."""
    if count(user_id, Happened.FACTOR_REFUSED, within=TRIES_WITHIN) >= TRIES:
        raise Refusal("too_many_tries", _("There were too many wrong codes. Try again in 15 minutes."))


def refused(user: User) -> None:
    """Write into the audit that a wrong factor was shown."""
    note(user.pk, Happened.FACTOR_REFUSED, actor=actor_from(user))


def open_secret(factor: Factor) -> bytes | None:
    """Return what is sealed in a factor; None, and a warning, under another SHAAR_SECRET_KEY."""
    try:
        return unseal(bytes(factor.secret), purpose=PURPOSE)
    except Refusal:
        logger.warning("factor %s was sealed with another SHAAR_SECRET_KEY", factor.pk)
        return None


def _take_app_code(user: User, code: str, *, at: datetime) -> bool:
    app = Factor.objects.select_for_update().filter(user=user, kind=FactorKind.APP).first()
    if app is None:
        return False
    opened = open_secret(app)
    if opened is None:
        message = _("Your second factor cannot be read any more. Ask your administrator to reset it.")
        raise Refusal("factor_unreadable", message)
    secret = opened.decode()
    step = _step_of(secret, code, after=app.step, at=at)
    if step is None:
        return False
    Factor.objects.filter(pk=app.pk).update(step=step, last_used_at=at)
    return True


def _wrong_code() -> Refusal:
    return Refusal("wrong_code", _("This code does not fit. Codes of an app change every half minute."))


# Taking away ------------------------------------------------------------------------------------------------
def remove_factor(user: User, number: int) -> None:
    """Take one factor away; recovery codes go with the last. Refusal `unknown_factor`."""
    with transaction.atomic(), acting(actor_from(user)):
        if not Factor.objects.filter(user=user, pk=number).delete()[0]:
            raise Refusal("unknown_factor", _("There is no such factor any more."))
        if not has_factors(user.pk):
            RecoveryCode.objects.filter(user=user).delete()


def reset_factors(user_id: int, *, actor: Actor) -> None:
    """Take away every factor of a person who lost them; they add new ones when they sign in next."""
    with transaction.atomic(), acting(actor):
        Factor.objects.filter(user_id=user_id).delete()
        RecoveryCode.objects.filter(user_id=user_id).delete()
        note(user_id, Happened.FACTORS_RESET, actor=actor)

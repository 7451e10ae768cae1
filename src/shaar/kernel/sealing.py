"""Keeps secrets and personal values unreadable at rest: sealed for reading back, hashed for finding."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from shaar.kernel.errors import Refusal

SALT = b"shaar.sealing.v1"


def seal(value: bytes, *, purpose: str) -> bytes:
    """Return the value encrypted and signed (Fernet) under a key made of SECRET_KEY for one purpose."""
    return _fernet(purpose).encrypt(value)


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """Return what was sealed; Refusal `cannot_unseal` when the key is another or the value was changed."""
    try:
        return _fernet(purpose).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise Refusal("cannot_unseal", "A sealed value does not fit SHAAR_SECRET_KEY.") from error


def keyed_hash(text: str, *, purpose: str) -> str:
    """Return the HMAC-SHA-256 of a text in hexadecimal, by which it is found and from which it is not read.

    A hash kept from before a change of SECRET_KEY is found by `keyed_hashes`.
    """
    return _hash(settings.SECRET_KEY, text, purpose)


def keyed_hashes(text: str, *, purpose: str) -> list[str]:
    """Return the hashes of a text under the key of today and the earlier ones, today's first."""
    return [_hash(key, text, purpose) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _hash(key: str | bytes, text: str, purpose: str) -> str:
    return hmac.new(_key(key, purpose), text.encode(), hashlib.sha256).hexdigest()


def _fernet(purpose: str) -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(key, purpose))) for key in keys])


def _key(secret: str | bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose (HKDF, RFC 5869)."""
    return HKDF(hashes.SHA256(), 32, SALT, purpose.encode()).derive(
        secret.encode() if isinstance(secret, str) else secret
    )

"""Web push on the wire: encryption of a message (RFC 8291, RFC 8188) and proof of the sender (RFC 8292)."""

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

CURVE = ec.SECP256R1()
RECORD = 4096
LARGEST = RECORD - 16 - 1 - 86  # of a message: a record without tag, delimiter and the header of the body
PROOF_HOLDS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Keys:
    """A browser's public key (65 bytes, uncompressed point) and its secret of 16 bytes."""

    public: bytes
    secret: bytes


def encrypt(
    text: bytes, keys: Keys, *, ours: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """Return the body of a push message (`aes128gcm`); ValueError for wrong keys or a text too long."""
    if len(text) > LARGEST:
        raise ValueError("the message is too long for one record")
    if len(keys.secret) != 16:
        raise ValueError("the secret has 16 bytes")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, keys.public)
    own = ours or ec.generate_private_key(CURVE)
    own_public = point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, keys.secret, b"WebPush: info\0" + keys.public + own_public, 32)
    grain = salt or os.urandom(16)
    key = _derived(secret, grain, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, grain, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, text + b"\x02", None)
    return grain + RECORD.to_bytes(4) + bytes([len(own_public)]) + own_public + sealed


def authorization(endpoint: str, *, at: datetime) -> str:
    """Return the Authorization header by which a push service knows this installation."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + PROOF_HOLDS).timestamp()),
        "sub": settings.SHAAR_PUBLIC_URL,
    }
    head = encoded(json.dumps({"typ": "JWT", "alg": "ES256"}).encode())
    signed = f"{head}.{encoded(json.dumps(claims).encode())}"
    key = own_key(settings.SHAAR_HOME / "vapid.pem")
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{signed}.{encoded(r.to_bytes(32) + s.to_bytes(32))}"
    return f"vapid t={token}, k={public_key()}"


def public_key() -> str:
    """Return the key that a browser is given when it subscribes (`applicationServerKey`)."""
    return encoded(point(own_key(settings.SHAAR_HOME / "vapid.pem").public_key()))


@cache
def own_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Return the installation's key, made at the first need and kept readable for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        made = ec.generate_private_key(CURVE).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(made)
        try:
            os.link(draft, path)
        except FileExistsError:  # another process was first: its key is everybody's
            pass
        finally:
            draft.unlink()
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("vapid.pem holds no key of a curve")
    return key


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as 65 bytes."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def encoded(value: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return what base64url without padding holds; ValueError for what is none."""
    if not text.isascii():
        raise ValueError("not base64url")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

"""Keeps the signing key of an installation."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from shaar.config import environment
from shaar.config.environment import EnvironmentRefused

SHORTEST = 50


def secret_key(home: Path, *, production: bool, env: Mapping[str, str] = os.environ) -> str:
    """Return SHAAR_SECRET_KEY, or outside production a key made once and kept at home."""
    given = env.get("SHAAR_SECRET_KEY")
    if given:
        if len(given) < SHORTEST:
            raise EnvironmentRefused(f"SHAAR_SECRET_KEY must have {SHORTEST} characters or more")
        return given
    if production:
        raise EnvironmentRefused("SHAAR_SECRET_KEY must be set in production")
    return _kept_key(home / "secret.key")


def earlier_keys(*, env: Mapping[str, str] = os.environ) -> list[str]:
    """Return the keys of SHAAR_SECRET_KEY_FALLBACKS: they are read with, never written with."""
    keys = environment.words("SHAAR_SECRET_KEY_FALLBACKS", default=[], env=env)
    if any(len(key) < SHORTEST for key in keys):
        raise EnvironmentRefused(f"SHAAR_SECRET_KEY_FALLBACKS: a key must have {SHORTEST} characters or more")
    return keys


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        _publish(draft, path)
    return path.read_text().strip()


def _publish(draft: Path, path: Path) -> None:
    """Give the draft its name unless another process was first."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

"""Names every module of Shaar, from the lowest rank to the highest."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

MODULES = (
    "city",
    "access",
    "ledger",
    "ui",
    "search",
    "maps",
    "cases",
    "indicators",
    "programme",
    "budget",
    "ratings",
    "reports",
    "portal",
    "monitor",
)


def find(door: str) -> Callable[..., Any] | None:
    """Return the function that a `package.module:function` path names, or None while its file does not exist.

    A file that exists but lacks the function, or fails to load, is an error and raises.
    """
    path, _, name = door.partition(":")
    if find_spec(path) is None:
        return None
    function: Callable[..., Any] = getattr(import_module(path), name)
    return function

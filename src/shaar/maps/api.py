"""The door of `maps`: the streets and places of the base map."""

from shaar.maps.base import base
from shaar.maps.places import Place
from shaar.maps.places import places as _places

__all__ = ["Place", "attribution", "places"]


def places(*, language: str = "ru") -> list[Place]:
    """Return every named street and place of the base map, by its name in a language."""
    return list(_places(base(), language=language))


def attribution() -> str:
    """Return whom the data of the base map come from."""
    return base().attribution

"""Every component of the installation by name, read once when the program starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shaar.ui.component import Component, ComponentError, read

DIRECTORY = "components"
_known: dict[str, Component] = {}


def load(directory: Path) -> None:
    """Read every component of a directory; a name that another directory has already given is an error."""
    for path in sorted(directory.glob("*.html")):
        component = read(path)
        other = _known.get(component.name)
        if other is not None and other.path != path:
            raise ComponentError(f"{path}: {other.path} is a component of the same name")
        _known[component.name] = component


def find(name: str) -> Component:
    """Return a component by name; raise ComponentError when there is none."""
    try:
        return _known[name]
    except KeyError as error:
        raise ComponentError(f"there is no component {name!r}: add {DIRECTORY}/{name}.html") from error


def components() -> list[Component]:
    """Return every component by name."""
    return [_known[name] for name in sorted(_known)]


@contextmanager
def also(directory: Path) -> Iterator[None]:
    """Know the components of one more directory for a while; for tests."""
    before = dict(_known)
    load(directory)
    try:
        yield
    finally:
        _known.clear()
        _known.update(before)

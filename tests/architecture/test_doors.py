"""A module is entered through its door: `api`, or `facts` for what it publishes."""

from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, imports, parse, sources

OPEN = {"kernel", "ui"}  # made of small parts for everybody
DOORS = {"api", "facts"}
OF_CONFIG = DOORS | {"apps", "commands", "demo", "pack", "pictures", "urls"}


def faults(source: Source) -> Iterator[str]:
    """Yield each import of a source that enters another module by the window."""
    if source.is_migration:
        return
    allowed = OF_CONFIG if source.module == "config" else DOORS
    for line, name in imports(source):
        package, *rest = name.split(".")
        if package != "shaar" or not rest or rest[0] in OPEN | {source.module} or rest[0].startswith("__"):
            continue
        if len(rest) < 2 or rest[1] not in allowed:
            yield f"{source.name}:{line} imports {name}; ask shaar.{rest[0]}.api or shaar.{rest[0]}.facts"


def test_every_module_is_entered_through_its_door() -> None:
    assert [fault for source in sources() for fault in faults(source)] == []


@pytest.mark.parametrize(
    "statement",
    [
        "from shaar.ledger.models import Fact",
        "from shaar.ledger import models",
        "import shaar.ledger.services",
        "from shaar import ledger",
        "def lazily():\n    from shaar.ledger.queries import facts",
    ],
)
def test_an_import_past_the_door_is_found(statement: str) -> None:
    assert len(list(faults(parse("shaar.programme.services", statement)))) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "from shaar.ledger.api import record",
        "from shaar.ledger import api, facts",
        "from shaar.kernel.errors import Refusal",
        "from shaar.ui.components import Table",
        "from shaar.programme.models import Measure",
        "from shaar import __version__",
    ],
)
def test_doors_open_modules_and_own_rooms_are_free(statement: str) -> None:
    assert list(faults(parse("shaar.programme.services", statement))) == []


def test_a_migration_may_depend_on_another_module() -> None:
    source = parse("shaar.programme.migrations.0002_more", "from shaar.ledger.models import Fact")
    assert list(faults(source)) == []

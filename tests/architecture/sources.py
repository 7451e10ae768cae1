"""Reads the sources of Shaar for the checks of its architecture."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shaar.config.modules import MODULES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "shaar"
RANK = {name: rank for rank, name in enumerate(("kernel", *MODULES, "config"))}


@dataclass(frozen=True)
class Source:
    """One Python file: the module it belongs to, its dotted name, its syntax tree."""

    module: str
    name: str
    tree: ast.Module

    @property
    def is_migration(self) -> bool:
        return ".migrations." in self.name


def parse(name: str, text: str) -> Source:
    """Return a source from its dotted name and its text."""
    return Source(name.split(".")[1], name, ast.parse(text))


def sources() -> Iterator[Source]:
    """Yield every Python file of the modules of Shaar."""
    for path in sorted(PACKAGE.glob("*/**/*.py")):
        name = path.relative_to(PACKAGE.parent).with_suffix("").as_posix().replace("/", ".")
        yield parse(name.removesuffix(".__init__"), path.read_text())


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the line and the dotted name of everything that a source imports, wherever it stands."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

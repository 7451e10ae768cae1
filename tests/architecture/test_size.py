"""Functions fit on a screen and files in the head."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import PACKAGE, Source, parse, sources

LONGEST_FUNCTION = 40
LONGEST_FILE = 600


def long_functions(source: Source) -> Iterator[str]:
    """Yield each function that is longer than the limit."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{source.name}:{node.lineno} {node.name} has {length} lines"


def test_functions_fit_on_a_screen() -> None:
    assert [
        fault for source in sources() if not source.is_migration for fault in long_functions(source)
    ] == []


def test_a_long_function_is_found() -> None:
    body = "    pass\n" * LONGEST_FUNCTION
    assert list(long_functions(parse("shaar.ledger.services", f"def long():\n{body}")))
    assert not list(long_functions(parse("shaar.ledger.services", f"def short():\n{body[9:]}")))


def test_files_stay_small() -> None:
    files = (path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
    assert [path for path in files if len(path.read_text().splitlines()) > LONGEST_FILE] == []

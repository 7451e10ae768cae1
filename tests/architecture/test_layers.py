"""Modules import only downward, and the check of it can fail."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

LINT = "import sys; sys.path.insert(0, '.'); from importlinter import cli; cli.lint_imports_command()"
CONTRACT = """
[importlinter]
root_package = shaar
[importlinter:contract:1]
name = layers
type = layers
containers = shaar
layers =
    reports
    cases | ui
    ledger
"""


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("ledger", "import shaar.reports"),
        ("cases", "import shaar.ui"),
        ("ledger", "from shaar.cases import inner"),
    ],
)
def test_an_import_upward_or_sideways_is_found(tmp_path: Path, module: str, statement: str) -> None:
    assert lint(tmp_path, {}) == 0
    assert lint(tmp_path, {module: statement}) == 1


def lint(directory: Path, statements: dict[str, str]) -> int:
    """Lint a small package in which these modules hold these statements."""
    for name in ("reports", "cases", "ui", "ledger"):
        package = directory / "shaar" / name
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text(statements.get(name, ""))
        (package / "inner.py").touch()
    (directory / "shaar" / "__init__.py").touch()
    (directory / ".importlinter").write_text(CONTRACT)
    return _lint(directory, "--config", str(directory / ".importlinter"))


def _lint(directory: Path, *arguments: str) -> int:
    command = [sys.executable, "-c", LINT, "--no-logo", "--no-cache", *arguments]
    return subprocess.run(command, cwd=directory, check=False).returncode


def test_the_modules_import_only_downward() -> None:
    assert _lint(ROOT) == 0

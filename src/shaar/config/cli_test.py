"""The command `test`: every check, then the test suite."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from shaar.config.browser import ensure_browser
from shaar.config.environment import ROOT

PYTHON = sys.executable
SETTINGS = "--settings=shaar.config.settings"
CHECKS: Mapping[str, Sequence[str]] = {
    "ruff check": (PYTHON, "-m", "ruff", "check", "."),
    "ruff format": (PYTHON, "-m", "ruff", "format", "--check", "."),
    "mypy": (PYTHON, "-m", "mypy"),
    "layers": (PYTHON, "-c", "from importlinter import cli; cli.lint_imports_command()", "--no-logo"),
    "migrations": (
        PYTHON,
        "-W",
        "ignore",
        "-m",
        "django",
        "makemigrations",
        "--check",
        "--dry-run",
        SETTINGS,
    ),
    "front-end types": ("node", "frontend/node_modules/typescript/bin/tsc", "--project", "frontend"),
}
# Servers that the environment may name, and the mark of the tests that run on each.
OTHER_SERVERS = {"SHAAR_TEST_DATABASE_URL": "database", "SHAAR_TEST_OLDEST_URL": "oldest"}
SUITE = ("-n", "auto", "--dist", "loadfile")


def run(arguments: Sequence[str]) -> int:
    """Run every check and test, or pytest alone where arguments name what to run."""
    os.environ["SHAAR_ENV"] = "test"
    os.environ["SHAAR_TEST_BROWSER"] = ensure_browser()
    chosen = [word for word in arguments if word != "--"]
    if chosen:
        return _pytest(chosen)
    failed = [name for name, command in CHECKS.items() if _section(name, command)]
    for variable, marker in OTHER_SERVERS.items():
        url = os.environ.get(variable)
        title = f"tests marked `{marker}`, on {variable}"
        if url and _section(title, (*SUITE, "-m", marker), url=url):
            failed.append(f"tests on {variable}")
    if _section("tests", SUITE, url=""):
        failed.append("tests")
    if failed:
        sys.stderr.write(f"shaar: failed: {', '.join(failed)}\n")
    return 1 if failed else 0


def _section(title: str, command: Sequence[str], *, url: str | None = None) -> int:
    """Run one check under its title; one with a database address (empty: embedded) is a run of pytest."""
    sys.stdout.write(f"\n== {title}\n")
    sys.stdout.flush()
    if url is not None:
        return _pytest(command, url=url)
    return subprocess.run(command, cwd=ROOT, env=_surroundings(), check=False).returncode


def _pytest(arguments: Sequence[str], *, url: str = "") -> int:
    surroundings = _surroundings() | ({"DATABASE_URL": url} if url else {})
    # Paths are given from the caller's directory, the suite is found from the root.
    here = Path.cwd() if Path.cwd().is_relative_to(ROOT) else ROOT
    command = (
        PYTHON,
        "-m",
        "pytest",
        f"--rootdir={ROOT}",
        f"--config-file={ROOT / 'pyproject.toml'}",
        *arguments,
    )
    return subprocess.run(command, cwd=here, env=surroundings, check=False).returncode


def _surroundings() -> dict[str, str]:
    """Return the environment of the checks: no database of the installation, and Node where set-up put it."""
    dropped = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    kept["PATH"] = f"{kept.get('PATH', os.defpath)}{os.pathsep}{Path(sys.executable).parent}"
    return kept

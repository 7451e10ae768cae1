"""The command `bench`: runs a benchmark from `bench/` on a database of its own."""

import argparse
import json
import os
import runpy
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shaar.config.console import CommandFailed, progress
from shaar.config.environment import ROOT

BENCHMARKS = ROOT / "bench"


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("bench", help="run a benchmark and print its figures")
    parser.add_argument("name", help="name of a file in bench/, without .py")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--facts", type=int, help="how many facts, for the benchmark of the ledger")
    parser.add_argument("arguments", nargs="*", help="passed on to the benchmark")
    parser.set_defaults(run=run, needs_database=False)


def run(arguments: argparse.Namespace) -> int:
    """Run `measure(arguments) -> dict` of one benchmark file and print what it returns."""
    if arguments.facts is not None:
        arguments.arguments.append(f"facts={arguments.facts}")
    path = BENCHMARKS / f"{arguments.name.replace('-', '_')}.py"
    if path.parent != BENCHMARKS or not path.is_file():
        known = (
            ", ".join(sorted(file.stem.replace("_", "-") for file in BENCHMARKS.glob("*.py"))) or "none yet"
        )
        raise CommandFailed(f"there is no benchmark {arguments.name}; known: {known}")
    with _scratch_installation():
        progress(f"measuring {arguments.name}")
        figures = runpy.run_path(str(path))["measure"](arguments.arguments)
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        for key, value in figures.items():
            print(f"{key}: {value}")
    return 0


@contextmanager
def _scratch_installation() -> Iterator[None]:
    """Give the benchmark an empty installation: its data never meet those of this one.

    SHAAR_BENCH_DATABASE_URL names a server to measure instead of the embedded one.
    """
    import django
    from django.core.management import call_command

    from shaar.config import database

    home = Path(tempfile.mkdtemp(prefix="shaar-bench-"))
    home.chmod(0o711)
    os.environ["SHAAR_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    server = database.EmbeddedServer(home)
    given = os.environ.get("SHAAR_BENCH_DATABASE_URL")
    try:
        if given is None:
            server.acquire()
        os.environ["DATABASE_URL"] = given or database.embedded_url(home)
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        _close_connections()
        server.release()
        database.remove_store(home)
        shutil.rmtree(home, ignore_errors=True)


def _close_connections() -> None:
    from django.apps import apps
    from django.db import connections

    if apps.ready:
        connections.close_all()
        for connection in connections.all(initialized_only=True):
            connection.close_pool()  # type: ignore[attr-defined]

"""The command `demo`: an installation with the pack and example data, served at once."""

import argparse
from typing import Any

from shaar.config import environment
from shaar.config.cli_serve import serve
from shaar.config.console import CommandFailed, progress


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("demo", help="load the Bishkek pack and example data, then serve them")
    parser.add_argument("--no-serve", action="store_true", help="stop after loading")
    parser.set_defaults(run=run, needs_database=False)


def run(arguments: argparse.Namespace) -> int:
    """Prepare the database, load every demonstration step and serve."""
    import django
    from django.core.management import call_command

    from shaar.config.database import ensure_database
    from shaar.config.demo import load_demo, mark

    if environment.name() == "production":
        raise CommandFailed(
            "the demonstration is refused in production; unset SHAAR_ENV or use another SHAAR_HOME"
        )
    progress("starting the database")
    ensure_database()
    django.setup()
    progress("preparing the tables")
    call_command("migrate", verbosity=0, interactive=False)
    for line in load_demo():
        print(line)
    mark()
    return 0 if arguments.no_serve else serve()

"""The command line of Shaar."""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence



def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(prog="./shaar", description=__doc__)
    parser.add_argument("--debug", action="store_true", help="show a traceback when a command fails")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    manage = commands.add_parser("manage", help="run a management command of Django", add_help=False)
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    manage.set_defaults(run=_manage)
    setup = commands.add_parser("setup", help="prepare everything Shaar needs")
    setup.set_defaults(run=lambda _: 0)
    return parser


def _manage(arguments: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    from shaar.config.database import ensure_database

    ensure_database()
    execute_from_command_line(["shaar manage", *arguments.arguments])
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 misused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shaar.config.settings")
    arguments = build_parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 the one place that turns any failure into one line
        if arguments.debug:
            traceback.print_exc()
        else:
            print(f"shaar: {error}", file=sys.stderr)
        return 1

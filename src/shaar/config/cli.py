"""The command line of Shaar: one place for everything an installation is asked to do."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence

from shaar.config import (
    cli_backup,
    cli_bench,
    cli_demo,
    cli_pack,
    cli_screenshots,
    cli_serve,
    cli_simulate,
    cli_test,
)
from shaar.config.commands import register_commands_of_modules
from shaar.config.console import CommandFailed
from shaar.config.database_account import DatabaseFailed
from shaar.config.environment import EnvironmentRefused
from shaar.config.translations import compile_stale_translations
from shaar.kernel.errors import Refusal

OWN_COMMANDS = (cli_demo, cli_serve, cli_pack, cli_bench, cli_screenshots, cli_simulate, cli_backup)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(prog="./shaar", description=__doc__, allow_abbrev=False)
    parser.add_argument("--debug", action="store_true", help="show a traceback when a command fails")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    setup = commands.add_parser("setup", help="prepare everything Shaar needs on this machine")
    setup.set_defaults(run=lambda _: 0, needs_database=False)
    commands.add_parser("test", help="run every check and test; arguments go to pytest")
    commands.add_parser("manage", help="run a management command of Django")
    for module in OWN_COMMANDS:
        module.register(commands)
    register_commands_of_modules(commands)
    return parser


def manage(arguments: Sequence[str]) -> int:
    """Run a management command of Django on the database of this installation."""
    from django.core.management import execute_from_command_line

    from shaar.config.database import ensure_database

    ensure_database()
    execute_from_command_line(["./shaar manage", *arguments])
    return 0


# These take every following argument as it is.
PASS_ON: dict[str, Callable[[Sequence[str]], int]] = {"manage": manage, "test": cli_test.run}


def run(argv: Sequence[str]) -> int:
    """Run one command and let its failure through."""
    compile_stale_translations()
    if argv and argv[0] in PASS_ON:
        return PASS_ON[argv[0]](argv[1:])
    arguments = build_parser().parse_args(argv)
    needed = getattr(arguments, "needs_database", True)
    if needed(arguments) if callable(needed) else needed:
        _set_up()
    return int(arguments.run(arguments))


def _set_up() -> None:
    import django

    from shaar.config.database import ensure_database

    ensure_database()
    django.setup()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 misused."""
    words = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shaar.config.settings")
    is_debug = "--debug" in words
    try:
        return run([word for word in words if word != "--debug"])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 the one place that turns any failure into one line
        if is_debug:
            traceback.print_exc()
        else:
            print(f"shaar: {one_line(error)}", file=sys.stderr)
        return 1


# What a person can be told: the sentence is enough, and no traceback would add to it.
TOLD = (CommandFailed, DatabaseFailed, EnvironmentRefused, Refusal)


def one_line(error: Exception) -> str:
    """Return what went wrong as one line."""
    text = " ".join(str(error).split())
    if isinstance(error, TOLD):
        return text
    return f"{text or type(error).__name__} (run again with --debug to see where)"

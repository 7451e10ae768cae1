"""The commands `pack check`, which never touches the database, and `pack load`."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    """Add both commands."""
    parser = commands.add_parser("pack", help="check a city pack, or load it")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, help_text, run in (
        ("check", "list what is wrong with a pack", check),
        ("load", "load a pack, or what changed in it, into this installation", load),
    ):
        action = actions.add_parser(name, help=help_text)
        action.add_argument("pack", type=Path, help="directory of the pack, for example packs/bishkek")
        action.set_defaults(run=run)


def check(arguments: argparse.Namespace) -> int:
    """Print one line for each thing that is wrong, and return 1 if there is any."""
    from shaar.config.pack import check_pack

    return _told(check_pack(arguments.pack), f"are wrong in {arguments.pack}")


def load(arguments: argparse.Namespace) -> int:
    """Print what changed; a pack with anything wrong in it changes nothing and returns 1."""
    from shaar.config.cli_serve import refuse_old_tables
    from shaar.config.pack import check_pack, load_pack
    from shaar.kernel.errors import Refusal

    refuse_old_tables()
    ending = f"are wrong in {arguments.pack}; nothing was loaded"
    if _told(check_pack(arguments.pack), ending):
        return 1
    try:
        changes = load_pack(arguments.pack)
    except Refusal as refusal:
        return _told(map(str, refusal.problems), ending)
    for change in changes:
        print(change)
    if not changes:
        print("Nothing has changed since this pack was loaded.")
    return 0


def _told(faults: Iterable[str], ending: str) -> int:
    count = 0
    for count, fault in enumerate(faults, start=1):  # noqa: B007 - the count is told
        print(" ".join(fault.split()))
    if count:
        print(f"shaar: {count} things {ending}", file=sys.stderr)
    return 1 if count else 0

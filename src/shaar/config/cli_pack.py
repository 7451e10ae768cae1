"""The command `pack check`: validates a city pack without touching the database."""

import argparse
import sys
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("pack", help="work with a city pack")
    check = parser.add_subparsers(dest="action", required=True, metavar="ACTION").add_parser(
        "check", help="list what is wrong with a pack"
    )
    check.add_argument("pack", type=Path, help="directory of the pack, for example packs/bishkek")
    check.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one line for each thing that is wrong, and return 1 if there is any."""
    from shaar.config.pack import check_pack

    faults = list(check_pack(arguments.pack))
    for fault in faults:
        print(fault)
    if faults:
        print(f"shaar: {len(faults)} things are wrong in {arguments.pack}", file=sys.stderr)
    return 1 if faults else 0

"""The command `geo build`: the full base map from an OpenStreetMap extract."""

import argparse
import sys
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("geo", help="make the base map of the installation")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = actions.add_parser("build", help="make tiles, street list and road graph from an extract")
    build.add_argument("--osm", required=True, type=Path, metavar="FILE", help="such as city.osm.pbf")
    build.add_argument("--out", type=Path, metavar="DIR", help="by default geo/ of SHAAR_HOME")
    build.set_defaults(run=run, needs_database=False)


def run(arguments: argparse.Namespace) -> int:
    """Build the base map and print what it holds."""
    import django

    django.setup()
    from shaar.kernel import clock
    from shaar.maps.building.build import build
    from shaar.maps.tileset import directory

    built = build(arguments.osm, arguments.out or directory(), at=clock.now(), told=_tell)
    print(f"{built.directory}: {', '.join(f'{count} {name}' for name, count in built.counts.items())}")
    graph = f"a road graph of {built.nodes} nodes and {built.arcs} arcs"
    print(f"{built.streets} streets and places by name, {graph}")
    return 0


def _tell(text: str) -> None:
    if sys.stderr.isatty():
        print(f"shaar: {text}", file=sys.stderr)

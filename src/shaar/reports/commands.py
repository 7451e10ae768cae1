"""The command `report`: writes a programme's annual report in every format and language."""

import argparse
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("report", help="write the annual report of a programme")
    parser.add_argument("--programme", required=True, help="code of the programme, for example bishkek-2026")
    parser.add_argument("--year", required=True, type=int)
    parser.add_argument("--out", required=True, type=Path, help="directory for the files")
    parser.add_argument("--edition", type=int, help="number of a published edition; the newest by default")
    parser.add_argument("--draft", action="store_true", help="write what the data say now, unpublished")
    parser.add_argument("--lang", choices=("ru", "ky"), help="one language only")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the files and print their names."""
    from shaar.reports.delivery import report_files

    files = report_files(
        arguments.programme,
        arguments.year,
        number=arguments.edition,
        language=arguments.lang,
        is_draft=arguments.draft,
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = arguments.out / name
        path.write_bytes(content)
        print(path)
    return 0

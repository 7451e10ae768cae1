"""The commands of reports: `report` writes a programme's annual report, `check-text` proofreads any text."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shaar.reports.proofreading import Proof


def register(commands: Any) -> None:
    """Add the commands."""
    parser = commands.add_parser("report", help="write the annual report of a programme")
    parser.add_argument("--programme", required=True, help="code of the programme, for example bishkek-2026")
    parser.add_argument("--year", required=True, type=int)
    parser.add_argument("--out", required=True, type=Path, help="directory for the files")
    parser.add_argument("--edition", type=int, help="number of a published edition; the newest by default")
    parser.add_argument("--draft", action="store_true", help="write what the data say now, unpublished")
    parser.add_argument("--lang", choices=("ru", "ky"), help="one language only")
    parser.set_defaults(run=run)
    register_check_text(commands)


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


def register_check_text(commands: Any) -> None:
    """Add the command `check-text`."""
    parser = commands.add_parser("check-text", help="check the figures of a report: DOCX, PDF, HTML or text")
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--json", action="store_true", help="print what docs/check-text.schema.json describes"
    )
    parser.add_argument("--lang", choices=("ru", "ky", "en"), default="ru", help="language of the findings")
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="write the text with its findings as a page"
    )
    parser.add_argument("--docx", type=Path, metavar="FILE", help="write it as a document with comments")
    parser.add_argument(
        "--programme", metavar="CODE", help="compare the figures with the ledger, for example bishkek-2026"
    )
    parser.add_argument(
        "--year", type=int, help="year of the figures that name none; by default the one that the title names"
    )
    parser.set_defaults(run=check_text, needs_database=lambda given: given.programme is not None)


def check_text(arguments: argparse.Namespace) -> int:
    """Print the findings; 0 means no errors, 1 errors were found, 2 the file cannot be checked."""
    from shaar.reports.proofreading import Severity, Unreadable, check

    try:
        with arguments.file.open("rb") as stream:
            proof = check(stream, name=arguments.file.name)
    except Unreadable as refusal:
        print(f"shaar: {arguments.file.name}: {refusal.messages[arguments.lang]}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"shaar: {arguments.file.name}: {error.strerror}", file=sys.stderr)
        return 2
    _write_annotated(proof, arguments)
    print(_told(proof, arguments))
    return 1 if proof.count(Severity.ERROR) else 0


def _told(proof: "Proof", arguments: argparse.Namespace) -> str:
    """Return what is printed: the findings, and how the figures stand to the ledger where that was asked."""
    from shaar.reports.proofreading.as_json import as_json
    from shaar.reports.proofreading.printing import printed

    if arguments.programme is None:
        return as_json(proof) if arguments.json else printed(proof, language=arguments.lang)
    from shaar.reports.proofreading.match import year_of_title
    from shaar.reports.proofs.ledger import compare
    from shaar.reports.proofs.telling import matches_data, matches_printed

    compared = compare(proof, arguments.programme, year=arguments.year or year_of_title(proof))
    if arguments.json:
        return as_json(proof, matches=matches_data(compared))
    told = matches_printed(proof, compared, language=arguments.lang)
    return f"{printed(proof, language=arguments.lang)}\n\n{told}"


def _write_annotated(proof: "Proof", arguments: argparse.Namespace) -> None:
    from shaar.reports.proofreading.as_docx import as_docx
    from shaar.reports.proofreading.as_html import as_html

    if arguments.html is not None:
        arguments.html.write_text(as_html(proof, language=arguments.lang), encoding="utf-8")
    if arguments.docx is not None:
        source = arguments.file.read_bytes() if proof.format == "docx" else None
        arguments.docx.write_bytes(as_docx(proof, source=source, language=arguments.lang))

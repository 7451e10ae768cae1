"""The commands `reconcile` and `trace`."""

import argparse
import json
from typing import Any


def register(commands: Any) -> None:
    """Add the commands."""
    reconcile = commands.add_parser(
        "reconcile", help="list what the validation rules find in a year's figures"
    )
    reconcile.add_argument("--programme", help="only the indicators of this programme")
    reconcile.add_argument("--year", type=int, required=True)
    reconcile.add_argument(
        "--json", action="store_true", help="print one JSON object (docs/modules/indicators.md)"
    )
    reconcile.set_defaults(run=run_reconcile)
    trace = commands.add_parser("trace", help="show a figure and the facts under it")
    trace.add_argument("indicator", help="code of the indicator")
    trace.add_argument(
        "--period", required=True, help="2022, 2022-H1, 2022-Q3, 2022-07, 2022-07-14 or 2022-01-01/2022-09-30"
    )
    trace.add_argument("--unit", help="only this unit and those under it")
    trace.add_argument("--territory", help="only this territory and those in it")
    trace.add_argument(
        "--json", action="store_true", help="print one JSON object (docs/modules/indicators.md)"
    )
    trace.set_defaults(run=run_trace)


def run_reconcile(arguments: argparse.Namespace) -> int:
    """Print the findings, then how many figures were confirmed; findings do not make the command fail."""
    from shaar.indicators import api, documents
    from shaar.kernel.periods import Period

    period = Period.year(arguments.year)
    codes = None
    if arguments.programme:
        codes = api.scope_codes("programme", arguments.programme, year=arguments.year)
    found = api.findings(codes, period)
    counted = len(api.passports() if codes is None else codes)
    document = documents.reconcile(
        found, programme=arguments.programme, year=arguments.year, indicators=counted
    )
    if arguments.json:
        _print_json(document)
        return 0
    for one in found:
        if one.outcome is api.Outcome.FINDING:
            rows = f" [{', '.join(one.rows)}]" if one.rows else ""
            print(f"{one.severity} {one.rule}{rows}: {one.message.ru}")
    summary = document["summary"]
    print(f"findings: {summary['findings']}, confirmed: {summary['confirmed']}")
    return 0


def run_trace(arguments: argparse.Namespace) -> int:
    """Print a figure, the steps of its formula and the facts under it."""
    from shaar.indicators import api, documents
    from shaar.kernel.periods import Period

    period = Period.parse(arguments.period)
    found = api.trace(arguments.indicator, period, unit=arguments.unit, territory=arguments.territory)
    if arguments.json:
        _print_json(documents.of_trace(found))
        return 0
    symbol = api.measure(found.passport.measure).symbol.ru
    name, value = found.passport.name.ru, found.value
    print(f"{name}, {period.name('ru')}: {_quantity(value.quantity)} {symbol} ({value.state})")
    for step in found.steps:
        print(f"  {step.expression} = {_quantity(step.quantity)}")
    for fact in found.history:
        mark = "" if fact.is_counted else " (not counted)"
        papers = "; ".join(f"{one.title or one.ref}, {one.place}" for one in fact.evidence)
        where = f"{fact.period} {fact.unit} {fact.territory}"
        print(f"  fact {fact.id} {where} {_quantity(fact.quantity)}{mark}: {papers}")
    for finding in found.findings:
        print(f"  {finding.outcome} {finding.rule}: {finding.message.ru}")
    return 0


def _quantity(quantity: Any) -> str:
    from shaar.kernel.writing import format_quantity

    return "—" if quantity is None else format_quantity(quantity, "ru")


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))

"""Writes a proof as JSON after docs/check-text.schema.json."""

import json
from decimal import Decimal
from typing import Any

from shaar.reports.proofreading.findings import Finding, Proof, Severity, Spot, StatedFigure

SCHEMA = "shaar.check-text.v1"


def as_json(proof: Proof, *, matches: dict[str, Any] | None = None) -> str:
    """Return the proof as JSON, numbers as strings; `matches` says how its figures stand to the ledger."""
    asked = {} if matches is None else {"matches": matches}
    return json.dumps({**as_data(proof), **asked}, ensure_ascii=False, indent=2)


def as_data(proof: Proof) -> dict[str, Any]:
    """Return the proof as plain data."""
    return {
        "schema": SCHEMA,
        "name": proof.name,
        "format": proof.format,
        "totals": {
            "figures": len(proof.quantities),
            "relations_checked": proof.relations_checked,
            **{severity.value: proof.count(severity) for severity in Severity},
        },
        "findings": [_finding(finding) for finding in proof.findings],
        "figures": [_figure(figure) for figure in proof.figures],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "key": finding.key,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.messages,
        "facts": finding.facts,
        "spots": [_spot(spot) for spot in finding.spots],
    }


def _figure(figure: StatedFigure) -> dict[str, Any]:
    return {
        "written": figure.written,
        "kind": figure.kind,
        "value": _number(figure.value),
        "upper": _number(figure.upper),
        "qualifier": figure.qualifier,
        "unit": figure.unit,
        "scale": figure.scale,
        "noun": figure.noun,
        "attributes": list(figure.attributes),
        "places": list(figure.places),
        "period": figure.period,
        "role": figure.role,
        "readings": [_number(value) for value in figure.readings],
        "spot": _spot(figure.spot),
    }


def _spot(spot: Spot) -> dict[str, Any]:
    where = {"table": spot.table, "row": spot.row, "column": spot.column}
    return {
        "line": spot.line,
        "page": spot.page,
        **({} if spot.table is None else where),
        "passage": spot.passage,
        "start": spot.start,
        "end": spot.end,
        "quote": spot.quote,
    }


def _number(value: Decimal | None) -> str | None:
    if value is None:
        return None
    return format(
        value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize(), "f"
    )

"""Renders a report as JSON: every figure with its row, trace and sources.

The form is docs/report.schema.json.
"""

import json
from decimal import Decimal
from typing import Any

from shaar.kernel.periods import Period
from shaar.reports import wording
from shaar.reports.composing import Imprint
from shaar.reports.documents import BulletList, Document, Heading, Paragraph, plain
from shaar.reports.snapshot import Figure, Finding, Snapshot


def render_json(snapshot: Snapshot, document: Document, imprint: Imprint) -> bytes:
    """Return the report as JSON, indented, with a fixed order of keys."""
    data = {
        "programme": snapshot.programme,
        "year": snapshot.year,
        "language": document.language,
        "title": document.title,
        "edition": imprint.number,
        "hash": imprint.hash,
        "taken_at": snapshot.taken_at.isoformat(),
        "figures": [_figure(figure, snapshot, document, imprint) for figure in snapshot.figures],
        "findings": [_finding(finding, document.language) for finding in snapshot.findings],
        "sections": _sections(document),
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _figure(figure: Figure, snapshot: Snapshot, document: Document, imprint: Imprint) -> dict[str, Any]:
    language = document.language
    plan = snapshot.figure(figure.plan, figure.period) if figure.plan else None
    return {
        "row_id": figure.row,
        "indicator": figure.indicator,
        "name": figure.name.of(language),
        "period": figure.period,
        "period_name": Period.parse(figure.period).name(language),
        "unit": figure.unit.of(language),
        "owner": figure.owner,
        "territory": figure.territory,
        "state": figure.state,
        "value": _number(figure.value),
        "upper": _number(figure.upper),
        "qualifier": figure.qualifier.value,
        "as_written": figure.as_written,
        "text": wording.phrase(figure, language),
        "plan": None if plan is None else {"indicator": plan.indicator, "value": _number(plan.value)},
        "trace_url": imprint.trace_url(figure.indicator, figure.period),
        "sources": [
            {
                "kind": source.kind,
                "ref": source.ref,
                "title": source.title,
                "place": source.place,
                "sha256": source.sha256,
            }
            for source in figure.sources
        ],
        "findings": [finding.key for finding in snapshot.findings_of.get(figure.indicator, ())],
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "key": finding.key,
        "rule": finding.rule,
        "outcome": finding.outcome,
        "severity": finding.severity,
        "indicators": finding.indicators,
        "rows": finding.rows,
        "period": finding.period,
        "message": finding.message.of(language),
        "answer": finding.answer,
    }


def _number(value: Decimal | None) -> str | None:
    """Return a number as a string of digits: JSON numbers would pass through binary fractions."""
    return None if value is None else format(value, "f")


def _sections(document: Document) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = []
    for block in document.body:
        match block:
            case Heading(level=level, text=text, anchor=anchor):
                sections.append({"level": level, "heading": text, "anchor": anchor, "paragraphs": []})
            case Paragraph(inlines=inlines):
                _section(sections, document)["paragraphs"].append(plain(inlines))
            case BulletList(items=items):
                _section(sections, document)["paragraphs"] += [plain(item) for item in items]
    return sections


def _section(sections: list[dict[str, Any]], document: Document) -> dict[str, Any]:
    if not sections:
        sections.append({"level": 0, "heading": document.title, "anchor": "", "paragraphs": []})
    return sections[-1]

"""A whole plan as plain data: read from the tables, as rows of a workbook, and made of such rows again."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from shaar.kernel.texts import Text
from shaar.programme import models, queries
from shaar.programme.outcomes import FundingData, IndicatorData, MeasureData, SourceView, TargetData

NOT_IN_XML = re.compile("[^\\t\\n\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
Value: TypeAlias = str | int | Decimal | None
Row: TypeAlias = dict[str, Value]
Rows: TypeAlias = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class NodeData:
    """A branch of the plan; `parent` is the code of the branch above, or empty."""

    code: str
    kind: str
    parent: str
    number: int
    name: Text


@dataclass(frozen=True, slots=True)
class PlanData:
    """A whole plan: its branches and its measures in order."""

    nodes: tuple[NodeData, ...]
    measures: tuple[MeasureData, ...]


def plan_in_force(row: models.Programme) -> PlanData:
    """Return the plan as its newest revision leaves it, without measures that were cancelled."""
    nodes = row.nodes.select_related("parent").order_by("parent__number", "number")
    versions = queries.versions_on(row, date.max).filter(is_cancelled=False)
    return PlanData(
        tuple(NodeData(n.code, n.kind, n.parent.code if n.parent else "", n.number, n.name) for n in nodes),
        tuple(queries.measure_data(one) for one in versions),
    )


# Rows of a workbook -----------------------------------------------------------------------------------------
def rows_of(plan: PlanData) -> Rows:
    """Return a plan as the rows of each sheet."""
    rows: Rows = {"nodes": [_node_row(one) for one in plan.nodes]}
    rows |= {key: [] for key in ("measures", "funding", "indicators", "targets")}
    for one in plan.measures:
        rows["measures"].append(_measure_row(one))
        rows["funding"] += [
            {"measure": one.code, "source": tidy(m.source), "year": m.year, "amount": m.amount,
             "currency": m.currency}
            for m in one.funding
        ]  # fmt: skip
        for link in one.indicators:
            of = {"measure": one.code, "indicator": link.code}
            rows["indicators"].append(
                {**of, "baseline": link.baseline, "baseline_period": link.baseline_period}
            )
            rows["targets"] += [
                {**of, "period": target.period, "value": target.value, **_texts("note", target.note, "ru ky")}
                for target in link.targets
            ]
    return rows


def tidy(text: str) -> str:
    """Return a text as a cell can hold it: line ends alike, no space around it, no control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return NOT_IN_XML.sub("", lines).strip()


def _texts(name: str, text: Text, languages: str = "ru ky en") -> Row:
    return {f"{name}_{one}": tidy(getattr(text, one)) for one in languages.split()}


def _node_row(one: NodeData) -> Row:
    known: Row = {"code": one.code, "kind": one.kind, "parent": one.parent, "number": one.number}
    return known | _texts("name", one.name)


def _measure_row(one: MeasureData) -> Row:
    known: Row = {
        "code": one.code,
        "number": tidy(one.number),
        "node": one.node,
        "period": one.period,
        "responsible": "; ".join(one.responsible),
        "co_responsible": "; ".join(one.co_responsible),
    }
    return (
        known
        | _texts("text", one.text)
        | _texts("expected", one.expected)
        | _texts("note", one.note, "ru ky")
    )


# A plan of rows ---------------------------------------------------------------------------------------------
def plan_of(rows: Mapping[str, Iterable[Row]]) -> PlanData:
    """Make a plan of the rows of a workbook; the rows fit together and have what they must."""
    money: dict[Value, list[FundingData]] = defaultdict(list)
    targets: dict[tuple[Value, Value], list[TargetData]] = defaultdict(list)
    links: dict[Value, list[IndicatorData]] = defaultdict(list)
    for row in rows["funding"]:
        money[row["measure"]].append(
            FundingData(str(row["source"]), _whole(row["year"]), _number(row["amount"]), str(row["currency"]))
        )
    for row in rows["targets"]:
        targets[row["measure"], row["indicator"]].append(
            TargetData(str(row["period"]), _number(row["value"]), _text(row, "note"))
        )
    for row in rows["indicators"]:
        links[row["measure"]].append(
            IndicatorData(
                str(row["indicator"]),
                _number(row["baseline"]) if row["baseline"] is not None else None,
                str(row["baseline_period"] or ""),
                tuple(sorted(targets[row["measure"], row["indicator"]], key=lambda one: one.period)),
            )
        )
    return PlanData(
        tuple(_node(row) for row in rows["nodes"]),
        tuple(_measure(row, links[row["code"]], money[row["code"]]) for row in rows["measures"]),
    )


def _node(row: Row) -> NodeData:
    return NodeData(
        str(row["code"]),
        str(row["kind"]),
        str(row["parent"] or ""),
        _whole(row["number"]),
        _text(row, "name"),
    )


def _measure(row: Row, links: list[IndicatorData], money: list[FundingData]) -> MeasureData:
    return MeasureData(
        code=str(row["code"] or ""),
        node=str(row["node"] or ""),
        text=_text(row, "text"),
        period=str(row["period"] or ""),
        number=str(row["number"] or ""),
        expected=_text(row, "expected"),
        note=_text(row, "note"),
        responsible=codes_of(row["responsible"]),
        co_responsible=codes_of(row["co_responsible"]),
        indicators=tuple(links),
        funding=tuple(sorted(money, key=lambda one: (one.source, one.year, one.currency))),
    )


def codes_of(value: Value) -> tuple[str, ...]:
    """Return the codes that a cell lists."""
    parts = (part.strip() for part in str(value or "").replace("\n", ";").split(";"))
    return tuple(part for part in parts if part)


def with_sources(wanted: MeasureData, before: MeasureData | None) -> MeasureData:
    """Return a measure whose unchanged targets keep the place where they were read."""
    if before is None:
        return wanted
    held = {(link.code, one.period, one.value): one for link in before.indicators for one in link.targets}

    def sourced(link: IndicatorData) -> IndicatorData:
        found = (_sourced(one, held.get((link.code, one.period, one.value))) for one in link.targets)
        return replace(link, targets=tuple(found))

    return replace(wanted, indicators=tuple(sourced(link) for link in wanted.indicators))


def _sourced(target: TargetData, held: TargetData | None) -> TargetData:
    source = held.source if held else SourceView()
    return replace(target, source=source)


def _text(row: Row, name: str) -> Text:
    return Text(*(str(row.get(f"{name}_{one}") or "") for one in ("ru", "ky", "en")))


def _whole(value: Value) -> int:
    return int(value or 0)


def _number(value: Value) -> Decimal:
    return Decimal(value or 0)

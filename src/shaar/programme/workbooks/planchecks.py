"""Judges a plan that was read from a workbook: what it changes in the plan in force, and what is wrong."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from django.utils.translation import gettext as _

from shaar.kernel.errors import Place, Refusal
from shaar.kernel.periods import Period
from shaar.programme import models
from shaar.programme.outcomes import Difference, MeasureData
from shaar.programme.planning import Known, problems_of
from shaar.programme.workbooks import plansheets as sheets
from shaar.programme.workbooks.plandata import (
    NodeData,
    PlanData,
    Row,
    Value,
    plan_of,
    rows_of,
    with_sources,
)
from shaar.programme.workbooks.planreading import ReadPlan, ReadSheet

SLUG = re.compile(r"[-a-zA-Z0-9_]+")
PARTS = ("measures", "funding", "indicators", "targets")
Key: TypeAlias = tuple[Value, ...]


@dataclass(slots=True)
class Judged:
    """What a workbook would change and what is wrong with it; one with problems is not written.

    `order` is the branch and code of each measure as the rows stand.
    """

    differences: list[Difference] = field(default_factory=list)
    problems: list[Refusal] = field(default_factory=list)
    new_nodes: list[NodeData] = field(default_factory=list)
    renamed: list[NodeData] = field(default_factory=list)
    added: list[MeasureData] = field(default_factory=list)
    changed: list[MeasureData] = field(default_factory=list)
    removed: list[MeasureData] = field(default_factory=list)
    order: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether the workbook says what the plan says already."""
        return not (self.new_nodes or self.renamed or self.added or self.changed or self.removed)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many measures and branches are added, changed and removed."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
            "nodes": len(self.new_nodes) + len(self.renamed),
            "cells": len(self.differences),
        }


def judge(read: ReadPlan, now: PlanData, *, programme: models.Programme, known: Known) -> Judged:
    """Compare a workbook with the plan in force; what does not change is not judged again."""
    if not read.is_whole:
        return Judged(problems=read.problems)
    return _Judging(read, now, programme, known).run()


class _Judging:
    """One comparison with its indexes."""

    def __init__(self, read: ReadPlan, now: PlanData, programme: models.Programme, known: Known) -> None:
        self.read, self.now, self.known = read, now, known
        self.years = (programme.first_year, programme.last_year)
        self.judged = Judged(problems=list(read.problems))
        self.before = {key: _indexed(sheet, rows_of(now)[key]) for key, sheet in BY_KEY.items()}
        self.found = {key: self._index(sheet) for key, sheet in BY_KEY.items()}
        self.touched: set[Value] = set()

    def run(self) -> Judged:
        for sheet in sheets.SHEETS:
            self._compare(sheet)
        self._references()
        self._nodes()
        self._measures()
        return self.judged

    def _index(self, sheet: sheets.Sheet) -> dict[Key, int]:
        """Return where each row stands; a row told apart by nothing from another is a problem."""
        source = self.read.sheets[sheet.key]
        found: dict[Key, int] = {}
        for index, row in enumerate(source.rows):
            key = tuple(row[one] for one in sheet.identity)
            if any(row[one] is None for one in sheet.identity):
                continue
            if key in found:
                named = ", ".join(str(part) for part in key)
                message = _("“%(key)s” stands twice: also in row %(row)d.") % {
                    "key": named, "row": source.numbers[found[key]]
                }  # fmt: skip
                self._tell("doubled_code", message, source.place(index, sheet.identity[-1]))
                self.read.wrong.add((sheet.key, index))
            else:
                found[key] = index
        return found

    def _tell(self, code: str, message: str, place: Place) -> None:
        self.judged.problems.append(Refusal(code, message, place=place))

    # Differences --------------------------------------------------------------------------------------------
    def _compare(self, sheet: sheets.Sheet) -> None:
        source, before = self.read.sheets[sheet.key], self.before[sheet.key]
        for key, index in self.found[sheet.key].items():
            was, row = before.get(key, {}), source.rows[index]
            cells = [one.key for one in sheet.columns if was.get(one.key) != row[one.key]]
            kind = "changed" if was else "added"
            shown = [one for one in cells if was or row[one] not in ("", None)]
            for column in shown:
                place = source.place(index, column)
                self._differ(sheet, key, place.cell or "", was.get(column), row[column], kind)
            if cells:
                self.touched.add(key[0])
        for key, row in before.items():
            if key not in self.found[sheet.key]:
                self.touched.add(key[0])
                about = row.get("text_ru") or row.get("amount") or row.get("value") or row.get("baseline")
                self._differ(sheet, key, "", about, None, "removed")

    def _differ(
        self, sheet: sheets.Sheet, key: Key, cell: str, was: Value, becomes: Value, kind: str
    ) -> None:
        title = self.read.sheets[sheet.key].title
        about = ", ".join(str(part) for part in key)
        self.judged.differences.append(
            Difference(title, cell, about, shown(was), shown(becomes), kind)
        )  # fmt: skip

    # What is wrong ------------------------------------------------------------------------------------------
    def _references(self) -> None:
        """Tell the rows that belong to no measure, and the targets that belong to no indicator.

        What is left of a measure that is taken out of the plan goes with it.
        """
        codes = {row["code"] for row in self.read.sheets["measures"].rows}
        codes |= {one.code for one in self.now.measures}
        links = {_link(row) for row in self.read.sheets["indicators"].rows}
        for key in PARTS[1:]:
            source = self.read.sheets[key]
            for index, row in enumerate(source.rows):
                if row["measure"] is not None and row["measure"] not in codes:
                    message = _("There is no measure “%(code)s”.") % {"code": row["measure"]}
                    self._tell("unknown_measure", message, source.place(index, "measure"))
                elif key == "targets" and row["indicator"] is not None and _link(row) not in links:
                    message = _("The measure “%(code)s” has no such indicator on its sheet.")
                    told = message % {"code": row["measure"]}
                    self._tell("unknown_link", told, source.place(index, "indicator"))

    def _nodes(self) -> None:
        source, before = self.read.sheets["nodes"], {one.code: one for one in self.now.nodes}
        for (code,), index in self.found["nodes"].items():
            if ("nodes", index) in self.read.wrong:
                continue
            wanted = _node_of(source.rows[index])
            held = before.get(str(code))
            if held is None:
                self._new_node(wanted, source, index)
            elif code in self.touched:
                for name in ("kind", "parent", "number"):
                    if getattr(held, name) != getattr(wanted, name):
                        self._tell("branch_moved", _("A branch of the plan cannot be moved or renumbered."),
                                   source.place(index, name))  # fmt: skip
                self.judged.renamed.append(wanted)
        for missing in before.keys() - {row["code"] for row in source.rows}:
            message = _("The branch “%(code)s” is missing: branches of a plan stay.") % {"code": missing}
            self._tell("branch_missing", message, Place(sheet=source.title, cell="A2"))

    def _new_node(self, wanted: NodeData, source: ReadSheet, index: int) -> None:
        rows = source.rows
        above = {row["code"]: row["parent"] for row in rows}
        if not SLUG.fullmatch(wanted.code):
            self._tell("malformed_code", _("A code has Latin letters, figures and hyphens only."),
                       source.place(index, "code"))  # fmt: skip
        if wanted.parent and (wanted.parent not in above or _is_circular(wanted.code, above)):
            message = _("The plan has no branch “%(value)s”.") % {"value": wanted.parent}
            self._tell("unknown_node", message, source.place(index, "parent"))
        if wanted.kind == models.NodeKind.TASK and not wanted.parent:
            self._tell("task_without_branch", _("A task stands under another branch: name it."),
                       source.place(index, "parent"))  # fmt: skip
        same = [
            row for row in rows if all(row[one] == rows[index][one] for one in ("kind", "parent", "number"))
        ]
        if len(same) > 1:
            self._tell("doubled_number", _("Another branch has this number already."),
                       source.place(index, "number"))  # fmt: skip
        if not wanted.name.ru:
            self._tell(
                "missing_value", _("The branch has no name in Russian."), source.place(index, "name_ru")
            )
        self.judged.new_nodes.append(wanted)

    def _measures(self) -> None:
        """Sort the measures into those that are added, changed and removed, and judge the first two."""
        good = {key: self._good_rows(key) for key in BY_KEY}
        wanted = {one.code: one for one in plan_of(good).measures}
        held = {one.code: one for one in self.now.measures}
        places = self._places()
        nodes = {one.code: models.PlanNode(code=one.code) for one in self.judged.new_nodes}
        known = replace(self.known, nodes={**nodes, **self.known.nodes})
        self.judged.order = [(one.node, one.code) for one in wanted.values()]
        for code, data in wanted.items():
            if code not in self.touched:
                continue
            self._judge_measure(data, known, places.get(code, {}), is_new=code not in held)
            into = self.judged.changed if code in held else self.judged.added
            into.append(with_sources(data, held.get(code)))
        named = {row["code"] for row in self.read.sheets["measures"].rows}
        self.judged.removed = [one for code, one in held.items() if code not in named]

    def _good_rows(self, key: str) -> list[Row]:
        source = self.read.sheets[key]
        return [row for index, row in enumerate(source.rows) if (key, index) not in self.read.wrong]

    def _judge_measure(
        self, data: MeasureData, known: Known, places: Mapping[str, Place], *, is_new: bool
    ) -> None:
        problems = problems_of(data, known, places=places)
        self.judged.problems += problems
        if is_new and not SLUG.fullmatch(data.code):
            self._tell("malformed_code", _("A code has Latin letters, figures and hyphens only."),
                       places["code"])  # fmt: skip
        for name, period in _periods(data):
            if (span := _period(period)) is None:
                if name.startswith("baseline"):
                    self._tell("malformed_period", _("“%(value)s” is not a period.") % {"value": period},
                               places[name])  # fmt: skip
            elif not name.startswith("baseline") and not self._is_inside(span):
                message = _("%(period)s is outside the years of the programme, %(first)d–%(last)d.")
                years = {"period": period, "first": self.years[0], "last": self.years[1]}
                self._tell("period_outside", message % years, places[name])

    def _is_inside(self, span: Period) -> bool:
        first, last = self.years
        return span.start is not None and first <= span.start.year and span.end.year <= last

    def _places(self) -> dict[Value, dict[str, Place]]:
        """Return by measure where each of its parts stands, named as `problems_of` names them."""
        found: dict[Value, dict[str, Place]] = {}
        for key in PARTS:
            source = self.read.sheets[key]
            for index, row in enumerate(source.rows):
                code = row["code" if key == "measures" else "measure"]
                if code in self.touched:
                    found.setdefault(code, {}).update(_names(key, row, source, index))
        return found


BY_KEY = {one.key: one for one in sheets.SHEETS}


def shown(value: Value) -> str:
    """Return a value as a difference shows it."""
    if value is None:
        return ""
    if isinstance(value, str | int):
        return str(value)
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _link(row: Row) -> Key:
    return row["measure"], row["indicator"]


def _indexed(sheet: sheets.Sheet, rows: Iterable[Row]) -> dict[Key, Row]:
    return {tuple(row[one] for one in sheet.identity): row for row in rows}


def _names(key: str, row: Row, source: ReadSheet, index: int) -> Iterator[tuple[str, Place]]:
    if key == "measures":
        for column in ("code", "text_ru", "node", "period", "responsible", "co_responsible"):
            yield column, source.place(index, column)
    elif key == "funding":
        named = f"{row['source']} {row['year']} {row['currency']}"
        yield f"funding {named}", source.place(index, "amount")
        yield f"year {named}", source.place(index, "year")
    elif key == "indicators":
        yield f"indicators {row['indicator']}", source.place(index, "indicator")
        yield f"baseline {row['indicator']}", source.place(index, "baseline_period")
    else:
        yield f"targets {row['indicator']} {row['period']}", source.place(index, "period")


def _periods(data: MeasureData) -> Iterator[tuple[str, str]]:
    yield "period", data.period
    for one in data.funding:
        yield f"year {one.source} {one.year} {one.currency}", f"{one.year:04d}"
    for link in data.indicators:
        if link.baseline_period:
            yield f"baseline {link.code}", link.baseline_period
        for target in link.targets:
            yield f"targets {link.code} {target.period}", target.period


def _period(code: str) -> Period | None:
    try:
        return Period.parse(code)
    except Refusal:
        return None


def _node_of(row: Row) -> NodeData:
    return plan_of({"nodes": [row], "measures": [], "funding": [], "indicators": [], "targets": []}).nodes[0]


def _is_circular(code: str, above: Mapping[Value, Value]) -> bool:
    seen: set[Value] = set()
    step: Value = code
    while step and step not in seen:
        seen.add(step)
        step = above.get(step) or ""
    return bool(step)

"""A ground of cells in memory, for tests of reckoning and rules without a database."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from shaar.indicators import packfiles, schema
from shaar.indicators.catalogue import Catalogue, RuleSetting, assemble, passport_of
from shaar.indicators.cells import Cell, Places, Selection, Sums
from shaar.indicators.outcomes import EvidenceView, TracedFact
from shaar.indicators.passports import Calendar
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Qualifier, Quantity
from shaar.kernel.texts import Text

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "packs" / "bishkek"
FIGURE = "programme.figure_reported.v1"


@dataclass(frozen=True)
class Tree:
    """Units and territories by their parents."""

    parents: Mapping[str, str] = field(default_factory=dict)

    def _subtree(self, code: str) -> frozenset[str]:
        found = {code}
        while more := {child for child, parent in self.parents.items() if parent in found} - found:
            found |= more
        return frozenset(found)

    def unit_subtree(self, code: str) -> frozenset[str]:
        return self._subtree(code)

    def territory_subtree(self, code: str) -> frozenset[str]:
        return self._subtree(code)


@dataclass
class MemoryGround:
    """Cells, and a city, kept in memory."""

    kept: list[Cell] = field(default_factory=list)
    tree: Tree = field(default_factory=Tree)

    def cells(self, selections: Sequence[Selection], *, first: date | None, last: date) -> list[Cell]:
        return [
            cell
            for cell in self.kept
            if cell.period.end <= last
            and (first is None or cell.period.end >= first)
            and any(selection.takes(cell) for selection in selections)
        ]

    def sums(self, selections: Sequence[Selection], **asked: object) -> Sums:  # noqa: ARG002
        return Sums([], [], [], [], [], [], frozenset(range(len(selections))))

    def facts(self, selection: Selection, *, first: date | None, last: date) -> list[TracedFact]:
        taken = [cell for cell in self.cells([selection], first=first, last=last) if selection.takes(cell)]
        return [_traced(number, one) for number, one in enumerate(taken, start=1)]

    def places(self, on: date) -> Places:  # noqa: ARG002
        return self.tree

    def units(self, codes: Sequence[str], *, on: date) -> dict[str, Text]:  # noqa: ARG002
        return {code: Text(code) for code in codes}

    def territories(self, codes: Sequence[str], *, on: date) -> dict[str, Text]:  # noqa: ARG002
        return {code: Text(code) for code in codes}

    def territory_kinds(self, codes: Sequence[str], *, on: date) -> dict[str, str]:  # noqa: ARG002
        return dict.fromkeys(codes, "district")

    def territories_under(self, code: str | None, *, on: date) -> list[str]:  # noqa: ARG002
        above = code or ("bishkek" if "bishkek" in self.tree.parents.values() else "city")
        return sorted(child for child, parent in self.tree.parents.items() if parent == above)

    def middles(self, codes: Sequence[str], *, on: date) -> dict[str, tuple[float, float]]:  # noqa: ARG002
        return {}

    def newest(self, selections: Sequence[Selection]) -> date | None:  # noqa: ARG002
        return max((cell.period.end for cell in self.kept), default=None)

    def state(self) -> None:
        return None

    def is_due(self, period: Period, calendar: Calendar, *, on: date) -> bool:  # noqa: ARG002
        return period.end < on


def cell(
    figure: str,
    number: str | int | Quantity | None,
    period: str = "2022",
    *,
    measure: str = "piece",
    unit: str = "hall",
    territory: str = "city",
    facts: int = 1,
    type: str = FIGURE,  # noqa: A002 the ledger's word
    **dimensions: str,
) -> Cell:
    quantity = number if isinstance(number, Quantity) or number is None else Quantity(Decimal(str(number)))
    return Cell(
        type,
        measure,
        {"figure": figure, **dimensions},
        unit,
        territory,
        Period.parse(period),
        quantity,
        facts,
    )


MEASURES = {
    "units": [
        {"code": "piece", "symbol": {"ru": "шт."}, "dimension": "count"},
        {"code": "street", "symbol": {"ru": "улица"}, "dimension": "count"},
        {"code": "km", "symbol": {"ru": "км"}, "dimension": "length", "factor": 1000},
        {"code": "metre", "symbol": {"ru": "м"}, "dimension": "length", "factor": 1},
        {"code": "percent", "symbol": {"ru": "%"}, "dimension": "percent"},
    ]
}
SECTIONS = {
    "sections": [
        {"code": "one", "direction": 1, "name": {"ru": "Первый"}},
        {"code": "two", "direction": 2, "name": {"ru": "Второй"}},
    ]
}


def catalogue(*passports: dict[str, object], rules: Sequence[RuleSetting] = ()) -> Catalogue:
    """Return a catalogue of passports given by what matters about them."""
    models = [
        schema.IndicatorModel.model_validate(
            {
                "name": {"ru": passport["code"]},
                "section": "one",
                "measure": "piece",
                "kind": "flow",
                "owner": "hall",
                **passport,
            }
        )
        for passport in passports
    ]
    documents = {"sections.yaml": SECTIONS, "units-of-measure.yaml": MEASURES}
    found = assemble(1, [passport_of(model) for model in models], documents)
    return found if not rules else assembled_with(found, rules)


def assembled_with(found: Catalogue, rules: Sequence[RuleSetting]) -> Catalogue:
    return Catalogue(
        found.number,
        found.passports,
        found.sections,
        found.measures,
        found.objects,
        found.actions,
        tuple(rules),
    )


def figure(
    code: str, *, where: dict[str, str] | None = None, take: str | None = None, **rest: object
) -> dict[str, object]:
    """Return a passport over the figure of the same name."""
    source = {"fact": FIGURE, "where": where or {"figure": code}, "take": take}
    return {"code": code, "source": source, **rest}


def formula(code: str, text: str, **rest: object) -> dict[str, object]:
    """Return a passport over a formula."""
    return {"code": code, "kind": "formula", "source": {"formula": text}, **rest}


def bishkek() -> Catalogue:
    """Return the catalogue of Bishkek's pack as its files stand."""
    contents = packfiles.read(PACK)
    assert contents.problems == []
    documents = {
        packfiles.SECTIONS: schema.SectionsFile(sections=contents.sections),
        packfiles.MEASURES: schema.MeasuresFile(units=contents.measures),
        packfiles.OBJECTS: schema.ObjectsFile(objects=contents.objects, actions=contents.actions),
        packfiles.RULES: schema.RulesFile(rules=contents.rules),
        packfiles.DIMENSIONS: schema.DimensionsFile(dimensions=contents.dimensions),
    }
    plain = {name: model.model_dump(mode="json", by_alias=True) for name, model in documents.items()}
    return assemble(1, [passport_of(one.model) for one in contents.indicators], plain)


def figures_of_2022() -> MemoryGround:
    """Return the cells of Bishkek's figures of 2022."""
    with (PACK / "figures" / "2022.csv").open(encoding="utf-8", newline="") as stream:
        cells = [_figure(row) for row in csv.DictReader(stream)]
    districts = ("leninsky", "oktyabrsky", "sverdlovsky", "pervomaysky")
    return MemoryGround(cells, Tree(dict.fromkeys(districts, "bishkek") | {"bishkekgorlift": "city-hall"}))


def _figure(row: dict[str, str]) -> Cell:
    quantity = Quantity(
        Decimal(row["value"]) if row["value"] else None,
        Decimal(row["upper"]) if row["upper"] else None,
        Qualifier(row["qualifier"]),
        row["as_written"],
    )
    split = dict(pair.split("=") for pair in row["dimensions"].split(";") if pair)
    return Cell(
        FIGURE,
        row["measure"],
        {"figure": row["figure"], **split},
        row["unit"],
        row["territory"],
        Period.parse(row["period"]),
        quantity,
        1,
        row["period_stated"] == "yes",
    )


def _traced(number: int, one: Cell) -> TracedFact:
    at = datetime.combine(one.period.end, time(6), tzinfo=UTC)
    paper = EvidenceView("document", "report-2022", "абзац 36, строка 36", "Отчёт за 2022 год", "ab" * 32)
    return TracedFact(
        id=number,
        type=one.type,
        period=one.period,
        happened_at=at,
        recorded_at=at,
        unit=one.unit,
        territory=one.territory,
        quantity=one.quantity,
        measure=one.measure,
        dimensions=one.dimensions,
        subject_title="Отчёт за 2022 год",
        subject_url="/programmes/bishkek-2026/reports/2022/",
        subject_id="report-2022#B01",
        evidence=(paper,),
        approval={"source": "report-2022"},
        actor="pack:bishkek",
        is_counted=False,
        is_period_stated=one.is_period_stated,
    )

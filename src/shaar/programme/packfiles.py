"""Reads what a city pack says about programmes, and finds every mistake with its file, line and field."""

import csv
import hashlib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Day  # noqa: N812 a field is called date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shaar.kernel import yamlfile
from shaar.kernel.errors import Place, Refusal
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Qualifier, Quantity
from shaar.kernel.texts import Text
from shaar.kernel.yamlfile import Code, Names, PackModel

COLUMNS = [
    "row",
    "figure",
    "dimensions",
    "period",
    "territory",
    "unit",
    "value",
    "upper",
    "qualifier",
    "as_written",
    "measure",
    "document",
    "paragraph",
    "line",
    "period_stated",
    "stated",
    "note",
]


class SourceItem(PackModel):
    """Where something was read: the code of a document and a line of it."""

    document: Code
    line: int | None = None


class DocumentItem(PackModel):
    """A document of sources.yaml."""

    code: Code
    kind: str
    title: Names
    publisher: Code | None = None
    language: str = ""
    period: str = ""
    sha256: str = ""
    lines: int | None = None
    note: Names | None = None


class SourcesFile(PackModel):
    """sources.yaml."""

    sources: Sequence[DocumentItem]


class ActItem(PackModel):
    """A legal act of acts.yaml."""

    code: Code
    kind: str
    name: Names
    title: Names | None = None
    body: Names | None = None
    date: Day | None = None
    year: int | None = None
    number: str = ""
    note: Names | None = None
    source: SourceItem | None = None


class ActsFile(PackModel):
    """acts.yaml."""

    acts: Sequence[ActItem]


class ProgrammeItem(PackModel):
    """The head of a programme's file."""

    code: Code
    kind: str = "development"
    name: Names
    full_name: Names | None = None
    goal: Names | None = None
    unit: Code
    territory: Code
    approval_act: Code | None = None
    basis_acts: Sequence[Code] = ()
    first_year: int
    last_year: int
    are_years_stated: bool = True
    indicators: Sequence[Code] = ()
    note: Names | None = None
    source: SourceItem | None = None


class RevisionItem(PackModel):
    """A revision of the plan by an act."""

    act: Code
    effective_from: Day
    source: SourceItem | None = None


class TotalsItem(PackModel):
    """The indicators that hold the stated numbers of measures of a year."""

    year: int
    all: Code
    executed: Code
    in_progress: Code


class DirectionItem(PackModel):
    """A direction of the programme."""

    number: int
    code: Code
    name: Names
    source: SourceItem | None = None


class StatusItem(PackModel):
    """A status of a measure in a year, as a document words it."""

    year: int
    status: Literal["not_started", "in_progress", "executed", "overdue", "cancelled"]
    reason: str = ""
    source: SourceItem


class FundingItem(PackModel):
    """Money for a measure."""

    source: str
    year: int
    amount: str
    currency: str


class MeasureItem(PackModel):
    """A measure of the plan."""

    code: Code
    number: str | None = None
    direction: int
    text: Names
    period: str
    expected: Names | None = None
    responsible: Sequence[Code] = ()
    co_responsible: Sequence[Code] = ()
    indicators: Sequence[Code] = ()
    funding: Sequence[FundingItem] = ()
    status: Sequence[StatusItem] = ()
    note: Names | None = None


class SharedItem(PackModel):
    """A measure of another programme that serves this one too: `bishkek-2026/lifts-replacement`."""

    measure: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.\-]*/[a-z0-9][a-z0-9_.\-]*$", max_length=241)]
    direction: int | None = None
    source: SourceItem | None = None


class TargetItem(PackModel):
    """A target of an indicator of a measure."""

    indicator: Code
    measure: Code
    period: str
    value: str
    source: SourceItem | None = None
    note: Names | None = None


class ProgrammeFile(PackModel):
    """programmes/*.yaml."""

    programme: ProgrammeItem
    revisions: Sequence[RevisionItem] = ()
    stated_totals: Sequence[TotalsItem] = ()
    directions: Sequence[DirectionItem] = ()
    measures: Sequence[MeasureItem] = ()
    shared: Sequence[SharedItem] = ()
    targets: Sequence[TargetItem] = ()


class ExampleFile(ProgrammeFile):
    """demo/programme.yaml: an invented programme with the acts that it names."""

    demonstration: bool
    acts: Sequence[ActItem]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row of figures/*.csv."""

    row: str
    figure: str
    dimensions: Mapping[str, str]
    period: Period
    territory: str
    unit: str
    quantity: Quantity
    measure: str
    document: str
    paragraph: str
    line: str
    is_period_stated: bool
    is_stated: bool
    digest: str

    @property
    def key(self) -> str:
        """Return the id of the figure in its document, "report-2022#S01"."""
        return f"{self.document}#{self.row}"


@dataclass(slots=True)
class ProgrammePack:
    """What a pack says about programmes; `problems` is empty where it can be loaded."""

    sources: list[DocumentItem] = field(default_factory=list)
    acts: list[ActItem] = field(default_factory=list)
    programmes: list[ProgrammeFile] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    figures: list[FigureRow] = field(default_factory=list)
    problems: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes that other files of the pack declare."""

    units: frozenset[str]
    territories: frozenset[str]
    indicators: frozenset[str]
    measures: frozenset[str]


def read(pack: Path) -> ProgrammePack:
    """Read the pack's programmes, acts, sources and figures, collecting every mistake."""
    found = ProgrammePack()
    codes = _codes(pack)
    if sources := _load(pack / "sources.yaml", SourcesFile, found):
        found.sources = list(sources.sources)
    if acts := _load(pack / "acts.yaml", ActsFile, found):
        found.acts = list(acts.acts)
    for path in sorted((pack / "programmes").glob("*.yaml")):
        if file := _load(path, ProgrammeFile, found):
            found.programmes.append(file)
            found.problems += _programme_problems(path, file, codes, {one.code for one in found.acts})
            found.paths.append(path)
    found.problems += _sharing_problems(found)
    documents = {one.code: one for one in found.sources}
    seen: set[str] = set()
    for path in sorted((pack / "figures").glob("*.csv")):
        _read_figures(path, found, codes, documents, seen)
    return found


def _load(path: Path, model: type[yamlfile.ModelT], found: ProgrammePack) -> yamlfile.ModelT | None:
    try:
        return yamlfile.load(path, model)
    except Refusal as refusal:
        found.problems += refusal.problems
        return None


def _codes(pack: Path) -> Codes:
    def of(name: str, key: str) -> frozenset[str]:
        paths = sorted(pack.glob(name))
        read = [yaml.safe_load(path.read_text(encoding="utf-8")) or {} for path in paths]
        return frozenset(str(one["code"]) for file in read for one in file.get(key, ()))

    return Codes(
        of("units.yaml", "units"),
        of("territories.yaml", "territories"),
        of("indicators/*.yaml", "indicators"),
        of("units-of-measure.yaml", "units"),
    )


# Programmes -------------------------------------------------------------------------------------------------
def _programme_problems(path: Path, file: ProgrammeFile, codes: Codes, acts: set[str]) -> Iterator[Refusal]:
    _data, lines = yamlfile.read(path)
    for keys, kind, code in _named(file):
        known = {
            "unit": codes.units,
            "territory": codes.territories,
            "indicator": codes.indicators,
            "act": acts,
            "measure": {one.code for one in file.measures},
            "direction": {str(one.number) for one in file.directions},
        }[kind]
        if code not in known:
            message = str(MISSING[kind]) % {"code": code}
            yield Refusal(f"unknown_{kind}", message, place=yamlfile.place(path, lines, *keys))
    for keys, period in _periods(file):
        try:
            Period.parse(period)
        except Refusal as refusal:
            yield Refusal(refusal.code, refusal.message, place=yamlfile.place(path, lines, *keys))
    seen: set[str] = set()
    for index, one in enumerate(file.measures):
        if one.code in seen:
            where = yamlfile.place(path, lines, "measures", index, "code")
            yield Refusal("measure_exists", _("This measure stands twice."), place=where)
        seen.add(one.code)

    if file.measures and not file.revisions:
        where = yamlfile.place(path, lines, "revisions")
        yield Refusal(
            "no_revision", _("Measures need a revision of the plan that puts them in force."), place=where
        )


def _sharing_problems(found: ProgrammePack) -> Iterator[Refusal]:
    """Yield what is wrong with measures that serve another programme: unknown, one's own, repeated."""
    held = {f"{file.programme.code}/{one.code}" for file in found.programmes for one in file.measures}
    for path, file in zip(found.paths, found.programmes, strict=True):
        _data, lines = yamlfile.read(path)
        seen: set[str] = set()
        for index, one in enumerate(file.shared):
            where = yamlfile.place(path, lines, "shared", index, "measure")
            if one.measure not in held:
                message = str(MISSING["measure"]) % {"code": one.measure}
                yield Refusal("unknown_measure", message, place=where)
            elif one.measure.startswith(f"{file.programme.code}/"):
                yield Refusal("own_measure", _("A programme’s own measure serves it already."), place=where)
            elif one.measure in seen:
                yield Refusal("measure_exists", _("This measure stands twice."), place=where)
            seen.add(one.measure)


MISSING = {
    "unit": _("There is no unit “%(code)s”."),
    "territory": _("There is no territory “%(code)s”."),
    "indicator": _("There is no indicator “%(code)s”."),
    "act": _("There is no legal act “%(code)s”."),
    "measure": _("There is no measure “%(code)s”."),
    "direction": _("There is no direction %(code)s."),
}
STRANGE = {
    "territory": MISSING["territory"],
    "unit": MISSING["unit"],
    "measure": _("There is no unit of measure “%(code)s”."),
    "document": _("There is no document “%(code)s”."),
    "period_stated": _("Write yes or no."),
    "stated": _("Write yes or no."),
}
Keys = tuple[str | int, ...]


def _named(file: ProgrammeFile) -> Iterator[tuple[Keys, str, str]]:
    head = file.programme
    yield ("programme", "unit"), "unit", head.unit
    yield ("programme", "territory"), "territory", head.territory
    for act in (*head.basis_acts, *((head.approval_act,) if head.approval_act else ())):
        yield ("programme", "approval_act"), "act", act
    for index, revision in enumerate(file.revisions):
        yield ("revisions", index, "act"), "act", revision.act
    for index, code in enumerate(head.indicators):
        yield ("programme", "indicators", index), "indicator", code
    for index, totals in enumerate(file.stated_totals):
        for key in ("all", "executed", "in_progress"):
            yield ("stated_totals", index, key), "indicator", getattr(totals, key)
    yield from _named_by_measures(file)
    for index, target in enumerate(file.targets):
        yield ("targets", index, "indicator"), "indicator", target.indicator
        yield ("targets", index, "measure"), "measure", target.measure


def _named_by_measures(file: ProgrammeFile) -> Iterator[tuple[Keys, str, str]]:
    for index, share in enumerate(file.shared):
        if share.direction is not None:
            yield ("shared", index, "direction"), "direction", str(share.direction)
    for index, one in enumerate(file.measures):
        yield ("measures", index, "direction"), "direction", str(one.direction)
        for key, kind in (("responsible", "unit"), ("co_responsible", "unit"), ("indicators", "indicator")):
            for place, code in enumerate(getattr(one, key)):
                yield ("measures", index, key, place), kind, code


def _periods(file: ProgrammeFile) -> Iterator[tuple[Keys, str]]:
    for index, one in enumerate(file.measures):
        yield ("measures", index, "period"), one.period
    for index, target in enumerate(file.targets):
        yield ("targets", index, "period"), target.period


# Figures ----------------------------------------------------------------------------------------------------
def _read_figures(
    path: Path,
    found: ProgrammePack,
    codes: Codes,
    documents: Mapping[str, DocumentItem],
    seen: set[str],
) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if list(reader.fieldnames or ()) != COLUMNS:
            message = str(_("The columns must be: %(columns)s.")) % {"columns": ", ".join(COLUMNS)}
            found.problems.append(Refusal("wrong_columns", message, place=Place(file=str(path), line=1)))
            return
        for raw in reader:
            reading = _RowReading(path, reader.line_num, {key: raw[key] or "" for key in COLUMNS})
            row = reading.read(codes, documents)
            if row and row.key in seen:
                reading.wrong("row", _("This row stands twice."), code="row_exists")
            found.problems += reading.problems
            if row and not reading.problems:
                seen.add(row.key)
                found.figures.append(row)


class _RowReading:
    """Reads one row of figures, collecting what is wrong with it."""

    def __init__(self, path: Path, line: int, raw: Mapping[str, str]) -> None:
        self.path, self.line, self.raw = path, line, raw
        self.problems: list[Refusal] = []

    def wrong(self, name: str, message: Any, *, code: str = "malformed_figure") -> None:
        """Note a mistake in a field of the row."""
        place = Place(file=str(self.path), line=self.line, field=name)
        told = str(message) % {"code": self.raw[name][:80]} if "%" in str(message) else message
        self.problems.append(Refusal(code, told, place=place))

    def read(self, codes: Codes, documents: Mapping[str, DocumentItem]) -> FigureRow | None:
        """Return the row; None, with problems noted, where it cannot be read at all."""
        raw = self.raw
        self._check_codes(codes, documents)
        quantity, period, dimensions = self._quantity(), self._period(), self._dimensions()
        if self.problems or quantity is None or period is None:
            return None
        return FigureRow(
            row=raw["row"],
            figure=raw["figure"],
            dimensions=dimensions,
            period=period,
            territory=raw["territory"],
            unit=raw["unit"],
            quantity=quantity,
            measure=raw["measure"],
            document=raw["document"],
            paragraph=raw["paragraph"],
            line=raw["line"],
            is_period_stated=raw["period_stated"] == "yes",
            is_stated=raw["stated"] == "yes",
            digest=hashlib.sha256("\x1f".join(raw[key] for key in COLUMNS).encode()).hexdigest(),
        )

    def _check_codes(self, codes: Codes, documents: Mapping[str, DocumentItem]) -> None:
        allowed: dict[str, Container[str]] = {
            "territory": codes.territories,
            "unit": codes.units,
            "measure": codes.measures,
            "document": documents,
            "period_stated": {"yes", "no"},
            "stated": {"yes", "no"},
        }
        for name, known in allowed.items():
            if self.raw[name] not in known:
                self.wrong(name, STRANGE[name], code=f"unknown_{name}")
        for name in ("row", "figure"):
            if not self.raw[name].strip():
                self.wrong(name, _("This field is empty."), code="missing_field")

    def _quantity(self) -> Quantity | None:
        try:
            qualifier = Qualifier(self.raw["qualifier"])
        except ValueError:
            self.wrong("qualifier", _("“%(code)s” is no qualifier."))
            return None
        value, upper = self._number("value"), self._number("upper")
        if self.problems:
            return None
        try:
            return Quantity(value, upper, qualifier, self.raw["as_written"])
        except ValueError:
            self.wrong("value", _("The value, its upper bound and its qualifier do not fit together."))
            return None

    def _number(self, name: str) -> Decimal | None:
        if not self.raw[name]:
            return None
        try:
            number = Decimal(self.raw[name])
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.wrong(name, _("“%(code)s” is not a number."), code="not_a_number")
        return number

    def _period(self) -> Period | None:
        try:
            return Period.parse(self.raw["period"])
        except Refusal as refusal:
            self.wrong("period", str(refusal.message).replace("%", "%%"), code=refusal.code)
            return None

    def _dimensions(self) -> dict[str, str]:
        pairs = [part.partition("=") for part in self.raw["dimensions"].split(";") if part]
        if any(not sign or not name or not value or name == "figure" for name, sign, value in pairs):
            self.wrong("dimensions", _("Write dimensions as kind=gold;place=street."))
        return {name.strip(): value.strip() for name, _sign, value in pairs}


def text(names: Text | None) -> Text:
    """Return a text, empty where the pack gives none."""
    return names or Text("")

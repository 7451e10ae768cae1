"""Loads a pack's classification, and what its sources state of whole years; a second load changes nothing."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from shaar.access.api import acting, pack_actor
from shaar.budget.models import Amount, Heading, Kind, Line, Threshold
from shaar.city import api as city
from shaar.kernel import clock, yamlfile
from shaar.kernel.errors import Place, Refusal
from shaar.kernel.money import parse_money
from shaar.kernel.yamlfile import Code, Names, PackModel

SCALES = {"som": Decimal(1), "thousand_som": Decimal(1000), "mln_som": Decimal(1_000_000)}
CLASSIFICATION, YEARS, THRESHOLDS = (
    "budget/classification.yaml",
    "budget/years.yaml",
    "budget/thresholds.yaml",
)


class HeadingItem(PackModel):
    """A code of a classification from a day on."""

    classification: Literal["revenue", "functional", "economic", "programme", "source"]
    code: str
    parent: str = ""
    name: Names
    is_transfer: bool = False
    valid_from: date
    valid_to: date | None = None


class ClassificationFile(PackModel):
    """budget/classification.yaml."""

    demonstration: bool = False
    headings: Sequence[HeadingItem]


class LineItem(PackModel):
    """What a source states of one side of a year: rows of figures by kind of amount."""

    side: Literal["revenue", "spending"]
    unit: Code
    amounts: Mapping[Literal["plan", "cash_plan", "executed"], str]
    indicators: Sequence[Code] = ()


class YearItem(PackModel):
    """A year of which a source states something."""

    year: int
    lines: Sequence[LineItem]


class ThresholdItem(PackModel):
    """From which percent of the cash plan a page says something of a unit, and where that comes from."""

    code: Literal["underspending", "overspending", "revenue_shortfall"]
    percent: Decimal
    note: Names


class ThresholdsFile(PackModel):
    """budget/thresholds.yaml."""

    thresholds: Sequence[ThresholdItem]


class YearsFile(PackModel):
    """budget/years.yaml."""

    years: Sequence[YearItem]


def check(pack: Path) -> Iterator[str]:
    """Yield a line for each thing that is wrong with the budget of a pack, with its place."""
    try:
        _read(pack)
    except Refusal as refusal:
        yield from (str(one) for one in refusal.problems)


def load_pack(pack: Path, *, actor: str) -> None:
    """Take over a pack's classification and the amounts that its sources state, all of it or nothing."""
    if not (pack / CLASSIFICATION).exists():
        return
    classification, years, rows = _read(pack)
    at = clock.now()
    limits = yamlfile.load(pack / THRESHOLDS, ThresholdsFile).thresholds
    with transaction.atomic(), acting(pack_actor(pack.name)):
        _load_thresholds(limits)
        for one in classification.headings:
            names = {f"name_{language}": getattr(one.name, language) for language in ("ru", "ky", "en")}
            values = {"parent": one.parent, "is_transfer": one.is_transfer, "valid_to": one.valid_to} | names
            key = {"classification": one.classification, "code": one.code, "valid_from": one.valid_from}
            held = Heading.objects.get_or_create(**key, defaults=values)[0]
            if not held.is_local and any(getattr(held, name) != value for name, value in values.items()):
                Heading.objects.filter(pk=held.pk).update(**values)
        for year in years.years:
            for line in year.lines:
                _load_line(year.year, line, rows, actor=actor, at=at)


def _load_thresholds(items: Sequence[ThresholdItem]) -> None:
    for one in items:
        notes = {f"note_{language}": getattr(one.note, language) for language in ("ru", "ky", "en")}
        values = {"percent": one.percent} | notes
        held, is_new = Threshold.objects.get_or_create(code=one.code, defaults=values)
        if not is_new and any(getattr(held, name) != value for name, value in values.items()):
            Threshold.objects.filter(pk=held.pk).update(**values)
    Threshold.objects.exclude(code__in=[one.code for one in items]).delete()


def _load_line(
    year: int, item: LineItem, rows: Mapping[str, Mapping[str, str]], *, actor: str, at: datetime
) -> None:
    unit = city.unit_ids([item.unit])[item.unit]
    line = Line.objects.get_or_create(year=year, side=item.side, unit_id=unit, key="")[0]
    if line.indicators != list(item.indicators):
        Line.objects.filter(pk=line.pk).update(indicators=list(item.indicators))
    for kind, name in item.amounts.items():
        row = rows[name]
        wanted = parse_money(row["value"], scale=SCALES[row["measure"]])
        held = line.amounts.filter(kind=kind, taken_back_by=None, takes_back=None).first()
        if held is not None and held.amount == wanted:
            continue
        if held is not None:
            Amount.objects.create(
                line=line, kind=kind, day=held.day, amount=-held.amount, takes_back=held,
                reason=_("The pack has changed this row."), recorded_at=at, recorded_by=actor,
            )  # fmt: skip
        Amount.objects.create(
            line=line, kind=Kind(kind), day=date(year, 12, 31), amount=wanted, figure=row["figure"],
            source_document=row["document"], source_line=int(row["line"]), recorded_at=at, recorded_by=actor,
        )  # fmt: skip


def _read(pack: Path) -> tuple[ClassificationFile, YearsFile, dict[str, dict[str, str]]]:
    classification = yamlfile.load(pack / CLASSIFICATION, ClassificationFile)
    years = yamlfile.load(pack / YEARS, YearsFile)
    yamlfile.load(pack / THRESHOLDS, ThresholdsFile)
    rows: dict[str, dict[str, str]] = {}
    for path in sorted((pack / "figures").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows |= {row["row"]: row for row in csv.DictReader(file)}
    for index, year in enumerate(years.years):
        for name in (row for line in year.lines for row in line.amounts.values()):
            if name not in rows or rows[name]["measure"] not in SCALES:
                place = Place(file=str(pack / YEARS), field=f"years.{index}")
                message = _("There is no amount of money in the row “%(row)s” of the figures.") % {
                    "row": name
                }
                raise Refusal("unknown_row", message, place=place)
    return classification, years, rows

"""What a round says: its results by group from the entries that count, and the document that is frozen."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from shaar.city import api as city
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.ratings.matrix import Charge, CriterionResult, Figure, Given, GroupResult, UnitResult, reckon
from shaar.ratings.models import Entry, EntryKind, Round
from shaar.ratings.regulation import Group, Regulation

SCHEMA = "shaar.rating/1"
PLACES = Decimal("1e-10")


def kept(number: Decimal | None) -> Decimal | None:
    """Return a number as an entry keeps it."""
    return None if number is None else number.quantize(PLACES)


def given(row: Round) -> dict[str, Given]:
    """Return what each group of a round is scored by, from the entries that count."""
    rules = row.regulation.declared
    figures: dict[str, dict[tuple[str, str], Figure]] = defaultdict(dict)
    judged: dict[str, dict[str, Decimal]] = defaultdict(dict)
    charges: dict[str, dict[str, list[Charge]]] = defaultdict(lambda: defaultdict(list))
    groups = {unit: group for group in rules.groups for unit in group.units}
    for one in row.entries.filter(takes_back=None, taken_back_by=None).order_by("pk"):
        group = groups[one.unit]
        match one.kind:
            case EntryKind.FIGURE:
                figures[group.code][one.unit, one.code] = Figure(
                    one.stated, one.aim, str(one.origin.get("problem", "")), one.pk
                )
            case EntryKind.JUDGED:
                judged[group.code][one.unit] = one.stated or Decimal(0)
            case _:
                charges[group.code][one.unit].append(_charge(one, group))
    return {one.code: Given(figures[one.code], judged[one.code], charges[one.code]) for one in rules.groups}


def _charge(entry: Entry, group: Group) -> Charge:
    points = next((one.points for one in group.penalties if one.code == entry.code), Decimal(0))
    times = entry.stated or Decimal(0)
    return Charge(entry.code, times, times * points, entry.pk)


def results(row: Round, *, runs: int | None = None) -> list[GroupResult]:
    """Score every group of a round."""
    known = given(row)
    rules = row.regulation.declared
    return [reckon(rules, one, known[one.code], runs=runs) for one in rules.groups]


def result_of(row: Round, unit: str, *, runs: int | None = None) -> tuple[Group, Given, UnitResult]:
    """Score the group of one unit; raise Refusal `unknown_unit`."""
    rules = row.regulation.declared
    group = rules.group_of(unit)
    known = given(row)[group.code]
    return group, known, reckon(rules, group, known, runs=runs).unit(unit)


def unit_names(rules: Regulation, period: Period) -> dict[str, Text]:
    """Return the names of a regulation's units at the end of a period; a code where there is none."""
    named = {one.code: one.name for one in city.units(on=period.end)}
    return {unit: named.get(unit, Text(unit)) for group in rules.groups for unit in group.units}


def document(row: Round) -> dict[str, Any]:
    """Return everything that an edition of a round says; numbers are texts, so that none is rounded."""
    rules = row.regulation.declared
    period = Period.parse(row.period)
    names = unit_names(rules, period)
    return {
        "schema": SCHEMA,
        "period": row.period,
        "is_example": row.is_example,
        "regulation": {
            "code": rules.code,
            "version": row.regulation.version,
            "sha256": row.regulation.sha256,
            "title": _written(rules.title),
            "note": _written(rules.note),
        },
        "robustness": {"runs": rules.robustness.runs, "spread": rules.robustness.spread, "seed": 1},
        "groups": [_group(one, names) for one in results(row)],
    }


def _written(text: Text) -> dict[str, str]:
    return {"ru": text.ru, "ky": text.ky, "en": text.en}


def _group(result: GroupResult, names: Mapping[str, Text]) -> dict[str, Any]:
    return {
        "code": result.group.code,
        "name": _written(result.group.name),
        "flat": list(result.flat),
        "units": [_unit(one, names) for one in result.units],
    }


def _unit(one: UnitResult, names: Mapping[str, Text]) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "name": _written(names[one.unit]),
        "score": _text(one.score),
        "rank": one.rank,
        "interval": [one.interval.low, one.interval.high] if one.interval else None,
        "band": _written(one.band.name) if one.band else None,
        "reason": one.reason,
        "measured": _text(one.measured),
        "judged": _text(one.judged),
        "penalty": _text(one.penalty),
        "missing_share": _text(one.missing_share),
        "blocks": [
            {
                "code": block.block.code,
                "name": _written(block.block.name),
                "score": _text(block.score),
                "share": _text(block.share),
                "criteria": [_criterion(part) for part in block.criteria],
            }
            for block in one.blocks
        ],
    }


def _criterion(one: CriterionResult) -> dict[str, Any]:
    return {
        "code": one.criterion.code,
        "name": _written(one.criterion.name),
        "entry": one.figure.entry,
        "fact": _text(one.figure.number),
        "target": _text(one.figure.target),
        "execution": _text(one.execution),
        "points": _text(one.points),
        "share": _text(one.share),
        "problem": one.problem,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def scores(document_: Mapping[str, Any]) -> dict[str, tuple[Decimal | None, int | None]]:
    """Return the score and rank of each unit of a frozen document."""
    found = {}
    for one in _units(document_):
        found[one["unit"]] = (Decimal(one["score"]) if one["score"] is not None else None, one["rank"])
    return found


def _units(document_: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return [unit for group in document_["groups"] for unit in group["units"]]

"""Regulations of ratings as the pack declares them: groups of units, blocks, criteria, bands, penalties."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from django.utils.translation import gettext as _
from pydantic import ConfigDict, Field, TypeAdapter

from shaar.kernel.errors import Place, Refusal
from shaar.kernel.periods import PeriodKind
from shaar.kernel.yamlfile import Code, Lines, Names, PackModel, load, place, read
from shaar.ratings.scoring.scheme import Imputing, Mean, Winsorising

DIRECTORY = "ratings"
HUNDRED = Decimal(100)
Weight: TypeAlias = Annotated[Decimal, Field(gt=0, le=100)]
Share: TypeAlias = Annotated[Decimal, Field(ge=0, le=10)]
Points: TypeAlias = Annotated[Decimal, Field(ge=0, le=100)]
Method: TypeAlias = Literal["ratio", "corridor", "min-max", "z"]
RELATIVE: frozenset[str] = frozenset({"min-max", "z"})


class Part(PackModel):
    """A part of a regulation: its numbers are finite."""

    model_config = ConfigDict(allow_inf_nan=False)


class Criterion(Part):
    """One criterion: which indicator is read for a unit, what is expected, how that becomes points.

    `target` is a number for every unit or for each; `plan` is the indicator's plan, `previous` the unit's
    value of the period before, `last_year` of the same period a year earlier. A yearly number is divided by
    months where `pro_rata`. `t_zero` and `t_max` are shares of the target that give 0 and 100 points.
    """

    code: Code
    name: Names
    indicator: Code | Mapping[Code, Code]
    weight: Weight
    good: Literal["up", "down"] = "up"
    target: Decimal | Mapping[Code, Decimal] | Literal["plan", "previous", "last_year"] | None = None
    pro_rata: bool = False
    method: Method = "ratio"
    cap: Share = Decimal(1)
    t_zero: Share | None = None
    t_max: Share | None = None

    def indicator_of(self, unit: str) -> str | None:
        """Return the indicator that is read for a unit; None where the criterion has none for it."""
        return self.indicator if isinstance(self.indicator, str) else self.indicator.get(unit)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Return every indicator that is read."""
        return (self.indicator,) if isinstance(self.indicator, str) else tuple(self.indicator.values())


class Block(Part):
    """Criteria of one kind, with the block's weight in the whole."""

    code: Code
    name: Names
    weight: Weight
    aggregate: Mean = "arithmetic"
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]


class Judged(Part):
    """The share of the score that a deputy mayor judges, from 0 to 100 points, with a comment."""

    name: Names
    weight: Weight


class Penalty(Part):
    """Points that are taken off for each case of something, up to a limit."""

    code: Code
    name: Names
    points: Annotated[Decimal, Field(gt=0, le=100)]
    most: Annotated[Decimal, Field(gt=0, le=100)]


class Group(Part):
    """Units that are compared with each other, and by what.

    Where a criterion has no value its weight goes to its sisters (`missing: drop`), or it counts as nothing
    done (`missing: zero`); a block or group of which more than `most_missing` is missing has no score.
    """

    code: Code
    name: Names
    units: Annotated[tuple[Code, ...], Field(min_length=1)]
    missing: Literal["drop", "zero"] = "drop"
    most_missing: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.5")
    impute: Imputing = Imputing()
    winsorise: Winsorising | Literal[False] = False
    judged: Judged | None = None
    penalties: tuple[Penalty, ...] = ()
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]

    @property
    def criteria(self) -> Iterator[Criterion]:
        """Yield the criteria of every block."""
        for block in self.blocks:
            yield from block.criteria

    def criterion(self, code: str) -> Criterion:
        """Return a criterion; raise Refusal `unknown_criterion`."""
        found = next((one for one in self.criteria if one.code == code), None)
        if found is None:
            raise Refusal("unknown_criterion", _("The regulation has no such criterion."))
        return found


class Band(Part):
    """What a score from so many points on is called."""

    least: Points
    name: Names


class Robustness(Part):
    """How the intervals of ranks are reckoned: so many scorings with weights changed by up to a share."""

    runs: Annotated[int, Field(ge=100, le=10_000)] = 1000
    spread: Annotated[float, Field(gt=0, le=1)] = 0.25


class Regulation(Part):
    """A regulation from a day on: by what the units of each group are rated; `unit` runs the rounds."""

    code: Code
    title: Names
    note: Names
    unit: Code
    act: Code | None = None
    is_example: bool = False
    valid_from: date
    periods: Annotated[tuple[Literal["month", "quarter", "half", "year"], ...], Field(min_length=1)]
    objection_days: Annotated[int, Field(ge=1, le=60)]
    robustness: Robustness = Robustness()
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]

    def group(self, code: str) -> Group:
        """Return a group; raise Refusal `unknown_group`."""
        found = next((one for one in self.groups if one.code == code), None)
        if found is None:
            raise Refusal("unknown_group", _("The regulation has no such group of units."))
        return found

    def group_of(self, unit: str) -> Group:
        """Return the group in which a unit is rated; raise Refusal `unknown_unit`."""
        found = next((one for one in self.groups if unit in one.units), None)
        if found is None:
            raise Refusal("unknown_unit", _("The regulation does not rate this unit."))
        return found

    def band(self, score: Decimal) -> Band | None:
        """Return the highest band that a score reaches; None below all of them."""
        reached = [one for one in self.bands if score >= one.least]
        return max(reached, key=lambda one: one.least) if reached else None

    def next_band(self, score: Decimal) -> Band | None:
        """Return the nearest band above a score."""
        above = [one for one in self.bands if score < one.least]
        return min(above, key=lambda one: one.least) if above else None

    @property
    def kinds(self) -> tuple[PeriodKind, ...]:
        """Return the kinds of period that can be rated."""
        return tuple(PeriodKind(one) for one in self.periods)


ADAPTER = TypeAdapter(Regulation)


@lru_cache(maxsize=32)
def parsed(document: str) -> Regulation:
    """Return a kept regulation from its JSON."""
    return ADAPTER.validate_json(document)


def read_pack(pack: Path) -> list[tuple[Path, Regulation]]:
    """Read the regulations of a pack; raise Refusals with file, line and field."""
    return [(path, read_file(path)) for path in sorted((pack / DIRECTORY).glob("*.yaml"))]


def read_file(path: Path) -> Regulation:
    """Read one regulation from a file; raise Refusals with file, line and field."""
    return load(path, Regulation)


def faults(
    regulation: Regulation, path: Path, *, units: Iterable[str] | None, indicators: Iterable[str] | None
) -> Iterator[Refusal]:
    """Yield what is wrong with a regulation beyond the form of its fields; None: not known, not checked."""
    lines = read(path)[1]
    known_units = None if units is None else frozenset(units)
    known = None if indicators is None else frozenset(indicators)
    yield from _bands(regulation, path, lines)
    seen: dict[str, str] = {}
    for at, group in enumerate(regulation.groups):
        where = ("groups", at)
        yield from _weights(
            [one.weight for one in group.blocks], _("blocks"), place(path, lines, *where, "blocks")
        )
        for number, unit in enumerate(group.units):
            here = place(path, lines, *where, "units", number)
            if unit in seen:
                message = _("“%(unit)s” is rated in the group “%(group)s” already.")
                yield Refusal("repeated_unit", message % {"unit": unit, "group": seen[unit]}, place=here)
            seen[unit] = group.code
            if known_units is not None and unit not in known_units:
                yield Refusal("unknown_unit", _("There is no unit “%(unit)s”.") % {"unit": unit}, place=here)
        if group.judged is not None and group.judged.weight >= HUNDRED:
            here = place(path, lines, *where, "judged", "weight")
            yield Refusal("nothing_measured", _("The judged share must be less than 100."), place=here)
        yield from _criteria(group, where, path, lines, known)


def _bands(regulation: Regulation, path: Path, lines: Lines) -> Iterator[Refusal]:
    least = [one.least for one in regulation.bands]
    if len(set(least)) != len(least):
        yield Refusal(
            "repeated_band", _("Two bands begin at the same score."), place=place(path, lines, "bands")
        )


def _weights(weights: Sequence[Decimal], what: str, where: Place) -> Iterator[Refusal]:
    whole = sum(weights, Decimal(0))
    if whole != HUNDRED:
        message = _("The weights of the %(what)s make %(sum)s, not 100.")
        yield Refusal("weights_not_100", message % {"what": what, "sum": f"{whole:f}"}, place=where)


def _criteria(
    group: Group, where: tuple[str | int, ...], path: Path, lines: Lines, known: frozenset[str] | None
) -> Iterator[Refusal]:
    seen: set[str] = set()
    for at, block in enumerate(group.blocks):
        inside = (*where, "blocks", at, "criteria")
        yield from _weights(
            [one.weight for one in block.criteria], _("criteria"), place(path, lines, *inside)
        )
        for code, one in enumerate(block.criteria):
            here = (*inside, code)
            if one.code in seen:
                yield Refusal(
                    "repeated_criterion",
                    _("“%(code)s” stands twice in the group.") % {"code": one.code},
                    place=place(path, lines, *here, "code"),
                )
            seen.add(one.code)
            for indicator in one.indicators:
                if known is not None and indicator not in known:
                    message = _("There is no indicator “%(code)s”.") % {"code": indicator}
                    yield Refusal("unknown_indicator", message, place=place(path, lines, *here, "indicator"))
            yield from _one(one, group, [path, lines, *here])


def _one(one: Criterion, group: Group, here: list[Any]) -> Iterator[Refusal]:
    path, lines, *keys = here
    for field, named in (("indicator", one.indicator), ("target", one.target)):
        for unit in named if isinstance(named, Mapping) else ():
            if unit not in group.units:
                message = _("“%(unit)s” is not of this group.") % {"unit": unit}
                yield Refusal("unknown_unit", message, place=place(path, lines, *keys, field))
    if one.method not in RELATIVE and one.target is None:
        yield Refusal(
            "no_target", _("This method needs a target."), place=place(path, lines, *keys, "method")
        )
    numbers = one.target.values() if isinstance(one.target, Mapping) else (one.target,)
    if any(isinstance(number, Decimal) and number <= 0 for number in numbers):
        yield Refusal("zero_target", _("A target is above zero."), place=place(path, lines, *keys, "target"))
    if one.method == "corridor" and (one.t_zero is None or one.t_max is None or one.t_zero >= one.t_max):
        message = _("A corridor needs T_zero below T_max.")
        yield Refusal("no_corridor", message, place=place(path, lines, *keys, "method"))

"""What a city declares for its monitor: blocks of tiles, thresholds, the score and alerts; pack files."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from django.utils.translation import gettext as _
from pydantic import Field, TypeAdapter

from shaar.kernel.errors import Place, Refusal, Refusals
from shaar.kernel.periods import PeriodKind
from shaar.kernel.texts import Text
from shaar.kernel.yamlfile import Code, Names, PackModel, load
from shaar.monitor.models import Declaration

DIRECTORY, BLOCKS, ALERTS = "monitor", "blocks.yaml", "alerts.yaml"
Share: TypeAlias = Annotated[Decimal, Field(ge=0, le=10)]
Window: TypeAlias = Literal["day", "month", "quarter", "half", "year"]


class Thresholds(PackModel):
    """The shares of the target from which a tile is good, and from which it is to be watched."""

    good: Share
    watch: Share
    label: Names


class Tile(PackModel):
    """One tile: an indicator, the lengths of period it is asked for, and what is expected of it.

    The first of `windows` in which anything was reported lately is shown. A flow of a period that has not
    ended is compared with the part of the target for the days that have passed, if `pro_rata`. `fresh_days`
    is how old the newest value may be before the tile says that it is stale.
    """

    code: Code
    indicator: Code
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    target: Decimal | None = None
    target_label: Names | None = None
    good: Literal["up", "down"] | None = None
    pro_rata: bool = False
    fresh_days: Annotated[int, Field(ge=0, le=4000)]
    thresholds: str = "usual"
    weight: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(1)
    unit: Code | None = None


class Block(PackModel):
    """A sector of the city with its tiles, in the order they are shown."""

    code: Code
    name: Names
    tiles: Annotated[tuple[Tile, ...], Field(min_length=1)]


class Score(PackModel):
    """How the score of the city is made: shares of targets are cut off at `cap` and never rounded up."""

    cap: Share
    least_share: Annotated[Decimal, Field(ge=0, le=1)]
    label: Names


class BlocksFile(PackModel):
    """The file `monitor/blocks.yaml`."""

    thresholds: dict[str, Thresholds]
    score: Score
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]


class AlertRule(PackModel):
    """When an alert is raised on a tile, and when it may be raised again.

    `threshold`: the share of the target falls below `below`, and clears at `clears` (hysteresis).
    `change`: the newest value leaves the band of the last `band_of` ones by `deviations` of their spread.
    `silence`: nothing has been reported for `days`. `quiet_hours` pass before the same is raised anew.
    """

    code: Code
    tile: Code
    name: Names
    kind: Literal["threshold", "change", "silence"]
    unit: Code
    below: Share | None = None
    clears: Share | None = None
    band_of: Annotated[int, Field(ge=4, le=366)] = 28
    deviations: Annotated[Decimal, Field(gt=0, le=20)] = Decimal(4)
    days: Annotated[int, Field(ge=1, le=4000)] | None = None
    quiet_hours: Annotated[int, Field(ge=0, le=8760)] = 24
    due_hours: Annotated[int, Field(ge=1, le=8760)] = 8


class AlertsFile(PackModel):
    """The file `monitor/alerts.yaml`."""

    label: Names
    alerts: tuple[AlertRule, ...] = ()


class Monitor(PackModel):
    """All that a pack declares for the monitor."""

    thresholds: dict[str, Thresholds]
    score: Score
    blocks: tuple[Block, ...]
    alerts: tuple[AlertRule, ...] = ()
    alerts_label: Names = Text("")

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Return every tile in the order of the blocks."""
        return tuple(tile for block in self.blocks for tile in block.tiles)

    def tile(self, code: str) -> Tile:
        """Return a tile; raise Refusal `unknown_tile`."""
        found = next((tile for tile in self.tiles if tile.code == code), None)
        if found is None:
            raise Refusal("unknown_tile", _("There is no such tile."))
        return found

    def block_of(self, code: str) -> Block:
        """Return the block in which a tile stands; raise Refusal `unknown_tile`."""
        self.tile(code)
        return next(block for block in self.blocks if any(tile.code == code for tile in block.tiles))


MONITOR = TypeAdapter(Monitor)


def windows(tile: Tile) -> Iterator[PeriodKind]:
    """Yield the kinds of period that a tile is asked for, in its order."""
    yield from (PeriodKind(one) for one in tile.windows)


def read(pack: Path) -> Monitor | None:
    """Read a pack's monitor; None for a pack without one. Raises Refusals that name file, line and field."""
    directory = pack / DIRECTORY
    if not (directory / BLOCKS).exists():
        return None
    blocks = load(directory / BLOCKS, BlocksFile)
    alerts = load(directory / ALERTS, AlertsFile) if (directory / ALERTS).exists() else None
    return Monitor(
        thresholds=blocks.thresholds,
        score=blocks.score,
        blocks=blocks.blocks,
        alerts=alerts.alerts if alerts else (),
        alerts_label=alerts.label if alerts else Text(""),
    )


def faults(monitor: Monitor, indicators: set[str], directory: Path) -> Iterator[Refusal]:
    """Yield what is wrong between the files: names that are not there, codes that stand twice."""
    blocks, alerts = Place(file=str(directory / BLOCKS)), Place(file=str(directory / ALERTS))
    codes = [tile.code for tile in monitor.tiles]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Refusal("repeated_tile", _("The tile “%(code)s” stands twice.") % {"code": code}, place=blocks)
    for tile in monitor.tiles:
        if tile.indicator not in indicators:
            message = _("There is no indicator “%(code)s”.") % {"code": tile.indicator}
            yield Refusal("unknown_indicator", message, place=blocks)
        if tile.thresholds not in monitor.thresholds:
            message = _("There are no thresholds “%(code)s”.") % {"code": tile.thresholds}
            yield Refusal("unknown_thresholds", message, place=blocks)
    for rule in monitor.alerts:
        if rule.tile not in codes:
            message = _("There is no tile “%(code)s”.") % {"code": rule.tile}
            yield Refusal("unknown_tile", message, place=alerts)
        if (rule.kind == "threshold" and rule.below is None) or (
            rule.kind == "silence" and rule.days is None
        ):
            message = _("The alert “%(code)s” lacks its limit.") % {"code": rule.code}
            yield Refusal("alert_without_limit", message, place=alerts)


def keep(monitor: Monitor) -> bool:
    """Keep what a pack declares and tell whether it differs from what was kept."""
    document = MONITOR.dump_python(monitor, mode="json")
    kept = Declaration.objects.filter(code="city").first()
    if kept is not None and kept.document == document:
        return False
    Declaration.objects.update_or_create(code="city", defaults={"document": document})
    return True


def monitor() -> Monitor | None:
    """Return what the city declares, None before a pack with a monitor was loaded; one query."""
    kept = Declaration.objects.filter(code="city").values_list("document", flat=True).first()
    return _parsed(TypeAdapter(object).dump_json(kept)) if kept is not None else None


@lru_cache(maxsize=4)
def _parsed(document: bytes) -> Monitor:
    return MONITOR.validate_json(document)


def refuse(problems: list[Refusal]) -> None:
    """Raise what is wrong, if anything is."""
    if problems:
        raise Refusals(problems)

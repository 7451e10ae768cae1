"""What the page of the monitor shows: the blocks with their tiles, for what a person may see."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shaar.access.api import Actor, scope
from shaar.kernel.once import one_look
from shaar.monitor import declared, keeping, rules
from shaar.monitor.declared import Monitor
from shaar.monitor.models import Alert
from shaar.monitor.permissions import VIEW
from shaar.monitor.readings import Reading
from shaar.monitor.showing import TileView, owner, tile_view
from shaar.monitor.wording import SIGNS

ORDER = ("bad", "watch", "stale", "no_data", "measuring", "none", "good")


@dataclass(frozen=True, slots=True)
class Count:
    """How many tiles are in a state."""

    state: str
    sign: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class BlockView:
    """A sector with its tiles, and how many are in each state."""

    code: str
    name: str
    tiles: tuple[TileView, ...]
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All that a person may see of the monitor at a moment."""

    blocks: tuple[BlockView, ...]
    counts: tuple[Count, ...]
    since: int
    changed_at: datetime | None
    result: rules.Result | None
    open_alerts: int = 0


def board(actor: Actor, *, state: str | None = None) -> Board:
    """Return the board as it stands, all of it or the tiles of one state.

    The newest change's number is read first, so that none is missed.
    """
    since = keeping.newest_change()
    monitor = declared.monitor()
    if monitor is None:
        return Board((), (), since, None, None)
    with one_look():
        held = visible(monitor, keeping.readings(), actor)
        views = {code: tile_view(monitor, reading, changed_at=at) for code, (reading, at) in held.items()}
    blocks = []
    for block in monitor.blocks:
        all_of_it = (views[tile.code] for tile in block.tiles if tile.code in views)
        tiles = tuple(tile for tile in all_of_it if state in {None, tile.state})
        if tiles:
            blocks.append(BlockView(block.code, str(block.name), tiles, _counts(list(tiles))))
    changed = max((at for _reading, at in held.values()), default=None)
    return Board(
        tuple(blocks),
        _counts(list(views.values())),
        since,
        changed,
        city_score(monitor, held),
        open_alerts=Alert.objects.filter(closed_at=None, case_id__isnull=False, tile__in=list(held)).count(),
    )


def visible(
    monitor: Monitor, held: dict[str, tuple[Reading, datetime]], actor: Actor
) -> dict[str, tuple[Reading, datetime]]:
    """Return the tiles whose owner lies in a person's scope."""
    seen = scope(actor, VIEW)
    owners = {tile.code: owner(tile) for tile in monitor.tiles}
    return {code: one for code, one in held.items() if code in owners and seen.covers(unit=owners[code])}


def city_score(monitor: Monitor, held: dict[str, tuple[Reading, datetime]]) -> rules.Result:
    """Return the score over some tiles: those that cannot be judged are left out, never taken for zero."""
    parts = [
        rules.Part(
            tile.code, tile.weight, held[tile.code][0].share if _is_judged(held[tile.code][0]) else None
        )
        for tile in monitor.tiles
        if tile.code in held
    ]
    return rules.score(parts, cap=monitor.score.cap, least_share=monitor.score.least_share)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One tile in the score: what it adds, or why it does not count."""

    tile: TileView
    weight: Decimal
    share: Decimal | None
    counted: Decimal | None
    product: Decimal | None


def score_lines(monitor: Monitor, actor: Actor) -> list[ScoreLine]:
    """Return what each tile adds to the score, in the order of the board."""
    with one_look():
        held = visible(monitor, keeping.readings(), actor)
        found = []
        for tile in monitor.tiles:
            if tile.code not in held:
                continue
            reading, at = held[tile.code]
            share = reading.share if _is_judged(reading) else None
            counted = min(share, monitor.score.cap) if share is not None else None
            view = tile_view(monitor, reading, changed_at=at)
            product = counted * tile.weight if counted is not None else None
            found.append(ScoreLine(view, tile.weight, share, counted, product))
    return found


def _is_judged(reading: Reading) -> bool:
    return reading.standing is rules.Standing.KNOWN


def _counts(tiles: list[TileView]) -> tuple[Count, ...]:
    found = Counter(tile.state for tile in tiles)
    words = {tile.state: tile.words for tile in tiles}
    return tuple(Count(state, SIGNS[state], words[state], found[state]) for state in ORDER if state in found)

"""Which tiles a batch of facts concerns, when their newest fact happened, and the first day they speak of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from shaar.indicators import api as indicators
from shaar.indicators.api import Passport
from shaar.ledger import api as ledger
from shaar.monitor.declared import Monitor

# `ledger_cells` is part of the ledger's door.
NEWEST = "SELECT series_id, max((last).at), min(day) FROM ledger_cells(%s) GROUP BY series_id"
_kept: dict[str, tuple[object, dict[str, frozenset[int]]]] = {}


@dataclass(frozen=True, slots=True)
class Touch:
    """What some batches hold for a tile: when the newest fact happened, and the first day any speaks of."""

    newest: datetime | None = None
    first_day: date | None = None


def concerned(monitor: Monitor, batches: Sequence[int]) -> dict[str, Touch]:
    """Return the tiles whose indicators take facts of some batches, with what these hold for them."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [list(batches)])
        rows = {number: Touch(newest, day) for number, newest, day in cursor.fetchall()}
    found: dict[str, Touch] = {}
    for tile, numbers in series_by_tile(monitor).items():
        if touched := [rows[one] for one in numbers & rows.keys()]:
            known = [one.newest for one in touched if one.newest is not None]
            days = [one.first_day for one in touched if one.first_day is not None]
            found[tile] = Touch(max(known, default=None), min(days, default=None))
    return found


def series_by_tile(monitor: Monitor) -> dict[str, frozenset[int]]:
    """Return the series that each tile is reckoned from; read anew where passports or series were added."""
    passports = {one.code: one for one in indicators.passports()}
    versions = tuple(one.version for one in passports.values())
    stamp = (ledger.series_stamp(), versions, monitor.tiles)
    if "city" not in _kept or _kept["city"][0] != stamp:
        found = {
            tile.code: frozenset(
                number for one in closure(passports, tile.indicator) for number in _series(one)
            )
            for tile in monitor.tiles
        }
        _kept["city"] = (stamp, found)
    return _kept["city"][1]


def closure(passports: Mapping[str, Passport], code: str) -> list[Passport]:
    """Return the passports that an indicator is reckoned from: its own, and those its formula names."""
    found: dict[str, Passport] = {}
    waiting = [code]
    while waiting:
        one = passports.get(waiting.pop())
        if one is not None and one.code not in found:
            found[one.code] = one
            waiting.extend(one.references)
    return list(found.values())


def _series(passport: Passport) -> list[int]:
    source = passport.fact_source
    return [one.id for one in ledger.series_of(source.fact, source.dimensions)] if source else []

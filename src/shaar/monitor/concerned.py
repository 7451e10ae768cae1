"""Which tiles a batch of facts concerns, and when the newest of their facts happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from shaar.indicators import api as indicators
from shaar.indicators.api import Passport
from shaar.ledger import api as ledger
from shaar.monitor.declared import Monitor

# `ledger_cells` is part of the ledger's door.
NEWEST = "SELECT series_id, max((last).at) FROM ledger_cells(%s) GROUP BY series_id"
_kept: dict[str, tuple[object, dict[str, frozenset[int]]]] = {}


def concerned(monitor: Monitor, batches: Sequence[int]) -> dict[str, datetime | None]:
    """Return the tiles whose indicators take facts of some batches, with the moment of the newest fact."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [list(batches)])
        newest: dict[int, datetime | None] = dict(cursor.fetchall())
    found: dict[str, datetime | None] = {}
    for tile, numbers in series_by_tile(monitor).items():
        if touched := numbers & newest.keys():
            known = [moment for one in touched if (moment := newest[one]) is not None]
            found[tile] = max(known) if known else None
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

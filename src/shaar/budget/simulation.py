"""Makes up months of an example budget, as files of a treasury that go through the real door."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from shaar.access.api import system_actor
from shaar.budget import links, treasury
from shaar.budget.models import Kind, Line, Side, Total, TreasuryFile
from shaar.indicators import api as indicators
from shaar.kernel import clock

COLUMNS = {name: name for name in ("unit", "day", "amount", "revenue", "functional", "economic", "source")}
# An invented budget: for each side its lines as unit, codes and som in a year.
LINES = {
    Side.REVENUE: (
        ("city-hall", {"revenue": "D1", "source": "DB"}, 8_400_000_000),
        ("city-hall", {"revenue": "D2", "source": "DB"}, 3_100_000_000),
        ("city-hall", {"revenue": "D3", "source": "DB"}, 2_700_000_000),
    ),
    Side.SPENDING: (
        ("city-hall", {"functional": "D01", "economic": "D21", "source": "DB"}, 5_200_000_000),
        ("city-hall", {"functional": "D01", "economic": "D31", "source": "DB"}, 1_900_000_000),
        ("tazalyk", {"functional": "D02", "economic": "D22", "source": "DB"}, 1_300_000_000),
        ("bishkekzelenhoz", {"functional": "D02", "economic": "D22", "source": "DB"}, 700_000_000),
        ("bishkekasfaltservis", {"functional": "D03", "economic": "D31", "source": "DB"}, 2_400_000_000),
        ("bpatp", {"functional": "D03", "economic": "D22", "source": "DB"}, 1_600_000_000),
    ),
}
SEASONS = (6, 7, 8, 8, 8, 8, 8, 8, 9, 9, 9, 12)  # percent of a year's money that falls on each month
LATE = 0.82  # what one unit spends of its plan, so that somebody underspends
PAST = 2  # whole years before the last one, without which no forecast could tell its error
AHEAD = Decimal("1.02")  # what is committed of a month's plan
# What lines of a unit pay for, so that the cost of a result is seen: unit and indicator.
RESULTS = (("bishkekzelenhoz", "greening.planted"), ("bishkekasfaltservis", "streets.pavements_repaired"))


def simulate(_pack: Path, *, days: int, seed: int, until: date) -> Iterator[str]:
    """Take in plans for each year, and the money of each whole month that ended in these days.

    Two whole years before come with them, unless a source states what these were.
    """
    months = _months(days, until)
    stated = set(Total.objects.filter(is_stated=True).values_list("year", flat=True).distinct())
    months |= {
        year: list(range(1, 13)) for year in range(until.year - PAST, until.year) if year not in stated
    }
    written = 0
    for year, known in sorted(months.items()):
        for side in Side:
            committed = known if side is Side.SPENDING else []
            steps = {Kind.PLAN: [-1], Kind.CASH_PLAN: [0], Kind.COMMITMENT: committed, Kind.EXECUTED: known}
            for kind, wanted in steps.items():
                written += sum(_month(year, month, side, kind, seed) for month in wanted)
    linked = _link(until.year)
    yield f"budget: {written} invented files of the treasury, {linked} lines linked to a result"


def _months(days: int, until: date) -> dict[int, list[int]]:
    """Return the whole months that ended in these days, by year."""
    first = until - timedelta(days=days - 1)
    months: dict[int, list[int]] = defaultdict(list)
    day = first.replace(day=1)
    while day <= until:
        following = (day + timedelta(days=32)).replace(day=1)
        if day >= first and following <= until + timedelta(days=1):
            months[day.year].append(day.month)
        day = following
    return months


def _link(year: int) -> int:
    """Link the invented lines of some units to an indicator of the pack."""
    known = {one.code for one in indicators.passports(codes=[code for _unit, code in RESULTS])}
    linked = 0
    for unit, code in RESULTS:
        lines = Line.objects.filter(year=year, side=Side.SPENDING, unit__code=unit, is_example=True)
        for line in lines.exclude(indicators__contains=[code]) if code in known else ():
            links.link(line.pk, f"{links.INDICATOR}:{code}", actor=system_actor("simulation"))
            linked += 1
    return linked


def _month(year: int, month: int, side: Side, kind: Kind, seed: int) -> bool:
    """Take one file in and write it, unless that was done; month 0 means each of twelve, -1 the year."""
    name = f"демо-{side.value}-{kind.value}-{year}" + (f"-{month:02}" if month > 0 else "") + ".csv"
    if TreasuryFile.objects.filter(name=name, state="written", is_example=True).exists():
        return False
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    total = Decimal(0)
    stated = {-1: [1], 0: list(range(1, 13))}.get(month, [month])
    for unit, codes, money in LINES[side]:
        key = f"{seed}:{unit}:{sorted(codes.items())}"
        for one in stated:
            amount = _amount(money, year, one if month >= 0 else 0, kind, key)
            total += amount
            cells = {"unit": unit, "day": f"{year}-{one:02}", "amount": str(amount)} | codes
            writer.writerow([cells.get(column, "") for column in COLUMNS])
    actor, at = system_actor("simulation"), clock.now()
    sent = treasury.Sent(
        name,
        out.getvalue().encode(),
        year,
        side.value,
        kind.value,
        COLUMNS,
        Decimal(1),
        total,
        is_example=True,
    )
    treasury.write(treasury.take_in(sent, actor=actor, at=at), actor=actor, at=at)
    return True


def _amount(money: int, year: int, month: int, kind: Kind, key: str) -> Decimal:
    """Return the money of a month, or of a year for month 0; executed money is off its plan by chance."""
    grown = Decimal(money) * (Decimal("1.05") ** (year - 2025))
    share = Decimal(SEASONS[month - 1]) / 100 if month else Decimal(1)
    chance = Random(f"{key}:{year}:{month}")  # noqa: S311 - not for secrets
    weather = Random(f"{key.partition(':')[0]}:{year}:{month}").uniform(0.84, 1.06)  # noqa: S311 - what a month does to all
    drift = (
        Decimal(str(round(chance.uniform(0.96, 1.03) * weather, 4))) if kind is Kind.EXECUTED else Decimal(1)
    )
    drift = AHEAD if kind is Kind.COMMITMENT else drift
    late = Decimal(str(LATE)) if kind is Kind.EXECUTED and "bishkekasfaltservis" in key else Decimal(1)
    return (grown * share * drift * late).quantize(Decimal("0.01"))

"""Rollups kept as facts arrive, rollups rebuilt and a reckoning in plain Python are the same, to the bit."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shaar.indicators.rollups import keeping, queries
from shaar.kernel.periods import PeriodKind
from shaar.kernel.quantities import Qualifier
from shaar.ledger import api as ledger
from tests.ledger.facts import NOON, fact, make_city

TABLES = ("cell", "series", "month", "unit")
MOMENTS = [NOON, NOON + timedelta(hours=5), NOON + timedelta(days=1), NOON + timedelta(days=40)]


@pytest.fixture(autouse=True)
def _city(db: None) -> None:
    make_city()


@st.composite
def quantities(draw: st.DrawFn) -> dict[str, Any]:
    low = draw(st.decimals(-1000, 1000, places=draw(st.integers(0, 3))))
    match draw(st.sampled_from(Qualifier)):
        case Qualifier.RANGE:
            return {"quantity": str(low), "upper": low + 5, "qualifier": Qualifier.RANGE}
        case Qualifier.DISPUTED:
            return {"quantity": None, "qualifier": Qualifier.DISPUTED, "as_written": "1 1684"}
        case other:
            return {"quantity": str(low), "qualifier": other}


FACTS = st.builds(
    lambda quantity, **rest: fact(**quantity, **rest),
    quantity=quantities(),
    happened_at=st.sampled_from(MOMENTS),
    unit=st.sampled_from(["u0", "u1"]),
    territory=st.sampled_from(["t0", "t1"]),
    covers=st.sampled_from([PeriodKind.DAY, PeriodKind.YEAR]),
    dimensions=st.sampled_from([{}, {"kind": "gold"}]),
    period_stated=st.booleans(),
)
BATCHES = st.lists(st.lists(FACTS, min_size=1, max_size=6), min_size=1, max_size=5)


def content(tables: tuple[str, ...] = TABLES) -> dict[str, list[str]]:
    """Return every row of the rollups as text, fresh rows merged before."""
    keeping.merge()
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t::text FROM indicators_rollup_{table} t ORDER BY 1")
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def naive(views: list[ledger.FactView]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return what each cell must hold, reckoned fact by fact."""
    groups: dict[tuple[Any, ...], list[ledger.FactView]] = defaultdict(list)
    for view in views:
        groups[view.series.id, view.unit, view.territory, view.day, view.covers].append(view)
    return {key: _naive(group) for key, group in groups.items()}


def _naive(group: list[ledger.FactView]) -> tuple[Any, ...]:
    def count(wanted: Any) -> int:
        return sum((-1 if view.reverses else 1) for view in group if wanted(view))

    known = [view for view in group if view.quantity is not None]
    uppers = [view.quantity if view.upper is None else view.upper for view in known]
    standing = [view for view in group if view.reverses is None and view.reversed_by is None]
    last = max(standing, key=lambda view: (view.happened_at, view.id), default=None)
    return (
        count(lambda view: view.id > 0),
        count(lambda view: view.quantity is not None),
        count(lambda view: view.qualifier in set(Qualifier) - {Qualifier.EXACT, Qualifier.DISPUTED}),
        count(lambda view: view.qualifier is Qualifier.DISPUTED),
        count(lambda view: not view.period_stated),
        sum((view.quantity for view in known), Decimal(0)) if known else None,
        sum(uppers, Decimal(0)) if known else None,
        *((last.happened_at, last.id, last.quantity, last.upper, last.qualifier) if last else [None] * 5),
    )


def kept() -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return what the door says of each cell."""
    from shaar.city import api as city

    found = {}
    for cell in queries.cells(None, first=None, last=None):
        unit = city.unit_codes([cell.unit])[cell.unit]
        territory = city.territory_codes([cell.territory])[cell.territory]
        found[cell.series, unit, territory, cell.day, cell.covers] = tuple(cell[5:])
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=BATCHES, data=st.data())
def test_kept_rebuilt_and_naive_are_identical(batches: list[list[ledger.Fact]], data: st.DataObject) -> None:
    with transaction.atomic():
        numbers, ids = [], []
        for batch in batches:
            recorded = ledger.record_many(batch)
            numbers.append(recorded.id)
            ids += [(recorded.id << 24) + n for n in range(1, recorded.count + 1)]
        for taken in data.draw(st.lists(st.sampled_from(ids), max_size=4, unique=True)):
            number = ledger.reverse(taken, reason="wrong", actor="chief", at=datetime(2023, 1, 1, tzinfo=UTC))
            numbers.append(number >> 24)
        for number in data.draw(st.permutations(numbers)):
            keeping.apply([number])
            if data.draw(st.booleans()):
                keeping.apply([number, *numbers[:1]])
            if data.draw(st.booleans()):
                keeping.merge()
        expected = naive(ledger.find(ledger.FactQuery(include_reversed=True)))
        assert kept() == expected
        incremental = content()
        keeping.rebuild()
        assert content() == incremental
        assert kept() == expected
        transaction.set_rollback(True)


def test_each_level_answers_like_the_cells() -> None:
    days = [NOON + timedelta(days=9 * n) for n in range(60)]
    facts = [fact(str(n), happened_at=day, unit=f"u{n % 2}") for n, day in enumerate(days)]
    keeping.apply([ledger.record_many(facts[:40]).id])
    keeping.merge()
    keeping.apply([ledger.record_many(facts[40:]).id])
    cells = queries.cells(None, first=None, last=None)
    for by, key in (
        ((), lambda cell: tuple(cell[:0])),
        (("series",), lambda cell: (cell.series,)),
        (("series", "month"), lambda cell: (cell.series, cell.day.replace(day=1))),
        (("year",), lambda cell: (cell.day.replace(day=1, month=1),)),
        (("half",), lambda cell: (cell.day.replace(day=1, month=1 if cell.day.month < 7 else 7),)),
        (("unit", "series"), lambda cell: (cell.unit, cell.series)),
        (("unit", "month"), lambda cell: (cell.unit, cell.day.replace(day=1))),
    ):
        for first, last in ((None, None), (date(2022, 9, 1), date(2023, 2, 28)), (date(2022, 9, 9), None)):
            expected: dict[Any, Decimal] = defaultdict(Decimal)
            for cell in cells:
                if (first or date.min) <= cell.day <= (last or date.max):
                    assert cell.total is not None
                    expected[key(cell)] += cell.total
            rows = queries.totals(None, by=by, first=first, last=last)
            assert {row[:-3]: row[-3] for row in rows} == expected, (by, first, last)


def test_a_stock_is_the_last_value_and_the_one_before_when_that_is_taken_back() -> None:
    early = ledger.record(fact("5", happened_at=NOON))
    late = ledger.record(fact("9", happened_at=NOON + timedelta(days=3)))
    keeping.catch_up()
    assert [cell.last_id for cell in queries.last(None, until=date(2022, 12, 31))] == [late]
    assert [cell.last_id for cell in queries.last(None, until=date(2022, 7, 15))] == [early]
    ledger.reverse(late, reason="wrong", actor="chief", at=NOON)
    assert keeping.catch_up() == 1
    assert keeping.catch_up() == 0
    assert [cell.last_quantity for cell in queries.last(None, until=date(2022, 12, 31))] == [Decimal(5)]


def is_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM indicators_rollup_applied WHERE NOT is_summed)")
        return bool(cursor.fetchone()[0])


def test_batches_are_merged_only_while_nothing_else_waits() -> None:
    keeping.apply([ledger.record_many([fact("5")]).id])
    behind = ledger.record_many([fact("7")]).id
    keeping.merge_when_idle()
    assert is_waiting()
    keeping.apply([behind])
    keeping.merge_when_idle()
    assert not is_waiting()
    assert queries.totals(None, by=()) == [(Decimal(12), 2, 0)]


def test_a_job_takes_along_what_was_recorded_since() -> None:
    first, second = (ledger.record_many([fact(number)]).id for number in ("5", "7"))
    assert keeping.keep_up(first) == 2
    assert keeping.keep_up(second) == 0
    assert queries.totals(None, by=()) == [(Decimal(12), 2, 0)]


def test_sums_of_nothing_are_no_number() -> None:
    assert queries.totals(None, by=()) == [(None, 0, 0)]

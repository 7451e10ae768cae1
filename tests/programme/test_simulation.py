"""Invented days: labelled, the same for the same seed, recorded once, and their parts make their totals."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from shaar.indicators import api as indicators
from shaar.kernel import jobs
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.ledger import api as ledger
from shaar.programme.facts import FIGURE_REPORTED
from shaar.programme.simulation import ACTOR, LABEL, simulate

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 10)
pytestmark = pytest.mark.django_db(transaction=True)


def made() -> list[ledger.FactView]:
    query = ledger.FactQuery(types=(FIGURE_REPORTED.name,), first=FIRST, last=LAST, limit=100_000)
    return ledger.find(query)


def run(pack: Path, *, days: int = 10, seed: int = 1) -> str:
    (line,) = simulate(pack, days=days, seed=seed, until=LAST)
    return line


def essence(facts: list[ledger.FactView]) -> list[tuple[object, ...]]:
    return [(one.series.id, one.day, one.unit, one.territory, one.quantity) for one in facts]


def test_every_invented_fact_says_that_it_is_invented(bishkek: Path) -> None:
    run(bishkek)
    facts = made()
    assert len({one.day for one in facts}) == 10
    assert {(one.actor, one.subject.title) for one in facts} == {(ACTOR, LABEL)}


def test_a_day_is_recorded_once_and_only_missing_days_are_added(bishkek: Path) -> None:
    assert "3 days; 0 days" in run(bishkek, days=3)
    held = {one.id for one in made()}
    assert "7 days; 3 days" in run(bishkek, days=10)
    assert held < {one.id for one in made()}
    assert run(bishkek, days=10).startswith("programme: 0 invented facts of 0 days")


def test_the_same_seed_makes_the_same_days_and_another_one_others(bishkek: Path) -> None:
    def tried(**wanted: int) -> list[tuple[object, ...]]:
        with transaction.atomic():
            run(bishkek, **wanted)
            found = essence(made())
            transaction.set_rollback(True)
        return found

    assert tried(seed=1) == tried(seed=1)
    assert tried(seed=1) != tried(seed=2)
    whole, short = tried(days=10), tried(days=2)
    assert short == [one for one in whole if one[1] >= date(2026, 10, 9)]  # type: ignore[operator]


def test_a_total_is_the_sum_of_its_parts_in_every_territory(bishkek: Path) -> None:
    run(bishkek)
    jobs.run_pending()
    total = indicators.passport("lighting.led_total")
    for territory in (None, "leninsky", "sverdlovsky"):
        parts = sum(number(code, territory) for code in total.parts)
        assert number(total.code, territory) == parts > 0


def number(code: str, territory: str | None) -> Decimal:
    found = indicators.value(code, Period.parse("2026-10"), territory=territory).quantity
    assert found is not None
    assert found.value is not None
    return found.value


def test_an_empty_ledger_has_nothing_to_go_on_from(pack: Path) -> None:
    with pytest.raises(Refusal) as refused:
        run(pack)
    assert refused.value.code == "nothing_to_simulate"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_fact")
        assert cursor.fetchone() == (0,)

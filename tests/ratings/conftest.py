"""The example regulation of the Bishkek pack, figures of two districts, and the people of a rating."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shaar.access import api as access
from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.periods import Period
from shaar.ledger import api as ledger
from shaar.ratings import rounds
from shaar.ratings.models import Regulation
from shaar.ratings.pack import load_pack
from tests.programme.conftest import pack

__all__ = ["pack"]
PASSWORD = "long-enough-2026"
QUARTER = Period.parse("2026-Q2")
LENINSKY, OKTYABRSKY = "administration-leninsky", "administration-oktyabrsky"
FACTS = {
    LENINSKY: {"culture.events_held": 8, "facilities.major_repairs_total": 3, "gas.pipes_length": 2},
    OKTYABRSKY: {"culture.events_held": 10, "facilities.major_repairs_total": 2, "gas.pipes_length": 4},
}


def recorded(unit: str, figure: str, number: int) -> None:
    """Record a figure of a unit in the quarter."""
    fact = ledger.Fact(
        type="programme.figure_reported.v1",
        happened_at=clock.noon(date(2026, 5, 14)),
        unit=unit,
        territory="bishkek",
        quantity=Decimal(number),
        measure=indicators.passport(figure).measure,
        subject=ledger.Subject("ratings", "example", "1", "демо", "/staff/"),
        actor="system:test",
        dimensions={"figure": figure},
    )
    indicators.add_batches([ledger.record_many([fact]).id])


@dataclass(frozen=True)
class Rated:
    """A round with its people: who runs it, who judges and approves, who heads a district."""

    number: int
    office: access.Actor
    mayor: access.Actor
    head: access.Actor


@pytest.fixture
def regulation(pack: Path) -> Regulation:
    load_pack(pack, actor="pack:bishkek")
    return Regulation.objects.get()


@pytest.fixture
def rated(regulation: Regulation) -> Rated:
    """Open the round of a quarter of which two districts have figures, both judged."""
    for unit, facts in FACTS.items():
        for figure, number in facts.items():
            recorded(unit, figure, number)
    office, mayor = person("office", "programme_office"), person("mayor", "mayor")
    head = person("head", "unit_head", unit=LENINSKY)
    number = rounds.open_round(regulation.pk, QUARTER, actor=office, at=clock.now())
    for unit in FACTS:
        rounds.judge(number, unit, points=Decimal(80), comment="демо", actor=mayor, at=clock.now())
    return Rated(number, office, mayor, head)


def person(name: str, role: str, *, unit: str | None = None) -> access.Actor:
    by = access.system_actor("test")
    access.create_user(name, name=name, password=PASSWORD, actor=by)
    access.assign_role(name, role, unit=unit, actor=by)
    return access.user_actor(name)

"""A city with the example classification, and a treasury's file to take in."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from shaar.access import api as access
from shaar.budget import treasury
from shaar.budget.pack import load_pack
from shaar.budget.treasury import Sent
from shaar.city import api as city
from shaar.kernel import clock
from tests.programme.conftest import BISHKEK

COLUMNS = {
    "unit": "Подразделение", "day": "Дата", "amount": "Сумма", "reason": "Причина",
    "functional": "ФКР", "economic": "ЭКР",
}  # fmt: skip
HEADS = ";".join(COLUMNS.values())
ROWS = (
    "tazalyk;31.01.2026;1 200 000,50;;D02;D22",
    "bpatp;31.01.2026;800 000,25;;D03;D22",
    "tazalyk;28.02.2026;-200,75;возврат;D02;D22",
)
TOTAL = Decimal("1999800.00")


def sent(
    rows: Iterable[str] = ROWS,
    *,
    total: Decimal | str = TOTAL,
    name: str = "казначейство.csv",
    heads: str = HEADS,
) -> Sent:
    content = "\n".join([heads, *rows]).encode("utf-8-sig")
    return Sent(name, content, 2026, "spending", "executed", COLUMNS, Decimal(1), Decimal(total))


@pytest.fixture
def budget(db: None) -> Path:
    """Return the pack with its units, roles and classification loaded."""
    city.load_pack(BISHKEK, actor="pack:bishkek")
    access.load_roles(BISHKEK, actor="pack:bishkek")
    load_pack(BISHKEK, actor="pack:bishkek")
    return BISHKEK


@pytest.fixture
def clerk(budget: Path) -> access.Actor:
    by = access.system_actor("test")
    access.create_user("clerk", name="clerk", password="long-enough-2023", actor=by)
    access.assign_role("clerk", "programme_office", actor=by)
    return access.user_actor("clerk")


def taken_in(given: Sent, clerk: access.Actor) -> treasury.TreasuryFile:
    number = treasury.take_in(given, actor=clerk, at=clock.now())
    return treasury.TreasuryFile.objects.get(pk=number)

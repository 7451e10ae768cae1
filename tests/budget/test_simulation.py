"""The invented budget goes through the real door and makes every part of the page of a year useful."""

from datetime import date
from pathlib import Path

import pytest

from shaar.budget import costs, shown
from shaar.budget.models import Line, Total, TreasuryFile
from shaar.budget.simulation import simulate
from shaar.indicators import api as indicators
from shaar.kernel import clock

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 4, 30)


def test_a_simulated_year_has_a_forecast_with_its_error_and_names_who_underspends(
    budget: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    indicators.load_pack(budget, actor="test")
    monkeypatch.setattr(clock, "today", lambda: UNTIL)
    list(simulate(budget, days=60, seed=1, until=UNTIL))
    assert not TreasuryFile.objects.exclude(state="written").exists()
    assert not TreasuryFile.objects.filter(is_example=False).exists(), "all of it is labelled"
    page = shown.year_of(Total.objects.all(), 2026, language="ru")
    assert page.has_examples
    for side in page.sides:
        assert side.forecast is not None
        assert (side.forecast.method, side.forecast.tried_on) == ("past_years", (2024, 2025))
        assert side.forecast.error_percent is not None
        assert 0 < side.forecast.error_percent < 20
    spending = page.sides[-1]
    late = [part.code for part, _reached in spending.standings[0].found]
    assert "bishkekasfaltservis" in late
    assert [one.passport.code for one in costs.of(Line.objects.all(), 2026)] != []
    files = TreasuryFile.objects.count()
    list(simulate(budget, days=60, seed=1, until=UNTIL))
    assert TreasuryFile.objects.count() == files, "a second run adds nothing"

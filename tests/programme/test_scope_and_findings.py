from decimal import Decimal

from shaar.indicators import api as indicators
from shaar.kernel.periods import Period
from shaar.programme import api, models

YEAR = Period.year(2022)


def disagreeing():
    codes = [one.code for one in indicators.passports()]
    found = indicators.findings(codes, YEAR)
    return [one for one in found if one.rule == "status_disagrees"]


def test_the_citys_own_figures_raise_no_false_disagreement(bishkek, run_jobs):
    run_jobs()
    assert disagreeing() == []


def test_a_measure_stated_executed_with_a_missed_target_is_a_finding(bishkek, run_jobs):
    run_jobs()
    models.Target.objects.filter(link__indicator="transport.buses_delivered").update(value=Decimal(100_000))
    entries = models.ProgressEntry.objects.filter(measure__code="transport-buses")
    assert entries.update(status="executed") == 1
    (finding,) = disagreeing()
    assert (finding.numbers["stated"], finding.severity) == ("executed", "warning")
    assert finding.indicators == ("transport.buses_delivered",)


def test_a_programme_has_its_own_indicators_only(bishkek):
    every = {one.code for one in indicators.passports()}
    assert set(api.indicator_codes("bishkek-2026", year=2022)) == every
    assert api.indicator_codes("bishkek-2026", year=2021) == []
    models.MeasureIndicator.objects.exclude(indicator="lifts.delivered").delete()
    models.LoadedRow.objects.update(digest="")
    models.Programme.objects.update(stated_totals=[])
    left = set(api.indicator_codes("bishkek-2026", year=2022))
    assert "lifts.delivered" in left
    assert "budget.revenue" not in left

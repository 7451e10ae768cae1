"""The demonstration round: one report in each state, labelled, apart from the figures of the city."""

from pathlib import Path

from shaar.access import demo as people_demo
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.ledger.api import FactQuery, find
from shaar.programme import api, demo, models, reporting
from shaar.programme.facts import MEASURE_STATUS_STATED


def test_the_demonstration_shows_one_report_in_each_state(bishkek: Path) -> None:
    before = [(one.code, one.stated_status) for one in api.measures("bishkek-2026", year=2022)]
    people_demo.load(bishkek)
    demo.load(bishkek)
    reports = {one.measures[0]: one for one in reporting.reports_of(models.ReportingRound.objects.get().pk)}
    found = {code: (one.state, one.is_overdue) for code, one in reports.items()}
    assert found == {
        "demo-draft": ("draft", False),
        "demo-submitted": ("submitted", False),
        "demo-approved": ("approved", False),
        "demo-returned": ("returned", True),
        "demo-accepted": ("accepted", False),
        "demo-missing": ("draft", True),
    }
    assert all(one.round.is_demo and one.figures == () for one in reports.values())
    assert all("(демо)" in entry.text for one in reports.values() for entry in one.entries)
    assert reports["demo-missing"].entries == ()
    done_by = {line.actor for one in reports.values() for line in cases.timeline(one.case_id)}
    assert all("(демо)" in name for name in done_by - {"demo"})
    stated = [
        one
        for one in find(FactQuery(types=(MEASURE_STATUS_STATED.name,)))
        if one.dimensions["programme"] == demo.PROGRAMME
    ]
    assert [one.day.year for one in stated] == [2025]
    assert [paper.kind for paper in stated[0].evidence] == ["file", "case"]
    assert all("(демо)" in name for name in (api.programme("demo", on=clock.today()).name.ru,))
    assert api.indicator_codes("demo", year=2025) == []
    demo.load(bishkek)
    assert models.ReportingRound.objects.count() == 1
    after = [(one.code, one.stated_status) for one in api.measures("bishkek-2026", year=2022)]
    assert after == before

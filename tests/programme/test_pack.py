# ruff: noqa: E501 the parameters read best as lines
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shaar.kernel.errors import Refusal
from shaar.kernel.quantities import Qualifier
from shaar.ledger.api import FactQuery, find
from shaar.programme import api
from shaar.programme.facts import FIGURE_REPORTED, MEASURE_STATUS_STATED
from shaar.programme.models import Measure
from shaar.programme.pack import check

FIGURES = FactQuery(types=(FIGURE_REPORTED.name,))
STATUSES = FactQuery(types=(MEASURE_STATUS_STATED.name,))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_pack_has_no_mistakes(pack: Path) -> None:
    assert list(check(pack)) == []


def test_loading_records_every_figure_and_status_as_a_fact(bishkek: Path) -> None:
    facts = {fact.subject.id: fact for fact in find(FIGURES)}
    assert len(facts) == 108
    assert facts["report-2022#S01"].quantity == Decimal(15)
    assert facts["report-2022#S01"].evidence[0].place
    disputed = facts["report-2022#O06"]
    assert (disputed.quantity, disputed.qualifier) == (None, Qualifier.DISPUTED)
    assert disputed.as_written == "1 1684"
    assert len(find(STATUSES)) == Measure.objects.filter(programme__code="bishkek-2026").count() == 66


def test_loading_twice_records_nothing(bishkek: Path) -> None:
    before = [fact.id for fact in find(FIGURES)] + [fact.id for fact in find(STATUSES)]
    api.load_pack(bishkek, actor="pack:bishkek")
    assert [fact.id for fact in find(FIGURES)] + [fact.id for fact in find(STATUSES)] == before


def test_a_changed_row_takes_its_fact_back_and_records_another(bishkek: Path) -> None:
    figures = bishkek / "figures" / "2022.csv"
    line = "S01,education.schools_built,,2022,bishkek,city-hall,15,"
    replace(figures, line, line.replace(",15,", ",16,"))
    api.load_pack(bishkek, actor="pack:bishkek")
    facts = find(FIGURES)
    assert len(facts) == 108
    assert next(one for one in facts if one.subject.id == "report-2022#S01").quantity == Decimal(16)
    everything = find(FactQuery(types=(FIGURE_REPORTED.name,), include_reversed=True))
    assert len(everything) == 110


def test_a_row_that_leaves_the_pack_and_comes_back_is_recorded_again(bishkek: Path) -> None:
    figures = bishkek / "figures" / "2022.csv"
    whole = figures.read_text(encoding="utf-8")
    figures.write_text("".join(one for one in whole.splitlines(True) if not one.startswith("S01,")), "utf-8")
    api.load_pack(bishkek, actor="pack:bishkek")
    assert len(find(FIGURES)) == 107
    figures.write_text(whole, encoding="utf-8")
    api.load_pack(bishkek, actor="pack:bishkek")
    assert len(find(FIGURES)) == 108


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "where"),
    [
        ("figures/2022.csv", "S01,education.schools_built,,2022,bishkek,", "S01,x,,2022,nowhere,", "unknown_territory", ":6 territory"),
        ("figures/2022.csv", "S01,education.schools_built,,2022,bishkek,city-hall,15", "S01,x,,2022,bishkek,city-hall,1 5", "not_a_number", ":6 value"),
        ("figures/2022.csv", "S01,education.schools_built,,2022,", "S01,x,,2022-13,", "malformed_period", ":6 period"),
        ("figures/2022.csv", "S02,", "S01,", "row_exists", ":7 row"),
        ("programmes/bishkek-2026.yaml", "indicators: [education.schools_built]", "indicators: [no.such]", "unknown_indicator", "indicators"),
        ("programmes/bishkek-2026.yaml", "responsible: [bishkekgorlift]", "responsible: [nobody]", "unknown_unit", "responsible"),
        ("programmes/bishkek-2026.yaml", "act: plan-2022", "act: plan-1900", "unknown_act", "revisions[0].act"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_file_line_and_field_and_nothing_is_loaded(
    pack: Path, file: str, old: str, new: str, code: str, where: str
) -> None:
    replace(pack / file, old, new)
    with pytest.raises(Refusal) as refused:
        api.load_pack(pack, actor="pack:bishkek")
    problem = refused.value.problems[0]
    assert problem.code == code
    assert Path(file).name in str(problem.place)
    assert where in str(problem.place)
    assert problem.place
    assert problem.place.line
    assert api.programmes() == []
    assert find(FIGURES) == []


def test_the_programme_stands_as_the_pack_says(bishkek: Path) -> None:
    view = api.programme("bishkek-2026", on=date(2022, 12, 31))
    assert [one.number for one in view.directions] == [1, 2, 3, 4, 5, 6]
    assert view.revision
    assert view.revision.act.code == "plan-2022"
    assert sum(len(one.measures) for one in view.directions) == 66
    assert api.programme("bishkek-2026", on=date(2022, 8, 1)).revision is None
    lifts = api.measure("bishkek-2026", "lifts-replacement", year=2022)
    assert lifts.responsible == ("bishkekgorlift",)
    assert lifts.targets[0][1].value == Decimal(100)


def test_named_measures_stand_beside_the_stated_totals(bishkek: Path, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    summary = api.progress("bishkek-2026", year=2022)
    assert summary.itemised == 66
    assert (summary.stated_all, summary.stated_executed, summary.stated_in_progress) == (167, 55, 112)

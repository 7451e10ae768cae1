"""A line says which measures and indicators it pays for, and the page of the year says what these cost."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from shaar.access import api as access
from shaar.access.models import User
from shaar.budget import costs, links, totals, treasury
from shaar.budget.models import Line
from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.programme import api as programme
from tests.budget.conftest import ROWS, sent, taken_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(clerk: access.Actor, budget: Path) -> Line:
    """Return a line of spending of a year in which the measures of the pack run."""
    indicators.load_pack(budget, actor="test")
    programme.load_pack(budget, actor="test")
    rows = [row.replace("2026", "2022") for row in ROWS]
    file = taken_in(replace(sent(rows), year=2022), clerk)
    treasury.write(file.pk, actor=clerk, at=clock.now())
    return Line.objects.get(key="economic=D22 functional=D02")


@pytest.fixture
def visitor(clerk: access.Actor) -> Client:
    client = Client()
    user = User.objects.get(username="clerk")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def one_of(line: Line, kind: str) -> links.Result:
    return next(one for one in links.results(line.year) if one.kind == kind)


@pytest.mark.parametrize("kind", [links.INDICATOR, links.MEASURE])
def test_a_line_is_linked_once_and_unlinked(clerk: access.Actor, line: Line, kind: str) -> None:
    wanted = one_of(line, kind)
    links.link(line.pk, wanted.key, actor=clerk)
    line.refresh_from_db()
    assert links.results_of(line) == [wanted]
    for key, code in ((wanted.key, "linked"), (f"{kind}:nothing", "unknown_result"), ("", "unknown_result")):
        with pytest.raises(Refusal) as refused:
            links.link(line.pk, key, actor=clerk)
        assert refused.value.code == code
    links.unlink(line.pk, wanted.key, actor=clerk)
    line.refresh_from_db()
    assert links.results_of(line) == []


def test_the_money_of_a_measure_is_that_of_its_lines(clerk: access.Actor, line: Line) -> None:
    wanted = one_of(line, links.MEASURE)
    links.link(line.pk, wanted.key, actor=clerk)
    (paid,) = costs.of_measures(totals.visible(clerk), line.year)
    assert (paid.result, paid.sums) == (wanted, totals.sums_of_lines(Line.objects.filter(pk=line.pk)))


def test_a_line_is_linked_on_its_page_and_a_wrong_choice_told_at_its_place(
    visitor: Client, line: Line
) -> None:
    page, action = f"/staff/budget/lines/{line.pk}/", f"/staff/budget/lines/{line.pk}/results/"
    answer = visitor.post(action, {"result": "measure:nothing"}).content.decode()
    assert 'id="id_result-error"' in answer
    assert "Выберите мероприятие этого года или показатель." in answer
    wanted = one_of(line, links.MEASURE)
    assert visitor.post(action, {"result": wanted.key}).headers["Location"] == page
    assert wanted.name.ru[:40] in visitor.get(page).content.decode()
    assert wanted.name.ru[:40] in visitor.get(f"/staff/budget/?year={line.year}").content.decode()
    visitor.post(action, {"end": wanted.key})
    line.refresh_from_db()
    assert line.measures == []


def test_who_only_sees_the_budget_links_nothing(line: Line) -> None:
    by = access.system_actor("test")
    access.create_user("mayor", name="mayor", password="long-enough-2023", actor=by)
    access.assign_role("mayor", "mayor", actor=by)
    with pytest.raises(Refusal) as refused:
        links.link(line.pk, one_of(line, links.INDICATOR).key, actor=access.user_actor("mayor"))
    assert refused.value.code == "forbidden"

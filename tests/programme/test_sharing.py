"""More programmes: a measure that serves two is stated once, and what a source does not say is missing."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from shaar.kernel import jobs
from shaar.kernel.errors import Refusal
from shaar.programme import packfiles, promises, queries, reporting, services
from tests.programme.conftest import AT, People

pytestmark = pytest.mark.django_db(transaction=True)
CONTRACT, HOME, LIFTS = "contract-lifts-2022", "bishkek-2026", "lifts-replacement"
DAY = date(2022, 12, 31)


def test_a_shared_measure_stands_in_both_programmes_and_is_stated_in_one(bishkek: Path) -> None:
    there = queries.measure(HOME, LIFTS, year=2022)
    here = next(one for one in queries.measures(CONTRACT, year=2022) if one.code == LIFTS)
    assert (here.programme, here.node, here.direction) == (HOME, "delivery", 1)
    assert (here.text, here.status, here.linked) == (there.text, there.status, there.linked)
    assert [one.code for one in queries.own_measures(CONTRACT, year=2022, on=DAY)] == ["payment-in-stages"]
    assert [code for code, _name in queries.serves(HOME, LIFTS)] == [CONTRACT]
    with pytest.raises(Refusal) as refused:
        queries.measure(CONTRACT, LIFTS, year=2022)
    assert refused.value.code == "unknown_measure"


def test_a_round_asks_for_a_shared_measure_only_where_it_is_stated(bishkek: Path, people: People) -> None:
    opened = [services.open_round(one, "2022-Q4", actor=people.office, at=AT) for one in (HOME, CONTRACT)]
    asked = Counter(
        code for one in opened for report in reporting.reports_of(one.id) for code in report.measures
    )
    assert asked[LIFTS] == asked["payment-in-stages"] == 1


def test_a_contract_shows_what_was_delivered_of_what_was_promised(bishkek: Path) -> None:
    jobs.run_pending()
    (lifts,) = promises.of(queries.programme(CONTRACT, on=date.max))
    assert (lifts.sum, lifts.plan, lifts.percent) == (Decimal(20), Decimal(100), Decimal("20.0"))
    assert [bool(value.quantity) for _year, value in lifts.years] == [True, False, False, False]


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_every_programme_has_a_page_that_says_what_is_missing(
    bishkek: Path, client: Client, language: str
) -> None:
    jobs.run_pending()
    client.cookies["django_language"] = language
    words = {"ru": "Шаар их не выдумывает", "ky": "Шаар аларды ойлоп таппайт"}[language]
    for one in queries.programmes():
        page = client.get(f"/programmes/{one.code}/").content.decode()
        assert (words in page) == (not one.directions and not queries.measures(one.code, year=one.first_year))
    assert client.get(f"/programmes/{CONTRACT}/directions/1/").status_code == 200
    page = client.get(f"/programmes/{CONTRACT}/measures/?year=2022").content.decode()
    assert f"/programmes/{HOME}/measures/{LIFTS}/" in page


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("bishkek-2026/no-such-measure", "unknown_measure"),
        ("contract-lifts-2022/payment-in-stages", "own_measure"),
        ("bishkek-2026/lifts-replacement}\n  - {measure: bishkek-2026/lifts-replacement", "measure_exists"),
    ],
)
def test_a_wrong_share_is_told_with_its_place(pack: Path, written: str, code: str) -> None:
    path = pack / "programmes" / "contract-lifts-2022.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("bishkek-2026/lifts-replacement", written), encoding="utf-8")
    (problem,) = packfiles.read(pack).problems
    assert problem.code == code
    assert problem.place is not None
    expected = text[: text.index("bishkek-2026/lifts")].count("\n") + written.count("\n") + 1
    assert (problem.place.file, problem.place.line) == (str(path), expected)


def test_measures_without_a_revision_are_refused(pack: Path) -> None:
    path = pack / "programmes" / "contract-lifts-2022.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    start = lines.index("revisions:\n")
    path.write_text("".join(lines[:start] + lines[start + 2 :]), encoding="utf-8")
    assert [one.code for one in packfiles.read(pack).problems] == ["no_revision"]

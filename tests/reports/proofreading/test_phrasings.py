"""What reports say in many ways is understood in each: no false error, nine of ten errors caught."""

from functools import cache
from itertools import chain

import pytest

from tests.reports.proofreading.phrases import PHRASINGS, Telling, findings, tellings

CLASSES = sorted(path.stem for path in PHRASINGS.glob("*.yaml"))


@cache
def said(text: str, *, framed: bool) -> set[tuple[str, tuple[str, ...]]]:
    return {(one.rule, tuple(spot.quote for spot in one.spots)) for one in findings(text, framed=framed)}


def missed(telling: Telling, *, framed: bool) -> list[str]:
    usual = said(telling.clean, framed=framed)
    return [text for text in telling.planted if not said(text, framed=framed) - usual]


@pytest.mark.parametrize("framed", [False, True], ids=["alone", "among others"])
@pytest.mark.parametrize("name", CLASSES)
def test_nine_of_ten_errors_planted_into_every_phrasing_are_caught(name: str, framed: bool) -> None:
    found = list(tellings(name))
    planted = sum(len(each.planted) for each in found)
    misses = list(chain.from_iterable(missed(each, framed=framed) for each in found))
    assert len(misses) <= planted / 10, "\n".join(misses)


@pytest.mark.parametrize("framed", [False, True], ids=["alone", "among others"])
@pytest.mark.parametrize("name", CLASSES)
def test_no_phrasing_without_an_error_is_called_wrong(name: str, framed: bool) -> None:
    wrong = {each.clean for each in tellings(name) if said(each.clean, framed=framed)}
    assert not wrong

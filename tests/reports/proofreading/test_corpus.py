"""The part of the corpus that was worked on stays caught, without a false error."""

import runpy
from typing import Any

import pytest

from tests.architecture.sources import ROOT

BENCH = runpy.run_path(str(ROOT / "bench" / "check_text.py"))


@pytest.fixture(scope="module")
def develop() -> dict[str, Any]:
    return BENCH["score"]("develop", BENCH["checked"])


def test_nine_of_ten_planted_errors_are_caught(develop: dict[str, Any]) -> None:
    assert develop["planted"] > 80
    assert develop["recall"] >= 0.9, develop["missed"]


def test_clean_texts_have_hardly_a_false_error(develop: dict[str, Any]) -> None:
    assert develop["false_errors_per_50_figures"] <= 0.25, develop["false"]


def test_the_corpus_says_that_its_cities_are_invented() -> None:
    for path in sorted((ROOT / "tests/reports/proofreading/corpus").glob("*/*.[th]*")):
        head = path.read_text(encoding="utf-8")[:400].lower()
        assert any(word in head for word in ("вымыш", "выдуман", "не существует")), path

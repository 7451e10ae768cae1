"""What is wrong in the real report of 2022 is found, and nothing that is right is called an error."""

from io import BytesIO

import pytest

from shaar.reports.proofreading import Finding, Severity, check
from tests.architecture.sources import ROOT

REPORT = ROOT / "tests" / "reports" / "proofreading" / "report-2022.txt"


@pytest.fixture(scope="module")
def findings() -> tuple[Finding, ...]:
    return check(BytesIO(REPORT.read_bytes()), name=REPORT.name).findings


def test_the_gap_of_the_lamps_and_the_malformed_number_are_the_only_errors(
    findings: tuple[Finding, ...],
) -> None:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    assert [(finding.rule, finding.spots[0].line) for finding in errors] == [("parts", 42), ("malformed", 42)]
    lamps, malformed = errors
    assert lamps.facts["difference"] == "1389"
    assert "не хватает 1\u00a0389" in lamps.message()
    assert malformed.facts["readings"] == "11\u00a0684; 1\u00a0684; 1\u00a0168,4"


def test_both_pairs_that_are_alike_but_different_are_warnings(findings: tuple[Finding, ...]) -> None:
    warnings = [one for one in findings if one.severity is Severity.WARNING and one.rule != "grammar"]
    lines = [tuple(spot.line for spot in one.spots) for one in warnings]
    assert lines == [(42, 57), (52, 58)]


def test_slips_of_grammar_are_found(findings: tuple[Finding, ...]) -> None:
    slips = {
        finding.spots[0].quote: finding.facts["right"] for finding in findings if finding.rule == "grammar"
    }
    assert slips["851 камер"] == "851 камера"
    assert slips["222 камер"] == "222 камеры"
    assert slips["установлен 1 511 лотков"] == "установлено 1 511 лотков"


def test_a_total_that_is_never_said_is_a_remark(findings: tuple[Finding, ...]) -> None:
    (missing,) = [finding for finding in findings if finding.rule == "missing_total"]
    assert missing.facts["sum"] == "1\u00a0161\u00a0004"


def test_large_deeds_without_a_period_are_remarks(findings: tuple[Finding, ...]) -> None:
    lines = {finding.spots[0].line for finding in findings if finding.rule == "no_period"}
    assert {28, 36} <= lines

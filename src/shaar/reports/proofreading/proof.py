"""Proofreads a text: reads it, recognises its figures, applies every rule."""

from typing import BinaryIO

from shaar.reports.proofreading.findings import Finding, Proof, Severity
from shaar.reports.proofreading.reading import read
from shaar.reports.proofreading.rules import RULES
from shaar.reports.proofreading.text import stated, text_of


def check(stream: BinaryIO, *, name: str) -> Proof:
    """Return the proof of a file; raise Unreadable where it cannot be read.

    `name` tells the format where the content does not and names the proof; nothing is opened by it.
    """
    reading = read(stream, name=name)
    text = text_of(reading.passages)
    findings = [finding for rule in RULES for finding in rule(text)]
    return Proof(
        name,
        reading.format,
        tuple(passage.text for passage in reading.passages),
        tuple(stated(text, figure) for figure in text.figures),
        _ordered(findings),
        text.checked,
    )


def _ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    by_weight = sorted(findings, key=lambda one: one.severity is Severity.ERROR)
    unique = {(finding.rule, frozenset(finding.spots)): finding for finding in by_weight}
    return tuple(
        sorted(unique.values(), key=lambda one: (one.spots[0].passage, one.spots[0].start, one.rule))
    )

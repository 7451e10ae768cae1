"""Writes a proof for the terminal: one block for each finding, then a line of totals."""

from collections.abc import Iterator

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.findings import Finding, Proof, Severity, Spot
from shaar.reports.proofreading.messages import sentences


def printed(proof: Proof, *, language: str = "ru") -> str:
    """Return the findings as text, each with its place, quote and reason."""
    return "\n".join([*_blocks(proof, language), _totals(proof, language)])


def _blocks(proof: Proof, language: str) -> Iterator[str]:
    for finding in proof.findings:
        word = lexicon.messages()[f"severity_{finding.severity}"][language]
        yield f"{place(proof, finding.spots[0], language)}: {word} [{finding.rule}]"
        yield f"  {finding.message(language)}"
        yield from _quotes(proof, finding, language)
        yield ""


def _quotes(proof: Proof, finding: Finding, language: str) -> Iterator[str]:
    for index, spot in enumerate(finding.spots):
        where = "" if index == 0 else f"{place(proof, spot, language)}: "
        yield f"    {where}{around(proof, spot)}"


def place(proof: Proof, spot: Spot, language: str) -> str:
    """Return where a spot is, in words."""
    named = [("page", spot.page), ("line", spot.line)]
    if spot.table is not None:
        named = [("page", spot.page), ("table", spot.table), ("row", spot.row), ("column", spot.column)]
    words = [sentences(f"place_{key}", number=value)[language] for key, value in named if value is not None]
    return f"{proof.name}, {', '.join(words)}"


def around(proof: Proof, spot: Spot, *, width: int = 40) -> str:
    """Return what stands at a spot with a little of its surroundings, the spot in brackets."""
    text = proof.passages[spot.passage]
    start, end = max(0, spot.start - width), min(len(text), spot.end + width)
    before, after = text[start : spot.start], text[spot.end : end]
    marked = f"{before}⟦{text[spot.start : spot.end]}⟧{after}"
    return f"{'…' if start else ''}{' '.join(marked.split())}{'…' if end < len(text) else ''}"


def _totals(proof: Proof, language: str) -> str:
    counts = {severity.value: proof.count(severity) for severity in Severity}
    filled = sentences("totals", figures=len(proof.quantities), checked=proof.relations_checked, **counts)
    return filled[language]

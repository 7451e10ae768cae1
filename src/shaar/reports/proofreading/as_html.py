"""Writes a proof as one page: the text with marks, each finding beside its passage."""

from collections.abc import Iterator
from html import escape
from importlib.resources import files

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.findings import Finding, Proof
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.printing import place

Mark = tuple[int, int, int, Finding]


def as_html(proof: Proof, *, language: str = "ru") -> str:
    """Return the page."""
    style = (files(__package__) / "data" / "page.css").read_text(encoding="utf-8")
    totals = sentences(
        "totals", figures=len(proof.quantities), checked=proof.relations_checked, **_counts(proof)
    )
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{language}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(proof.name)}</title>",
            f"<style>{style}</style></head><body><main>",
            f"<h1>{escape(proof.name)}</h1>",
            f"<p>{escape(totals[language])}</p>",
            *_passages(proof, language),
            "</main></body></html>",
        ]
    )


def _counts(proof: Proof) -> dict[str, int]:
    from shaar.reports.proofreading.findings import Severity

    return {severity.value: proof.count(severity) for severity in Severity}


def _passages(proof: Proof, language: str) -> Iterator[str]:
    marks = _marks(proof)
    for number, text in enumerate(proof.passages):
        if not text.strip():
            continue
        own = marks.get(number, [])
        yield f'<div class="passage"><p>{_marked(text, own)}</p>'
        notes = [
            _note(proof, index, finding, language)
            for _, _, index, finding in own
            if _is_first(number, finding)
        ]
        if notes:
            yield f"<aside><ol>{''.join(dict.fromkeys(notes))}</ol></aside>"
        yield "</div>"


def _is_first(number: int, finding: Finding) -> bool:
    return finding.spots[0].passage == number


def _marks(proof: Proof) -> dict[int, list[Mark]]:
    """Return the marks of each passage in reading order, none overlapping another."""
    found: dict[int, list[Mark]] = {}
    for index, finding in enumerate(proof.findings, 1):
        for spot in finding.spots:
            found.setdefault(spot.passage, []).append((spot.start, spot.end, index, finding))
    return {passage: sorted(own, key=lambda mark: mark[:3]) for passage, own in found.items()}


def _marked(text: str, marks: list[Mark]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, index, finding in marks:
        if start >= at:
            parts.append(escape(text[at:start]))
            parts.append(f'<mark class="{finding.severity}">{escape(text[start:end])}</mark>')
            at = end
        parts.append(f'<sup><a href="#finding-{index}">{index}</a></sup>')
    parts.append(escape(text[at:]))
    return "".join(parts)


def _note(proof: Proof, index: int, finding: Finding, language: str) -> str:
    word = lexicon.messages()[f"severity_{finding.severity}"][language]
    where = place(proof, finding.spots[0], language)
    return (
        f'<li id="finding-{index}" value="{index}" class="{finding.severity}">'
        f"<b>{escape(word)}</b> {escape(finding.message(language))} <small>{escape(where)}</small></li>"
    )

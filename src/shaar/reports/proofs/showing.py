"""A proof as its page shows it: passages in pieces, each finding beside the passage where it begins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from shaar.reports.models import ProofDecision, Verdict
from shaar.reports.proofreading import Finding, Proof
from shaar.reports.proofreading.printing import place
from shaar.reports.proofs.fingerprints import fingerprint

PASSAGES_OF_A_PAGE = 300


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it is told: what, why, who, when, and in which text."""

    verdict: str
    label: str
    reason: str
    name: str
    at: datetime
    text: int


@dataclass(frozen=True, slots=True)
class Note:
    """A finding beside the text; `page` is the page of the text on which it stands."""

    number: int
    key: str
    severity: str
    message: str
    place: str
    passage: int
    page: int
    history: tuple[Decision, ...]

    @property
    def decision(self) -> Decision | None:
        """Return the decision that counts: the newest, unless it shows the finding again."""
        newest = self.history[0] if self.history else None
        return None if newest is None or newest.verdict == Verdict.REOPENED else newest

    @property
    def is_dismissed(self) -> bool:
        """Tell whether the finding is folded away."""
        return self.decision is not None and self.decision.verdict == Verdict.DISMISSED


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage; a marked one names its finding, `anchor` only at the finding's first place."""

    text: str
    note: Note | None = None
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A passage of the text with the findings that begin in it."""

    number: int
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]


def notes(proof: Proof) -> tuple[Note, ...]:
    """Return the findings of a proof in reading order with what was decided about them, in any text."""
    language = (get_language() or "ru")[:2]
    keys = [fingerprint(one) for one in proof.findings]
    page_of = pages(proof)
    decided = decisions(keys)
    return tuple(
        Note(
            number=number,
            key=key,
            severity=finding.severity.value,
            message=finding.message(language),
            place=place(proof, finding.spots[0], language),
            passage=finding.spots[0].passage,
            page=page_of[finding.spots[0].passage],
            history=decided.get(key, ()),
        )
        for number, (key, finding) in enumerate(zip(keys, proof.findings, strict=True), 1)
    )


def decisions(keys: Iterable[str]) -> Mapping[str, tuple[Decision, ...]]:
    """Return every decision about these findings, the newest first."""
    found: dict[str, tuple[Decision, ...]] = {}
    for row in ProofDecision.objects.filter(fingerprint__in=set(keys)).order_by("-pk"):
        label = str(Verdict(row.verdict).label)
        made = Decision(row.verdict, label, row.reason, row.decided_name, row.decided_at, row.text_id)
        found[row.fingerprint] = (*found.get(row.fingerprint, ()), made)
    return found


def lines(proof: Proof, shown: Iterable[Note]) -> list[Line]:
    """Return the passages that are not empty, with marks and notes of the findings that are shown."""
    beside: dict[int, list[Note]] = {}
    marks: dict[int, list[tuple[int, int, Note, str]]] = {}
    for note in shown:
        beside.setdefault(note.passage, []).append(note)
        if not note.is_dismissed:
            _mark(marks, note, proof.findings[note.number - 1])
    return [
        Line(number, tuple(_pieces(text, marks.get(number, ()))), tuple(beside.get(number, ())))
        for number, text in enumerate(proof.passages)
        if text.strip()
    ]


def _mark(marks: dict[int, list[tuple[int, int, Note, str]]], note: Note, finding: Finding) -> None:
    for index, spot in enumerate(finding.spots):
        anchor = "" if index else f"mark-{note.number}"
        marks.setdefault(spot.passage, []).append((spot.start, spot.end, note, anchor))


def _pieces(text: str, marks: Iterable[tuple[int, int, Note, str]]) -> Iterable[Piece]:
    """Cut a passage at its marks; where marks overlap the later one is empty and only names its finding."""
    at = 0
    for start, end, note, anchor in sorted(marks, key=lambda one: (one[0], one[1], one[2].number)):
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[max(start, at) : end], note, anchor)
        at = max(at, end)
    if at < len(text):
        yield Piece(text[at:])


def pages(proof: Proof) -> dict[int, int]:
    """Return the page of the text on which each passage is shown."""
    filled = [number for number, text in enumerate(proof.passages) if text.strip()]
    return {number: index // PASSAGES_OF_A_PAGE + 1 for index, number in enumerate(filled)}

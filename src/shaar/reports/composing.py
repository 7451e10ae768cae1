"""Composes a report from a snapshot in one language: the pack's text, findings, the annex."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import override

from shaar.kernel.periods import Period
from shaar.reports import wording
from shaar.reports.differences import Difference
from shaar.reports.documents import (
    Block,
    BulletList,
    Document,
    FigureLink,
    Heading,
    Inline,
    Inlines,
    Paragraph,
    Strong,
    Table,
    Words,
)  # fmt: skip
from shaar.reports.drafting import draft
from shaar.reports.snapshot import Figure, Finding, Snapshot, Source

DASH = "—"


@dataclass(frozen=True, slots=True)
class Imprint:
    """What identifies a report: the edition's number (0: a draft), its hash, the address of its traces."""

    public_url: str
    number: int = 0
    hash: str = ""
    differences: tuple[Difference, ...] = ()

    def trace_url(self, indicator: str, period: str) -> str:
        """Return the absolute address of a figure's trace page, as this edition froze it."""
        edition = f"?edition={self.number}" if self.number else ""
        return f"{self.public_url.rstrip('/')}/figures/{indicator}/{period}/{edition}"


def compose(snapshot: Snapshot, language: str, imprint: Imprint) -> Document:
    """Return the whole report in a language; raise Refusals for what the template names wrongly."""
    with override(language):
        title, body = draft(snapshot, language, trace_url=imprint.trace_url)
        annex = _Annex(snapshot, language, imprint)
        return Document(
            title=title or snapshot.programme_name.of(language),
            language=language,
            author=snapshot.author.of(language),
            subject=snapshot.programme_name.of(language),
            made_at=snapshot.taken_at,
            body=(*body, *annex.remarks(), *annex.differences(), *annex.imprint()),
            annex=tuple(annex.figures()),
        )


@dataclass(frozen=True)
class _Annex:
    snapshot: Snapshot
    language: str
    imprint_: Imprint

    def remarks(self) -> list[Block]:
        """Return the section of findings and what the rules confirm."""
        found = [finding for finding in self.snapshot.findings if finding.outcome == "finding"]
        confirmed = [finding for finding in self.snapshot.findings if finding.outcome == "confirmed"]
        blocks: list[Block] = [Heading(1, _("Findings"), "remarks")]
        if found:
            intro = _(
                "Rules compared the figures with each other. "
                "A finding does not change a figure: it waits for an answer."
            )
            items = tuple(self._remark(finding) for finding in found)
            blocks += [Paragraph((Words(intro),)), BulletList(items, is_ordered=True)]
        else:
            blocks.append(Paragraph((Words(_("The rules have no findings.")),)))
        if confirmed:
            said = _("Relations between figures that the rules confirm: %(count)s.") % {
                "count": len(confirmed)
            }
            items = tuple(self._remark(finding) for finding in confirmed)
            blocks += [
                Heading(2, _("Confirmed relations"), "confirmed"),
                Paragraph((Words(said),)),
                BulletList(items),
            ]
        return blocks

    def differences(self) -> list[Block]:
        """Return what changed since the edition before."""
        if not self.imprint_.differences:
            return []
        title = _("What differs from edition %(number)s") % {"number": self.imprint_.number - 1}
        rows = tuple(
            (
                self._named(change.indicator, change.period),
                (Words(change.before or DASH),),
                (Words(change.after or DASH),),
            )
            for change in self.imprint_.differences
        )
        header = (_("Figure"), _("Was"), _("Is"))
        return [Heading(1, title, "differences"), Table(title, header, rows, (3, 1, 1), frozenset({1, 2}))]

    def imprint(self) -> list[Block]:
        """Return the lines that identify the edition."""
        taken = self.snapshot.taken_at.strftime("%d.%m.%Y %H:%M UTC")
        number = self.imprint_.number
        which = _("Edition %(number)s") % {"number": number} if number else _("Draft")
        said = _("%(edition)s. Data as of %(time)s.") % {"edition": which, "time": taken}
        if self.imprint_.hash:
            said += " " + _("SHA-256 of the content: %(hash)s.") % {"hash": self.imprint_.hash}
        return [Heading(1, _("About this edition"), "edition"), Paragraph((Words(said),))]

    def figures(self) -> list[Block]:
        """Return the table of every figure and the notes on its signs."""
        header = (
            _("Code"), _("Figure"), _("Value"), _("Period"), _("Plan"), _("Source"), _("Qualifier"),
            _("Finding no."),
        )  # fmt: skip
        title = _("Annex. All figures of the report")
        rows = tuple(self._row(figure) for figure in self.snapshot.figures)
        table = Table(title, header, rows, (5, 22, 14, 7, 10, 21, 11, 10))
        notes = (
            (
                Strong("* "),
                Words(
                    _(
                        "The source wrote the number so that nobody can read it with certainty; "
                        "it stands as written."
                    )
                ),
            ),
            (
                Strong("** "),
                Words(_("Some parts of the period were not reported; the value is their sum so far.")),
            ),
        )
        intro = Paragraph((Words(_("Every value opens the records it came from.")),))
        cited = BulletList(tuple((Words(f"[{n}] {name}"),) for name, n in self._source_numbers.items()))
        sources, signs = Heading(2, _("Sources"), "sources"), Heading(2, _("Signs"), "signs")
        return [Heading(1, title, "annex"), intro, sources, cited, table, signs, BulletList(notes)]

    @cached_property
    def _source_numbers(self) -> Mapping[str, int]:
        named = [source.title or source.ref for figure in self.snapshot.figures for source in figure.sources]
        return {name: number for number, name in enumerate(dict.fromkeys(named), start=1)}

    def _cited(self, source: Source) -> str:
        number = f"[{self._source_numbers[source.title or source.ref]}]"
        return f"{number}, {source.place}" if source.place else number

    def _remark(self, finding: Finding) -> Inlines:
        text = finding.message.of(self.language)
        links: list[Inline] = []
        for indicator in dict.fromkeys(finding.indicators):
            figure = self.snapshot.figure(indicator, finding.period)
            if figure is not None:
                links += [Words(", " if links else " ("), self.link(figure, label=figure.row or indicator)]
        if links:
            links.append(Words(")"))
        answer = (Words(" " + _("Answer: %(text)s") % {"text": finding.answer}),) if finding.answer else ()
        return (Words(text), *links, *answer)

    def _row(self, figure: Figure) -> tuple[Inlines, ...]:
        numbers = self._remark_numbers
        remarks = ", ".join(str(numbers[f.key]) for f in self.snapshot.findings_of.get(figure.indicator, ()))
        return (
            (Words(figure.row or DASH),),
            (Words(figure.name.of(self.language)),),
            (self.link(figure),),
            (Words(period_name(figure.period, self.language)),),
            self._plan(figure),
            (Words("; ".join(self._cited(source) for source in figure.sources) or DASH),),
            (Words(qualifier_name(figure)),),
            (Words(remarks or DASH),),
        )

    @property
    def _remark_numbers(self) -> Mapping[str, int]:
        found = [finding.key for finding in self.snapshot.findings if finding.outcome == "finding"]
        return {key: index for index, key in enumerate(found, start=1)}

    def _plan(self, figure: Figure) -> Inlines:
        plan = self.snapshot.figure(figure.plan, figure.period) if figure.plan else None
        return (self.link(plan),) if plan else (Words(DASH),)

    def _named(self, indicator: str, period: str) -> Inlines:
        figure = self.snapshot.figure(indicator, period)
        return (self.link(figure, label=figure.name.of(self.language)),) if figure else (Words(indicator),)

    def link(self, figure: Figure, *, label: str = "") -> FigureLink:
        """Return a link to a figure's trace with its value, or another label, as its words."""
        text = label or wording.phrase(figure, self.language)
        sign = "" if label else wording.mark(figure)
        url = self.imprint_.trace_url(figure.indicator, figure.period)
        return FigureLink(text, figure.indicator, figure.period, url, sign)


def period_name(code: str, language: str) -> str:
    """Return what people call a period: «2022 год»."""
    return Period.parse(code).name(language)


def qualifier_name(figure: Figure) -> str:
    """Return what the qualifier means, in the language that is on."""
    if figure.state == "missing":
        return _("no data")
    names = {
        "exact": _("exact"), "at_least": _("at least"), "approximate": _("approximately"),
        "range": _("range"),
        "disputed": _("disputed"),
    }  # fmt: skip
    partial = f", {_('incomplete')}" if figure.state == "partial" else ""
    return names[figure.qualifier.value] + partial


def outline(document: Document) -> Sequence[tuple[int, str, str]]:
    """Return level, text and anchor of every heading."""
    return [
        (block.level, block.text, block.anchor) for block in document.blocks() if isinstance(block, Heading)
    ]

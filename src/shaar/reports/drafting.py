"""Turns a pack's template into document blocks: sandboxed Jinja2 → Markdown → markdown-it tokens → blocks.

The template's vocabulary is in docs/modules/reports.md. Every unknown name is told with the file and line of
the template, all of them at once.
"""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import FrameType, TracebackType
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment, safe_range

from shaar.kernel.errors import Place, Refusal, refuse_all
from shaar.reports import wording
from shaar.reports.documents import Block
from shaar.reports.marking import read_markdown
from shaar.reports.snapshot import Figure, PlannedMeasure, Snapshot

SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
LEADING = re.compile(r"^(\s*\d*)([-+.)=])")  # what would begin a list or underline a heading
CHART_FENCE = re.compile(r"^ {0,3}```+\s*chart(?:\s+([\w.]+))?\s*$")


def draft(
    snapshot: Snapshot, language: str, *, trace_url: Callable[[str, str], str]
) -> tuple[str, tuple[Block, ...]]:
    """Return the title and the blocks of the text; raise Refusals for what the template names wrongly."""
    source = snapshot.templates[language]
    file = snapshot.template_files.get(language, f"annual.{language}.md.j2")
    vocabulary = Vocabulary(snapshot, language, file)
    markdown = _render(source, vocabulary)
    _check_charts(snapshot, source, vocabulary)
    refuse_all(vocabulary.problems)
    return read_markdown(markdown, snapshot, language, trace_url=trace_url)


@dataclass
class Vocabulary:
    """The functions that a template may call; problems are collected, not raised."""

    snapshot: Snapshot
    language: str
    file: str
    problems: list[Refusal] = field(default_factory=list)

    def names(self) -> dict[str, Any]:
        """Return the template's globals."""
        functions = (
            self.fig, self.num, self.act, self.measures, self.value, self.known, self.direction, self.total,
            self.name,
        )  # fmt: skip
        return {function.__name__: function for function in functions} | {"year": self.snapshot.year}

    def fig(
        self,
        code: str,
        *,
        noun: str = "",
        case: str = "nomn",
        verb: str = "",
        period: str = "",
        unit: bool = True,
        scale: str | None = None,
    ) -> str:
        """Write a figure as a link: number with unit or noun, after an agreeing participle if given."""
        figure = self._figure(code, period)
        if figure is None:
            return ""
        written = (
            wording.phrase(figure, self.language, noun=noun, case=case, scale=scale)
            if unit
            else wording.number(figure, self.language, scale=scale)
        )
        before = ""
        if verb:
            counted = noun or figure.noun.of("ru") or figure.unit.of("ru")
            before = f"{wording.verb_before(figure, verb, counted) if self.language == 'ru' else verb} "
        return f"{before}[{_escaped(written)}]({_target(figure)})"

    def num(self, code: str, *, period: str = "") -> str:
        """Write the number alone as a link."""
        return self.fig(code, period=period, unit=False)

    def value(self, code: str, *, period: str = "") -> Decimal | None:
        """Return the exact number for a condition of the template, None where there is none."""
        figure = self._figure(code, period)
        return figure.value if figure else None

    def known(self, code: str, *, period: str = "") -> bool:
        """Tell whether the figure has a value."""
        figure = self._figure(code, period)
        return figure is not None and figure.state != "missing"

    def name(self, code: str, *, period: str = "") -> str:
        """Write the indicator's own name."""
        figure = self._figure(code, period)
        return _escaped(figure.name.of(self.language)) if figure else ""

    def act(self, code: str) -> str:
        """Write a legal act as the pack names it."""
        for act in self.snapshot.acts:
            if act.code == code:
                return _escaped(act.name.of(self.language))
        self._problem("unknown_act", _("There is no legal act “%(code)s”.") % {"code": code})
        return ""

    def direction(self, number: int) -> str:
        """Write the name of a direction."""
        for direction in self.snapshot.directions:
            if direction.number == number:
                return _escaped(direction.name.of(self.language))
        self._problem(
            "unknown_direction", _("The programme has no direction %(number)s.") % {"number": number}
        )
        return ""

    def total(self, *, direction: int | None = None, status: str = "") -> int:
        """Return how many itemised measures there are."""
        return len(self._measures(direction, status))

    def measures(self, *, direction: int | None = None, status: str = "") -> str:
        """Write the itemised measures of a direction as a list."""
        found = self._measures(direction, status)
        return "\n".join(f"- {self._measure(measure)}" for measure in found)

    def _measures(self, direction: int | None, status: str) -> Sequence[PlannedMeasure]:
        return [
            measure
            for measure in self.snapshot.measures
            if direction in (None, measure.direction) and status in ("", measure.status)
        ]

    def _measure(self, measure: PlannedMeasure) -> str:
        number = f"{measure.number}. " if measure.number else ""
        responsible = ", ".join(unit.of(self.language) for unit in measure.responsible)
        return _escaped(
            number + measure.text.of(self.language) + (f" ({responsible})" if responsible else "")
        )

    def _figure(self, code: str, period: str) -> Figure | None:
        figure = self.snapshot.figure(code, period)
        if figure is None:
            message = _("There is no indicator “%(code)s” for %(period)s.")
            said = message % {"code": code, "period": period or self.snapshot.period}
            self._problem("unknown_indicator", said)
        return figure

    def _problem(self, code: str, message: str) -> None:
        place = Place(file=self.file, line=_template_line())
        self.problems.append(Refusal(code, message, place=place))

    def chart_problem(self, name: str, line: int) -> None:
        """Remember that the template asks for a chart that the pack does not declare."""
        message = _("There is no chart “%(name)s”.") % {"name": name}
        self.problems.append(Refusal("unknown_chart", message, place=Place(file=self.file, line=line)))


def _render(source: str, vocabulary: Vocabulary) -> str:
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.globals.clear()
    environment.globals.update(vocabulary.names(), range=safe_range)
    try:
        template = environment.from_string(source)
        return template.render()
    except TemplateSyntaxError as error:
        place = Place(file=vocabulary.file, line=error.lineno)
        raise Refusal("broken_template", str(error.message), place=place) from error
    except (TemplateError, SecurityError, TypeError, ValueError, ArithmeticError) as error:
        place = Place(file=vocabulary.file, line=_line_of(error.__traceback__))
        raise Refusal("broken_template", str(error), place=place) from error


def _check_charts(snapshot: Snapshot, source: str, vocabulary: Vocabulary) -> None:
    known = {chart.code for chart in snapshot.charts}
    lines = source.splitlines()
    for index, line in enumerate(lines):
        fence = CHART_FENCE.match(line)
        if fence is None:
            continue
        following = lines[index + 1].strip() if index + 1 < len(lines) else ""
        name = fence[1] or following
        if name not in known:
            vocabulary.chart_problem(name, index + 1 if fence[1] else index + 2)


def _template_line() -> int | None:
    """Return the line of the template that is being rendered, from the frame of its compiled code."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 the only way to the caller's line
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return int(template.get_corresponding_lineno(frame.f_lineno))
        frame = frame.f_back
    return None


def _line_of(trace: TracebackType | None) -> int | None:
    """Return the template's line in a traceback that Jinja has rewritten."""
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _escaped(text: str) -> str:
    return LEADING.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", text))


def _target(figure: Figure) -> str:
    return f"figure:{figure.indicator}@{figure.period}"

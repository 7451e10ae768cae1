"""Checks what reports read of a city pack: its texts, and that they and the charts name known indicators."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from shaar.kernel.errors import Place, Refusal
from shaar.reports.forms import Form, read_form

CALL = re.compile(r"""\b(?:fig|num|value|known|name)\(\s*["']([\w.]+)["']""")


def check(pack: Path) -> Iterator[str]:
    """Yield a line for each thing that is wrong with the report's form."""
    try:
        form = read_form(pack)
    except Refusal as refusal:
        yield from (str(problem) for problem in refusal.problems)
        return
    yield from _unknown_in_texts(pack, form, _indicators(pack))
    yield from _unknown_in_charts(pack, form, _indicators(pack))


def _unknown_in_texts(pack: Path, form: Form, known: frozenset[str]) -> Iterator[str]:
    for language, text in form.templates.items():
        for number, line in enumerate(text.splitlines(), start=1):
            for code in CALL.findall(line):
                if code not in known:
                    place = Place(file=str(pack / form.files[language]), line=number)
                    yield f"{place}: {_('There is no indicator “%(code)s”.') % {'code': code}}"


def _unknown_in_charts(pack: Path, form: Form, known: frozenset[str]) -> Iterator[str]:
    for chart in form.charts:
        for code in chart.indicators:
            if code not in known:
                place = Place(file=str(pack / "reports" / "charts.yaml"), field=chart.code)
                yield f"{place}: {_('There is no indicator “%(code)s”.') % {'code': code}}"


def _indicators(pack: Path) -> frozenset[str]:
    found: set[str] = set()
    for path in sorted((pack / "indicators").glob("*.yaml")):
        read = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found |= {str(one.get("code")) for one in read.get("indicators", []) if isinstance(one, dict)}
    return frozenset(found)

"""A component is one file: a typed header, a template, examples and, where it needs them, its styles.

    ---
    A card that leads to one page.

    title: text — what the card is about
    kind: plain | figure = plain — how it is drawn
    content: slot = "" — what stands under the title
    ---
    <div class="shaar-card shaar-card--{{ kind }}">{{ title }}{{ content }}</div>

    <example title="With a line of text">
    {% c "card" title="Школы" %}42 школы{% endc %}
    </example>

    <style lang="scss">
    .shaar-card { … }
    </style>

A parameter without a default must be given. A call of a component with a parameter of type `slot` is closed
by `endc`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import Engine, Origin, Template
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from shaar.kernel.texts import Text

REQUIRED = object()
SLOT = "slot"
PREAMBLE = "{% load i18n static ui %}"
FLAGS = re.MULTILINE | re.DOTALL
NAME = re.compile(r"[a-z][a-z0-9_]*")
HEADER = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<rest>.*)\Z", re.DOTALL)
LINE = re.compile(r"(?P<name>[a-z][a-z0-9_]*): (?P<type>[^=—]+?)(?: = (?P<default>[^—]*?))? — (?P<about>.+)")
EXAMPLE = re.compile(r"^<example title=\"(?P<title>[^\"]+)\">\n(?P<source>.*?)\n</example>\n?", FLAGS)
STYLE = re.compile(r"^<style lang=\"scss\">\n(?P<source>.*?)\n</style>\n?", FLAGS)


class ComponentError(Exception):
    """A component's file, or a call of it, is wrong; the message names the file and the parameter."""


def _is_text(value: object) -> bool:
    return isinstance(value, str | Promise | Text | int | float | Decimal | date)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_list(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | Promise | Mapping)


TYPES: dict[str, Callable[[object], bool]] = {
    "text": _is_text,
    "url": lambda value: isinstance(value, str | Promise),
    "html": lambda value: value == "" or isinstance(value, SafeString),
    "flag": lambda value: isinstance(value, bool),
    "number": _is_number,
    "date": lambda value: value is None or isinstance(value, date),
    "list": _is_list,
    "field": lambda value: isinstance(value, BoundField),
    "form": lambda value: isinstance(value, BaseForm),
    "page": lambda value: isinstance(value, Page),
    "any": lambda _value: True,
    SLOT: lambda value: isinstance(value, str),
}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a component: its type, or the words it may be, and what it means."""

    name: str
    type: str
    about: str
    default: Any = REQUIRED
    choices: tuple[str, ...] = ()

    @property
    def is_required(self) -> bool:
        """Tell whether a call must give it."""
        return self.default is REQUIRED

    @property
    def written_default(self) -> str:
        """Return the default as a header writes it."""
        return repr(self.default) if isinstance(self.default, str) else str(self.default)

    def accepts(self, value: object) -> bool:
        """Tell whether a value is of the parameter's type."""
        return value in self.choices if self.choices else TYPES[self.type](value)


@dataclass(frozen=True)
class Example:
    """A named example of a component, as a template would call it."""

    title: str
    source: str


@dataclass(frozen=True)
class Component:
    """A component as its file describes it."""

    name: str
    path: Path
    about: str
    parameters: Mapping[str, Parameter]
    source: str
    examples: tuple[Example, ...]
    style: str = ""

    @property
    def has_slots(self) -> bool:
        """Tell whether a call encloses content and is closed by `endc`."""
        return any(one.type == SLOT for one in self.parameters.values())

    @property
    def place(self) -> str:
        """Return where the file stands: its module, its directory and its name."""
        return "/".join(self.path.parts[-3:])

    @cached_property
    def template(self) -> Template:
        """Return the compiled template."""
        origin = Origin(str(self.path), template_name=f"component {self.name}")
        return Template(PREAMBLE + self.source, origin=origin, engine=Engine.get_default())

    def check_names(self, given: Iterable[str]) -> None:
        """Raise ComponentError unless each given parameter is known and each required one is given."""
        names = set(given)
        if unknown := names - set(self.parameters):
            known = ", ".join(self.parameters) or "none"
            raise self.error(f"there is no parameter {min(unknown)!r}; it has {known}")
        for one in self.parameters.values():
            if one.is_required and one.name not in names:
                raise self.error(f"the parameter {one.name!r} is missing")

    def check_value(self, name: str, value: object) -> None:
        """Raise ComponentError unless a value is of its parameter's type."""
        parameter = self.parameters[name]
        if not parameter.accepts(value):
            expected = " | ".join(parameter.choices) or parameter.type
            raise self.error(f"the parameter {name!r} takes {expected}, not {value!r}")

    def render(self, values: Mapping[str, Any], *, context: Context) -> SafeString:
        """Return the component as HTML; it sees its parameters, the request and nothing else of the page."""
        self.check_names(values)
        for name, value in values.items():
            self.check_value(name, value)
        defaults = {one.name: one.default for one in self.parameters.values()}
        seen = {name: context[name] for name in ("request", "csrf_token", "language") if name in context}
        return self.template.render(context.new({**seen, **defaults, **values}))

    def error(self, message: str) -> ComponentError:
        """Return an error that names this component's file."""
        return ComponentError(f"{self.path.name}: {message}")


def read(path: Path) -> Component:
    """Read a component's file; raise ComponentError when it is not one."""
    name, text = path.stem, path.read_text(encoding="utf-8")
    match = HEADER.match(text)
    if not match or not NAME.fullmatch(name):
        raise ComponentError(f"{path.name}: a component is named in small letters and starts with a header")
    about, _, lines = match["head"].strip().partition("\n\n")
    parameters = [_parameter(path, line) for line in lines.splitlines() if line.strip()]
    styles = STYLE.findall(match["rest"])
    examples = [Example(one["title"], one["source"].strip()) for one in EXAMPLE.finditer(match["rest"])]
    if not examples:
        raise ComponentError(f"{path.name}: a component shows at least one example")
    return Component(
        name=name,
        path=path,
        about=" ".join(about.split()),
        parameters={one.name: one for one in parameters},
        source=STYLE.sub("", EXAMPLE.sub("", match["rest"])).strip(),
        examples=tuple(examples),
        style="\n".join(styles),
    )


def _parameter(path: Path, line: str) -> Parameter:
    match = LINE.fullmatch(line.strip())
    if not match:
        raise ComponentError(f"{path.name}: “{line}” is not “name: type = default — meaning”")
    name, kind = match["name"], match["type"].strip()
    choices = tuple(word.strip() for word in kind.split("|")) if "|" in kind else ()
    if not choices and kind not in TYPES:
        raise ComponentError(f"{path.name}: the parameter {name!r} has an unknown type {kind!r}")
    default = REQUIRED if match["default"] is None else yaml.safe_load(match["default"])
    found = Parameter(name, kind, match["about"].strip(), default, choices)
    if default is not REQUIRED and default is not None and not found.accepts(default):
        raise ComponentError(f"{path.name}: the default of {name!r} is not of its type")
    return found

"""The template tags `c … endc` and `slot … endslot`, by which a template calls a component."""

from collections.abc import Mapping
from typing import Any

from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.exceptions import TemplateSyntaxError
from django.utils.safestring import SafeString

from shaar.ui.component import SLOT, Component, ComponentError
from shaar.ui.registry import find

CONTENT = "content"


class SlotNode(Node):
    """A named part of what a call encloses."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        """Return the part as HTML."""
        return self.nodelist.render(context)


class ComponentNode(Node):
    """A call of a component, its parameters checked by name when the template is compiled."""

    def __init__(
        self, component: Component, given: Mapping[str, FilterExpression], slots: Mapping[str, NodeList]
    ) -> None:
        self.component, self.given, self.slots = component, given, slots

    def render(self, context: Context) -> SafeString:
        """Return the component as HTML; a value of a wrong type is a ComponentError."""
        values: dict[str, Any] = {name: value.resolve(context) for name, value in self.given.items()}
        for name, nodes in self.slots.items():
            values[name] = nodes.render(context)
        return self.component.render(values, context=context)


def call(parser: Parser, token: Token) -> ComponentNode:
    """Call a component: `{% c "tag" text=… %}`, or with content `{% c "card" title=… %}…{% endc %}`."""
    tag, *words = token.split_contents()
    if not words or words[0][0] not in "\"'" or words[0][0] != words[0][-1]:
        raise TemplateSyntaxError(f'{tag}: name the component in quotes, as in {{% c "tag" text=name %}}')
    try:
        component = find(words[0][1:-1])
        given = _given(parser, component, words[1:])
        slots = _slots(parser, component) if component.has_slots else {}
        component.check_names([*given, *slots])
    except ComponentError as error:
        raise TemplateSyntaxError(str(error)) from error
    return ComponentNode(component, given, slots)


def slot(parser: Parser, token: Token) -> SlotNode:
    """Give a call a named part: `{% slot "actions" %}…{% endslot %}`, directly inside the call."""
    words = token.split_contents()
    if len(words) != 2:
        raise TemplateSyntaxError('slot: name one part, as in {% slot "actions" %}')
    nodes = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(words[1].strip("\"'"), nodes)


def _given(parser: Parser, component: Component, words: list[str]) -> dict[str, FilterExpression]:
    given: dict[str, FilterExpression] = token_kwargs(words, parser)
    if words:
        raise component.error(f"“{words[0]}” is not name=value")
    for name, value in given.items():
        if name in component.parameters and isinstance(value.var, str) and not value.filters:
            component.check_value(name, value.var)
    return given


def _slots(parser: Parser, component: Component) -> dict[str, NodeList]:
    nodes = parser.parse(("endc",))
    parser.delete_first_token()
    found = {one.name: one.nodelist for one in nodes if isinstance(one, SlotNode)}
    rest = NodeList(one for one in nodes if not isinstance(one, SlotNode))
    if CONTENT in component.parameters:
        found.setdefault(CONTENT, rest)
    for name in found:
        if name in component.parameters and component.parameters[name].type != SLOT:
            raise component.error(f"the parameter {name!r} is not a slot")
    return found

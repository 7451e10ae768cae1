"""Reads a formula into a tree by recursive descent, within fixed limits of length and depth."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NoReturn, TypeAlias

from django.utils.translation import gettext as _

from shaar.kernel.errors import Place, Refusal

LONGEST = 2000
DEEPEST = 40
LONGEST_NUMBER = 28
FUNCTIONS: dict[str, tuple[int, int]] = {
    "min": (1, 50),
    "max": (1, 50),
    "sum": (1, 50),
    "round": (1, 2),
    "percent": (2, 2),
}
TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)|(?P<sign>[-+*/(),])|(?P<space>\s+)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number, never negative."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Reference:
    """Another indicator, and the column at which it is named."""

    code: str
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negation:
    """The minus before an operand."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands joined by + - * or /."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """One of the functions min, max, round, sum and percent."""

    function: str
    arguments: tuple["Node", ...]


Node: TypeAlias = Number | Reference | Negation | Operation | Call


@dataclass(frozen=True)
class Formula:
    """A formula as written and as read."""

    text: str
    root: Node

    @cached_property
    def references(self) -> tuple[str, ...]:
        """Return the codes named in the formula, each once, in order."""
        return tuple(dict.fromkeys(node.code for node in walk(self.root) if isinstance(node, Reference)))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything under it, in the order of writing."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> tuple[Node, ...]:
    """Return the operands of a node."""
    match node:
        case Negation(operand):
            return (operand,)
        case Operation(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def write(node: Node) -> str:
    """Write a tree as a formula that reads back as the same tree."""
    match node:
        case Number(value):
            return format(value, "f")
        case Reference(code):
            return code
        case Negation(operand):
            return f"-({write(operand)})"
        case Operation(operator, left, right):
            return f"({write(left)} {operator} {write(right)})"
        case Call(function, arguments):
            return f"{function}({', '.join(write(argument) for argument in arguments)})"


def parse(text: str, *, place: Place | None = None) -> Formula:
    """Read a formula; raise Refusal `malformed_formula` naming the column of the first mistake."""
    if len(text) > LONGEST:
        _refuse(_("the formula is longer than %(limit)d characters") % {"limit": LONGEST}, LONGEST, place)
    parser = _Parser(list(_tokens(text, place)), len(text), place)
    return Formula(text.strip(), parser.whole())


def _tokens(text: str, place: Place | None) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            _refuse(_("“%(sign)s” is not expected") % {"sign": text[position]}, position, place)
        kind = match.lastgroup or ""
        if kind == "number" and len(match[0]) > LONGEST_NUMBER:
            _refuse(_("the number is too long"), position, place)
        if kind != "space":
            yield _Token(kind, match[0], position)
        position = match.end()


def _refuse(problem: str, position: int, place: Place | None) -> NoReturn:
    message = _("The formula cannot be read: column %(column)d, %(problem)s.")
    raise Refusal("malformed_formula", message % {"column": position + 1, "problem": problem}, place=place)


class _Parser:
    """Turns tokens into a tree: sums of products of signed operands."""

    def __init__(self, tokens: list[_Token], length: int, place: Place | None) -> None:
        self._tokens = tokens
        self._length = length
        self._place = place
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._sum()
        if (token := self._peek()) is not None:
            self._unexpected(token)
        return node

    def _sum(self) -> Node:
        node = self._product()
        while token := self._take("+", "-"):
            node = Operation(token.text, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._signed()
        while token := self._take("*", "/"):
            node = Operation(token.text, node, self._signed())
        return node

    def _signed(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            _refuse(_("the formula is nested too deeply"), self._position(), self._place)
        node: Node = Negation(self._signed()) if self._take("-") else self._operand()
        self._depth -= 1
        return node

    def _operand(self) -> Node:
        token = self._peek()
        if token is None:
            _refuse(_("the formula ends too early"), self._length, self._place)
        self._next += 1
        if token.kind == "number":
            return Number(Decimal(token.text))
        if token.kind == "name":
            return self._call(token) if self._take("(") else Reference(token.text, token.column + 1)
        if token.text != "(":
            self._unexpected(token)
        node = self._sum()
        self._expect(")")
        return node

    def _call(self, name: _Token) -> Node:
        if name.text not in FUNCTIONS:
            _refuse(_("“%(name)s” is not a function") % {"name": name.text}, name.column, self._place)
        arguments = [self._sum()]
        while self._take(","):
            arguments.append(self._sum())
        self._expect(")")
        least, most = FUNCTIONS[name.text]
        if not least <= len(arguments) <= most:
            _refuse(
                _("%(name)s has a wrong number of operands") % {"name": name.text}, name.column, self._place
            )
        if name.text == "round" and len(arguments) == 2 and not _is_digits(arguments[1]):
            _refuse(_("round needs a whole number of digits from 0 to 12"), name.column, self._place)
        return Call(name.text, tuple(arguments))

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, *signs: str) -> _Token | None:
        token = self._peek()
        if token is None or token.kind != "sign" or token.text not in signs:
            return None
        self._next += 1
        return token

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            _refuse(_("“%(sign)s” is missing") % {"sign": sign}, self._position(), self._place)

    def _position(self) -> int:
        token = self._peek()
        return token.column if token else self._length

    def _unexpected(self, token: _Token) -> NoReturn:
        _refuse(_("“%(sign)s” is not expected") % {"sign": token.text}, token.column, self._place)


def _is_digits(node: Node) -> bool:
    return isinstance(node, Number) and node.value == int(node.value) and node.value <= 12

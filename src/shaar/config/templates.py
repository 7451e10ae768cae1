"""Makes a template that names an unknown variable fail instead of staying silent."""

from typing import NoReturn


class UnknownVariable(Exception):
    """A template names a variable that its view does not give."""


class RaisingText(str):
    """The text that Django fills with the name of an unknown variable; here filling it raises."""

    __slots__ = ()

    def __mod__(self, name: object) -> NoReturn:
        raise UnknownVariable(f"the template names an unknown variable: {name}")


UNKNOWN_VARIABLE = RaisingText("%s")

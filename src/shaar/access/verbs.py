"""The verbs that roles may grant, made known by each module when the program starts."""

from collections.abc import Mapping

from django.utils.functional import Promise

_known: dict[str, str | Promise] = {}


def register_verbs(verbs: Mapping[str, str | Promise]) -> None:
    """Make verbs known by name (`programme.report`) and text; called from AppConfig.ready, repeatable."""
    for verb in verbs:
        module, _, action = verb.partition(".")
        if not module.isidentifier() or not action.isidentifier():
            raise ValueError(f"a verb is written <module>.<verb>, not {verb!r}")
    _known.update(verbs)


def verbs() -> dict[str, str | Promise]:
    """Return every known verb with its text."""
    return dict(sorted(_known.items()))


def is_verb(verb: str) -> bool:
    """Tell whether some module made the verb known."""
    return verb in _known

"""The kinds of documents, registered by the modules that own them."""

from shaar.search.outcomes import Source

_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Make a kind known; called from a module's AppConfig.ready, a second time replaces the first."""
    _sources[source.kind] = source


def sources() -> tuple[Source, ...]:
    """Return every kind, those that matter most first."""
    return tuple(sorted(_sources.values(), key=lambda one: (-one.weight, one.kind)))


def source(kind: str) -> Source:
    """Return a kind; LookupError for one that nobody registered, which is a mistake of the code."""
    if kind not in _sources:
        raise LookupError(f"nobody registered the kind {kind} of the search")
    return _sources[kind]


def audiences() -> frozenset[str]:
    """Return every verb that some document asks for."""
    return frozenset(verb for one in _sources.values() for verb in one.audiences)

"""Units fit the noun that names their dimension: an area is not in kilometres."""

from collections.abc import Iterator, Sequence

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.text import Text

PHYSICAL = frozenset({"length", "area", "volume", "mass", "litre", "flow", "power", "energy", "heat"})
BETWEEN = frozenset(
    {"составить", "составлять", "более", "около", "до", "в", "почти", "свыше", "порядок", "равный"}
)


def find(text: Text) -> Iterator[Finding]:
    """Yield figures whose unit measures something else than the noun before them names."""
    for sentence in text.sentences:
        for figure in sentence.quantities:
            dimension = _named(sentence.lead(figure))
            if not dimension or figure.dimension not in PHYSICAL or figure.unit is None:
                continue
            text.checked += 1
            if figure.dimension != dimension:
                messages = sentences(f"unit_{dimension}", written=text.spot_of(figure).quote)
                facts = {"expected": dimension, "found": figure.dimension}
                yield Finding("unit", Severity.ERROR, (text.spot_of(figure),), messages, facts)


def _named(lead: Sequence[Word]) -> str:
    """Return the dimension that the last words before a figure name."""
    nouns = lexicon.dimension_nouns()
    rest = list(lead[-4:])
    while rest and rest[-1].lemma in BETWEEN:
        rest.pop()
    return nouns.get(rest[-1].lemma, "") if rest else ""

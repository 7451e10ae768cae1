"""Units fit the noun that names their dimension: an area is not in kilometres."""

from collections.abc import Iterator, Sequence

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.text import Text

PHYSICAL = frozenset({"length", "area", "volume", "mass", "litre", "flow", "power", "energy", "heat"})
BETWEEN = frozenset(lexicon.phrases("measured", "between"))
LINEAR = frozenset(lexicon.phrases("measured", "linear"))
SURFACES = frozenset(lexicon.phrases("measured", "surfaces"))
MOST = 7


def find(text: Text) -> Iterator[Finding]:
    """Yield figures whose unit measures something else than the noun before them names."""
    for sentence in text.sentences:
        for figure in sentence.quantities:
            lead = sentence.lead(figure)
            dimension = _named(lead) or _of_things(figure) or _of_surfaces(lead, figure)
            if not dimension or figure.dimension not in PHYSICAL or figure.unit is None:
                continue
            text.checked += 1
            if figure.dimension != dimension:
                messages = sentences(f"unit_{dimension}", written=text.spot_of(figure).quote)
                facts = {"expected": dimension, "found": figure.dimension}
                yield Finding("unit", Severity.ERROR, (text.spot_of(figure),), messages, facts)


def _named(lead: Sequence[Word]) -> str:
    """Return the dimension that the last words before a figure name: «площадь нового парка – …»."""
    nouns = lexicon.dimension_nouns()
    rest = list(lead[-MOST:])
    while rest and rest[-1].lemma in BETWEEN:
        rest.pop()
    following: Word | None = None
    for word in reversed(rest):
        if word.lemma in nouns:
            is_name = following is not None and following.text[:1].isupper()
            return "" if is_name else nouns[word.lemma]
        if not _is_genitive(word):
            return ""
        following = word
    return ""


def _is_genitive(word: Word) -> bool:
    return any(form.case.startswith("gen") and form.pos in {"NOUN", "ADJF", "PRTF"} for form in word.forms)


def _of_surfaces(lead: Sequence[Word], figure: Figure) -> str:
    """Return area for kilometres of what has only a surface: «замена кровли – 8 640 км»."""
    is_long = figure.unit is not None and figure.unit.code == "km"
    return "area" if is_long and any(word.lemma in SURFACES for word in lead[-1:]) else ""


def _of_things(figure: Figure) -> str:
    """Return length for hectares of what has only a length: «3,4 га водопровода»."""
    is_area = figure.unit is not None and figure.unit.code in {"hectare", "square_km"}
    return "length" if is_area and figure.phrase.head in LINEAR else ""

"""What stays of a finding from one version of a text to the next."""

import re
from hashlib import sha256

from shaar.reports.proofreading import Finding

SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
MARKS = str.maketrans(dict.fromkeys("«»“”„", '"') | dict.fromkeys("–—−", "-") | {"ё": "е"})


def fingerprint(finding: Finding) -> str:
    """Return the rule, the quotes and the numbers of a finding as one hash, however spaced and quoted."""
    quotes = [normal(spot.quote) for spot in finding.spots]
    facts = [f"{key}={normal(value)}" for key, value in sorted(finding.facts.items())]
    return sha256("\n".join([finding.rule, *quotes, *facts]).encode()).hexdigest()


def normal(text: str) -> str:
    """Return a text as it is compared."""
    return SPACES.sub(" ", text.lower().translate(MARKS)).strip()

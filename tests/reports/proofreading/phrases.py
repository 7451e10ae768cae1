"""Phrases of reports from a small grammar: `[a|b]` are ways to say it, `{right|wrong}` is a planted error.

A file of `phrasings/` is a list of such texts. Each is told in every way, clean, and once with each error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from pathlib import Path

import yaml

from shaar.reports.proofreading import Finding, check

PHRASINGS = Path(__file__).parent / "phrasings"
CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
PLANT = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
# What stands around a phrase in a report; nothing in it is related to anything else.
BEFORE = (
    "Отчёт вымышленного города за 2024 год.\n\nСлужба 101 дежурит круглосуточно. В смене 17 диспетчеров.\n\n"
)
AFTER = "\n\nДля жителей работают 9 приёмных, приём ведут 23 специалиста."


@dataclass(frozen=True)
class Telling:
    """One way to tell a phrase: the clean text, and the texts with one error each."""

    clean: str
    planted: tuple[str, ...]


def tellings(name: str) -> Iterator[Telling]:
    """Yield every way to tell every phrase of a file."""
    for text in yaml.safe_load((PHRASINGS / f"{name}.yaml").read_text(encoding="utf-8")):
        for told in _told(text):
            clean = PLANT.sub(r"\1", told)
            plants = [told[: one.start()] + one[2] + told[one.end() :] for one in PLANT.finditer(told)]
            yield Telling(clean, tuple(PLANT.sub(r"\1", each) for each in plants))


def _told(text: str) -> Iterator[str]:
    parts = CHOICE.split(text)
    choices = [part.split("|") if odd % 2 else [part] for odd, part in enumerate(parts)]
    for chosen in product(*choices):
        yield "".join(chosen)


def findings(text: str, *, framed: bool = False) -> list[Finding]:
    """Return what is said of a text, remarks aside; framed, between other sentences of a report."""
    body = f"{BEFORE}{text}{AFTER}" if framed else text
    proof = check(BytesIO(body.encode()), name="phrase.txt")
    return [one for one in proof.findings if one.severity != "remark"]

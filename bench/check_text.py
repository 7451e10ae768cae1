"""Measures `check-text`: what it catches of planted errors, what it says wrongly, how fast it is.

The corpus in tests/reports/proofreading/corpus was written for this: fictional cities, several genres. Each
text is clean; its sidecar lists replacements, each of which plants one error. A text is proofread clean and
once with each error. An error is caught when a finding that the clean text does not have touches its line.
The develop parts were worked on; the measure parts are for measuring only. Those called free were written by
somebody who had not seen the rules. A reference of plain regular expressions runs beside.

`./shaar bench check-text --json`; `pages=100` sets the longest text of the measurement of speed.
"""

import argparse
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).parents[1] / "tests" / "reports" / "proofreading" / "corpus"
PARTS = ("develop", "measure", "free-develop", "free-measure")
PAGE = 2000
GROWTH = (0.25, 0.5, 1.0, 2.0)
Said = set[tuple[int, str, str]]
Checker = Callable[[str, str], tuple[Said, int]]


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="bench check-text")
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args([one if one.startswith("-") else f"--{one}" for one in arguments])
    started = time.perf_counter()
    checked("Отремонтировано 12 школ.", "text.txt")
    loading = time.perf_counter() - started
    return {
        **{part: score(part, checked) for part in PARTS},
        "reference": {part: score(part, reference) for part in PARTS},
        "speed": {"loading_seconds": round(loading, 2), **_speed(options.pages, options.runs)},
    }


# What is caught ---------------------------------------------------------------------------------------------
@dataclass
class Tally:
    texts: int = 0
    figures: int = 0
    false_errors: int = 0
    false_warnings: int = 0
    planted: dict[str, int] = field(default_factory=dict)
    caught: dict[str, int] = field(default_factory=dict)
    as_errors: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def score(part: str, check: Checker) -> dict[str, Any]:
    """Return what a checker catches of a part of the corpus, and what it says wrongly."""
    tally = Tally()
    for path in sorted(one for one in (CORPUS / part).iterdir() if one.suffix in {".txt", ".html"}):
        _score_text(tally, path, check)
    planted, caught = sum(tally.planted.values()), sum(tally.caught.values())
    said = tally.as_errors + tally.false_errors
    return {
        "texts": tally.texts,
        "figures": tally.figures,
        "planted": planted,
        "caught": caught,
        "recall": _share(caught, planted),
        "caught_as_errors": tally.as_errors,
        "precision_of_errors": _share(tally.as_errors, said),
        "false_errors": tally.false_errors,
        "false_errors_per_50_figures": round(tally.false_errors * 50 / max(tally.figures, 1), 3),
        "false_warnings": tally.false_warnings,
        "recall_by_kind": {
            kind: _share(tally.caught.get(kind, 0), count) for kind, count in tally.planted.items()
        },
        "missed": tally.missed,
        "false": tally.wrong,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def _score_text(tally: Tally, path: Path, check: Checker) -> None:
    clean = path.read_text(encoding="utf-8")
    usual, figures = check(clean, path.name)
    tally.texts += 1
    tally.figures += figures
    wrong = [one for one in usual if one[1] == "error"]
    tally.false_errors += len(wrong)
    tally.wrong += [f"{path.stem}:{line} {text}" for line, _, text in sorted(wrong)]
    tally.false_warnings += sum(severity == "warning" for _, severity, _ in usual)
    for plant in yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8")):
        kind = plant.get("kind", plant["rule"])
        tally.planted[kind] = tally.planted.get(kind, 0) + 1
        if clean.count(plant["replace"]) != 1:
            raise ValueError(f"{path.name}: «{plant['replace']}» must stand there once")
        line = clean[: clean.index(plant["replace"])].count("\n") + 1
        said = check(clean.replace(plant["replace"], plant["by"]), path.name)[0] - usual
        severities = {severity for where, severity, _ in said if where == line}
        if severities:
            tally.caught[kind] = tally.caught.get(kind, 0) + 1
            tally.as_errors += "error" in severities
        else:
            tally.missed.append(f"{path.stem}:{line} {plant['by']}")


def checked(text: str, name: str) -> tuple[Said, int]:
    """Return what Shaar says of a text: lines with severity and sentence, and how many figures it read."""
    from shaar.reports.proofreading import check

    proof = check(BytesIO(text.encode()), name=name)
    said = {
        (spot.line, finding.severity.value, finding.message())
        for finding in proof.findings
        if finding.severity != "remark"
        for spot in finding.spots
    }
    return said, len(proof.quantities)


# The reference ----------------------------------------------------------------------------------------------
NUMBER = re.compile(r"\d+(?: \d{3})*(?:,\d+)?")
MARKER = re.compile(r"из них|в том числе|в т\. ?ч\.|:", re.IGNORECASE)
PERCENT = re.compile(r"(\d+(?:,\d+)?) ?%")


def reference(text: str, _name: str) -> tuple[Said, int]:
    """Return what plain regular expressions say: parts after a marker, percents of the two numbers before."""
    said: Said = set()
    figures = 0
    for number, line in enumerate(text.splitlines(), 1):
        figures += len(NUMBER.findall(line))
        said |= {(number, "error", fault) for fault in _faults(line)}
    return said, figures


def _faults(line: str) -> Iterator[str]:
    marker = MARKER.search(line)
    if marker:
        before, after = _numbers(line[: marker.start()]), _numbers(line[marker.end() :])
        if before and len(after) > 1 and abs(sum(after) - before[-1]) > 1e-6:
            yield f"sum {before[-1]}"
    for match in PERCENT.finditer(line):
        stated, before = float(match[1].replace(",", ".")), _numbers(line[: match.start()])[-2:]
        if len(before) == 2 and all(before):
            ratios = [first / second * 100 for first, second in (before, before[::-1])]
            if all(abs(stated - one) > 0.06 and abs(stated - abs(one - 100)) > 0.06 for one in ratios):
                yield f"percent {stated}"


def _numbers(text: str) -> list[float]:
    return [float(each.replace(" ", "").replace(",", ".")) for each in NUMBER.findall(text)]


# Speed ------------------------------------------------------------------------------------------------------
def _speed(pages: int, runs: int) -> dict[str, Any]:
    source = (CORPUS.parent / "report-2022.txt").read_text(encoding="utf-8")
    growth = []
    for share in GROWTH:
        wanted = int(pages * share * PAGE)
        text = (source * (wanted // len(source) + 1))[:wanted]
        wall, processor = min(_seconds(text) for _ in range(runs))
        figures = checked(text, "text.txt")[1]
        growth.append(
            {
                "pages": int(pages * share),
                "seconds": round(wall, 2),
                "processor_seconds": round(processor, 2),
                "figures": figures,
            }
        )
    return {"characters_of_a_page": PAGE, "growth": growth}


def _seconds(text: str) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    checked(text, "text.txt")
    return time.perf_counter() - wall, time.process_time() - processor

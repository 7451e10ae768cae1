"""The snapshot of 2022 straight from the files of the Bishkek pack, for tests of its texts."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from shaar.kernel.quantities import Qualifier
from shaar.kernel.texts import Text
from shaar.reports.forms import read_form
from shaar.reports.snapshot import Act, Direction, Figure, Snapshot, Source

PACK = Path(__file__).resolve().parents[2] / "packs" / "bishkek"


def read(name: str) -> Any:
    return yaml.safe_load((PACK / name).read_text(encoding="utf-8"))


def text(names: dict[str, str] | None) -> Text:
    return Text(**{"ru": "", **(names or {})})


def stated_rows() -> dict[str, dict[str, str]]:
    """Return the rows of the figures that the source writes as numbers."""
    with (PACK / "figures" / "2022.csv").open(encoding="utf-8", newline="") as file:
        return {row["row"]: row for row in csv.DictReader(file) if row["stated"] == "yes"}


def all_rows() -> dict[str, dict[str, str]]:
    with (PACK / "figures" / "2022.csv").open(encoding="utf-8", newline="") as file:
        return {row["row"]: row for row in csv.DictReader(file)}


def figure(passport: dict[str, Any], measures: dict[str, Any], rows: dict[str, dict[str, str]]) -> Figure:
    row = rows.get(passport.get("row", ""))
    measure = measures[passport["measure"]]
    is_counted = measure["dimension"] in {"count", "time"}
    nouns = {language: written["noun"] for language, written in passport.get("writing", {}).items()}
    ones = {language: forms["one"] for language, forms in measure.get("forms", {}).items()}
    given: dict[str, Any] = {
        "indicator": passport["code"],
        "name": text(passport["name"]),
        "period": "2022",
        "unit": text(None if measure["dimension"] == "none" else measure["symbol"]),
        "row": passport.get("row", ""),
        "noun": text(nouns or (ones if is_counted else None)),
        "precision": passport.get("precision"),
        "plan": passport.get("plan", ""),
        "state": "missing",
    }
    if row is not None:
        given |= {
            "state": "disputed" if row["qualifier"] == "disputed" else "known",
            "value": Decimal(row["value"]) if row["value"] else None,
            "upper": Decimal(row["upper"]) if row["upper"] else None,
            "qualifier": Qualifier(row["qualifier"]),
            "as_written": row["as_written"],
            "sources": (
                Source(
                    kind="document", ref=row["document"], title="Отчёт за 2022 год",
                    place=f"абзац {row['paragraph']}, строка {row['line']}",
                ),
            ),
        }  # fmt: skip
    return Figure(**given)


def pack_snapshot() -> Snapshot:
    measures = {unit["code"]: unit for unit in read("units-of-measure.yaml")["units"]}
    programme = read("programmes/bishkek-2026.yaml")
    passports = [
        passport
        for path in sorted((PACK / "indicators").glob("*.yaml"))
        for passport in yaml.safe_load(path.read_text(encoding="utf-8"))["indicators"]
    ]
    form, rows = read_form(PACK), all_rows()
    return Snapshot(
        programme="bishkek-2026",
        programme_name=text(programme["programme"]["name"]),
        author=Text("Мэрия города Бишкек", "Бишкек шаарынын мэриясы"),
        year=2022,
        taken_at=datetime(2023, 3, 1, tzinfo=UTC),
        figures=tuple(figure(passport, measures, rows) for passport in passports),
        acts=tuple(Act(code=act["code"], name=text(act["name"])) for act in read("acts.yaml")["acts"]),
        directions=tuple(
            Direction(number=one["number"], name=text(one["name"])) for one in programme["directions"]
        ),
        charts=form.charts,
        templates=form.templates,
        template_files=form.files,
    )

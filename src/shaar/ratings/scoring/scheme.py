"""What a composite score is made of: a tree of indicators with weights, and how values become scores.

The steps and their names follow the OECD/JRC Handbook on Constructing Composite Indicators (2008) and the
JRC's COIN tools; a list of indicators in the manner of COINr (`iCode`, `Parent`, `Type` …) is taken as well.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import yaml
from pydantic import ConfigDict, Field, ValidationError, model_validator

from shaar.kernel.errors import Place, Refusal
from shaar.kernel.yamlfile import PackModel

Method = Literal["min-max", "z", "target", "ratio", "goalposts", "percent-rank", "none"]
Mean = Literal["arithmetic", "geometric", "harmonic"]
Percentile: TypeAlias = Annotated[float, Field(ge=0, le=100)]
LEVEL_SCALE = (0.0, 100.0)


class Finite(PackModel):
    """A part of a scheme: its numbers are finite."""

    model_config = ConfigDict(allow_inf_nan=False)


class Winsorising(Finite):
    """Outliers: points moved to the next value while both thresholds are reached, at most `points` of them.

    Skewness and kurtosis are of type 2 (Joanes and Gill 1998), as spreadsheets and COIN tools reckon them.
    What still exceeds them afterwards is left, or transformed by log(x - min + 0.01 (max - min)).
    """

    points: int = Field(default=5, ge=0)
    skewness: float = 2.0
    kurtosis: float = 3.5
    otherwise: Literal["log", "leave"] = "log"
    percentiles: tuple[Percentile, Percentile] | None = None


class Imputing(Finite):
    """What stands for a missing value: nothing, the mean or median of all or of a group, or a number."""

    method: Literal["none", "mean", "median", "value"] = "none"
    by: str | None = None
    value: float | None = None


class Normalising(Finite):
    """How the values of an indicator get one scale."""

    method: Method = "min-max"
    scale: tuple[float, float] = LEVEL_SCALE
    low: float | None = None
    high: float | None = None
    target: float | None = None
    cap: float | None = None
    deviation: Literal["sample", "population"] = "sample"


class Node(Finite):
    """A level of the index, or an indicator where it has no children."""

    code: Annotated[str, Field(min_length=1)]
    name: str = ""
    weight: Annotated[float, Field(ge=0)] = 1.0
    aggregate: Mean | None = None
    direction: Literal["up", "down"] = "up"
    denominator: str | float | None = None
    per: float = 1.0
    log: bool = False
    impute: Imputing | None = None
    winsorise: Winsorising | Literal[False] | None = None
    normalise: Normalising | None = None
    most_missing: Annotated[float, Field(ge=0, le=1)] | None = None
    children: Sequence["Node"] = ()

    def leaves(self) -> Iterator["Node"]:
        """Yield the indicators under a node."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def nodes(self) -> Iterator["Node"]:
        """Yield the node and everything under it."""
        yield self
        for child in self.children:
            yield from child.nodes()


class Scheme(Finite):
    """A whole configuration: which column names the units, the defaults of each step, and the tree."""

    unit: str
    weights_total: float | None = None
    aggregate: Mean = "arithmetic"
    impute: Imputing = Imputing()
    winsorise: Winsorising | Literal[False] = False
    normalise: Normalising = Normalising()
    most_missing: Annotated[float, Field(ge=0, le=1)] = 1.0
    index: Node

    def bearable(self, node: Node) -> float:
        """Return the largest share of a node's children that may be missing: its own, or the scheme's."""
        return self.most_missing if node.most_missing is None else node.most_missing

    @model_validator(mode="after")
    def _is_whole(self) -> "Scheme":
        seen: set[str] = set()
        for node in self.index.nodes():
            if node.code in seen:
                raise ValueError(f"{node.code} stands twice")
            seen.add(node.code)
            if node.children and sum(child.weight for child in node.children) <= 0:
                raise ValueError(f"the weights under {node.code} are all zero")
            given = sum(child.weight for child in node.children)
            if (
                self.weights_total is not None
                and node.children
                and abs(given - self.weights_total) > TOLERANCE
            ):
                raise ValueError(f"the weights under {node.code} make {given:g}, not {self.weights_total:g}")
        if not self.index.children:
            raise ValueError("the index has no indicators")
        return self


TOLERANCE = 1e-9
COINR = frozenset({"iCode", "Parent"})


def read_scheme(path: Path) -> Scheme:
    """Read a configuration: YAML, JSON, or COINr's list of indicators as CSV. Refusal with its place."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("unreadable", "this cannot be read as text", place=Place(str(path))) from error
    try:
        document = _document(text, path)
    except json.JSONDecodeError as error:
        raise Refusal("broken_json", "this is no JSON", place=Place(str(path), error.lineno)) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(str(path), mark.line + 1 if mark else None)
        raise Refusal("broken_yaml", "this is neither YAML nor JSON", place=place) from error
    try:
        return Scheme.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = str(first["msg"]).removeprefix("Value error, ")
        raise Refusal("bad_scheme", message, place=Place(str(path), field=where or None)) from error


def _document(text: str, path: Path) -> Any:
    match path.suffix.casefold():
        case ".csv":
            return _listed(text, path)
        case ".json":
            return json.loads(text)
        case _:
            return yaml.safe_load(text)


def _listed(text: str, path: Path) -> Mapping[str, Any]:
    """Return the tree that a list in the manner of COINr describes; its rows may stand in any order."""
    rows = list(
        csv.DictReader(io.StringIO(text), delimiter=";" if text.split("\n", 1)[0].count(";") else ",")
    )
    if not rows or not set(rows[0]) >= COINR:
        raise Refusal("bad_scheme", "a list needs the columns iCode and Parent", place=Place(str(path), 1))
    wanted = [row for row in rows if (row.get("Type") or "Indicator") in {"Indicator", "Aggregate"}]
    known = {row["iCode"] for row in wanted}
    roots = [row for row in wanted if row["Parent"] in {"", "NA", None}]
    if len(roots) != 1:
        raise Refusal(
            "bad_scheme", f"one row must be without Parent, {len(roots)} are", place=Place(str(path))
        )
    for number, row in enumerate(rows, start=2):
        parent = row["Parent"]
        if row in wanted and parent not in {"", "NA", None} and parent not in known:
            raise Refusal("bad_scheme", f"there is no {parent}", place=Place(str(path), number, "Parent"))
        _check_weight(row, Place(str(path), number, "Weight"))
    groups = [row["iCode"] for row in rows if row.get("Type") == "Group"]
    scheme: dict[str, Any] = {
        "unit": "uCode",
        "impute": {"method": "mean", "by": groups[0]} if groups else {"method": "none"},
        "winsorise": {},
        "index": _branch(roots[0], wanted, frozenset()),
    }
    return json.loads(json.dumps(scheme))  # type: ignore[no-any-return]


def _check_weight(row: Mapping[str, str], place: Place) -> None:
    weight = (row.get("Weight") or "").strip()
    try:
        float(weight or 0) if weight != "NA" else None
    except ValueError as error:
        raise Refusal("bad_scheme", f"“{weight}” is no number", place=place) from error


def _branch(
    row: Mapping[str, str], rows: Sequence[Mapping[str, str]], above: frozenset[str]
) -> dict[str, Any]:
    code = row["iCode"]
    if code in above:
        raise Refusal("bad_scheme", f"{code} stands under itself")

    def given(name: str) -> str:
        value = (row.get(name) or "").strip()
        return "" if value == "NA" else value

    node: dict[str, Any] = {"code": code, "name": given("iName")}
    if weight := given("Weight"):
        node["weight"] = float(weight)
    if given("Direction").startswith("-"):
        node["direction"] = "down"
    if denominator := given("Denominator"):
        node["denominator"] = denominator
    children = [_branch(one, rows, above | {code}) for one in rows if one["Parent"] == code]
    return node | ({"children": children} if children else {})

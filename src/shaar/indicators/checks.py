"""Checks what the pack says about indicators: codes that lead nowhere, doubles, cycles, formulas."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _

from shaar.indicators.formulas import Formula, parse
from shaar.indicators.packfiles import MEASURES, OBJECTS, RULES, SECTIONS, Declared, PackContents
from shaar.indicators.passports import RESERVED, Kind, Take
from shaar.indicators.schema import MeasureModel, TermModel
from shaar.kernel import yamlfile
from shaar.kernel.errors import Place, Refusal


@dataclass
class Known:
    """What passports may name outside their own files; None means that it cannot be checked here."""

    units: frozenset[str] | None = None
    territories: frozenset[str] | None = None
    facts: frozenset[str] | None = None
    dimensions: frozenset[str] | None = None
    silent: frozenset[str] = frozenset()
    rules: frozenset[str] | None = None
    acts: frozenset[str] | None = None


class Checker:
    """Finds every mistake in the contents of a pack."""

    def __init__(self, contents: PackContents, known: Known) -> None:
        self.contents = contents
        self.known = known
        self.codes = contents.by_code()
        self.formulas: dict[str, tuple[Formula, Place]] = {}
        self.problems: list[Refusal] = list(contents.problems)

    def run(self) -> list[Refusal]:
        """Return all problems, in the order of the files."""
        self._doubles()
        for declared in self.contents.indicators:
            self._classifiers(declared)
            self._source(declared)
            self._expected(declared)
            self._links(declared)
        self._cycles(self._formula_edges(), _("The formula leads back to itself: %(path)s."))
        self._cycles(self._part_edges(), _("The parts lead back to themselves: %(path)s."))
        self._rules()
        return self.problems

    @cached_property
    def measures(self) -> dict[str, MeasureModel]:
        return {measure.code: measure for measure in self.contents.measures}

    def _add(self, code: str, message: str, place: Place, /, **words: str) -> None:
        self.problems.append(Refusal(code, message % words if words else message, place=place))

    def _unknown(self, kind: str, code: str, place: Place) -> None:
        self._add(f"unknown_{kind}", _("“%(code)s” is not known."), place, code=code)

    def _doubles(self) -> None:
        contents = self.contents
        lists: tuple[tuple[str, str, Iterable[str]], ...] = (
            (SECTIONS, "sections", (section.code for section in contents.sections)),
            (MEASURES, "units", (measure.code for measure in contents.measures)),
            (OBJECTS, "objects", (term.code for term in contents.objects)),
            (OBJECTS, "actions", (term.code for term in contents.actions)),
            (RULES, "rules", (rule.rule for rule in contents.rules)),
        )
        for name, key, codes in lists:
            self._repeated(codes, lambda index, name=name, key=key: contents.place(name, key, index))  # type: ignore[misc]
        declared = contents.indicators
        self._repeated((one.model.code for one in declared), lambda index: declared[index].place("code"))
        self._repeated((one.model.row or "" for one in declared), lambda index: declared[index].place("row"))

    def _repeated(self, codes: Iterable[str], place: Callable[[int], Place]) -> None:
        seen: dict[str, int] = {}
        for index, code in enumerate(codes):
            if code and code in seen:
                first = place(seen[code])
                where = f"{Path(first.file or '').name}:{first.line}"
                message = _("“%(code)s” stands twice; the first is at %(where)s.")
                self._add("repeated_code", message, place(index), code=code, where=where)
            seen.setdefault(code, index)

    def _classifiers(self, declared: Declared) -> None:
        model, contents = declared.model, self.contents
        sections = {section.code for section in contents.sections}
        found: tuple[tuple[str, str | None, Iterable[str] | None], ...] = (
            ("section", model.section, sections),
            ("measure", model.measure, self.measures),
            ("object", model.object, _codes(contents.objects)),
            ("action", model.action, _codes(contents.actions)),
            ("owner", model.owner, self.known.units),
            ("legal_basis", model.legal_basis, self.known.acts),
        )
        for key, code, allowed in found:
            if code and allowed is not None and code not in allowed:
                self._unknown(key, code, declared.place(key))

    def _source(self, declared: Declared) -> None:
        source = declared.model.source
        if source.formula is not None:
            self._formula(declared, "formula", source.formula, declared.place("source", "formula"))
            if declared.model.kind not in {Kind.FORMULA, Kind.RATIO}:
                message = _("A formula needs the kind formula or ratio.")
                self._add("kind_mismatch", message, declared.place("kind"))
            return
        self._fact(declared)

    def _fact(self, declared: Declared) -> None:
        source, kind = declared.model.source, declared.model.kind
        if kind is Kind.FORMULA:
            self._add("kind_mismatch", _("The kind formula needs a formula."), declared.place("kind"))
        if kind is Kind.RATIO and source.take in {Take.SUM, Take.COUNT}:
            message = _("A ratio is never summed: take last.")
            self._add("ratio_summed", message, declared.place("source", "take"))
        self._where(declared, source.fact or "")

    def _where(self, declared: Declared, fact: str) -> None:
        source, known = declared.model.source, self.known.facts
        is_silent = fact.partition(".")[0] in self.known.silent
        if known is not None and fact not in known and not is_silent:
            self._unknown("fact", fact, declared.place("source", "fact"))
        for key, value in source.where.items():
            place = declared.place("source", "where", key)
            if key in RESERVED:
                allowed = self.known.units if key == "unit" else self.known.territories
                if allowed is not None and value not in allowed:
                    self._unknown(key, value, place)
            elif self.known.dimensions is not None and key not in self.known.dimensions:
                self._unknown("dimension", key, place)

    def _expected(self, declared: Declared) -> None:
        if declared.model.expected is not None:
            self._formula(declared, "expected", declared.model.expected, declared.place("expected"))

    def _formula(self, declared: Declared, kind: str, text: str, place: Place) -> None:
        try:
            formula = parse(text, place=place)
        except Refusal as refusal:
            self.problems.append(refusal)
            return
        if kind == "formula":
            self.formulas[declared.model.code] = (formula, place)
        for code in formula.references:
            if code not in self.codes:
                self._unknown("indicator", code, place)

    def _links(self, declared: Declared) -> None:
        model = declared.model
        lists = (
            ("parts", "complete", model.parts.complete),
            ("parts", "covers", model.parts.covers),
            ("continuity", "added", model.continuity.added),
            ("continuity", "removed", model.continuity.removed),
        )
        for key, name, codes in lists:
            for index, code in enumerate(codes):
                place = declared.place(key, name, index)
                self._named(model.measure, code, place, is_addend=name != "covers")
        if model.plan:
            self._named(model.measure, model.plan, declared.place("plan"), is_addend=True)
        if (model.continuity.added or model.continuity.removed) and model.kind is not Kind.STOCK:
            self._add("kind_mismatch", _("Only a stock has continuity."), declared.place("continuity"))

    def _named(self, measure: str, code: str, place: Place, *, is_addend: bool) -> None:
        if code not in self.codes:
            self._unknown("indicator", code, place)
        elif is_addend:
            self._commensurable(measure, code, place)

    def _commensurable(self, measure: str, code: str, place: Place) -> None:
        first = self.measures.get(measure)
        second = self.measures.get(self.codes[code].model.measure)
        if first is not None and second is not None and first.dimension != second.dimension:
            message = _("“%(code)s” is measured in %(other)s, which cannot be added to %(own)s.")
            self._add("incommensurable", message, place, code=code, other=second.code, own=first.code)

    def _formula_edges(self) -> dict[str, tuple[tuple[str, ...], Place]]:
        return {code: (formula.references, place) for code, (formula, place) in self.formulas.items()}

    def _part_edges(self) -> dict[str, tuple[tuple[str, ...], Place]]:
        return {
            code: (one.model.parts.complete + one.model.parts.covers, one.place("parts"))
            for code, one in self.codes.items()
        }

    def _cycles(self, edges: Mapping[str, tuple[tuple[str, ...], Place]], message: str) -> None:
        for path in cycles({code: targets for code, (targets, _place) in edges.items()}):
            self._add("cycle", message, edges[path[0]][1], path=" → ".join(path))

    def _rules(self) -> None:
        for index, rule in enumerate(self.contents.rules):
            if self.known.rules is not None and rule.rule not in self.known.rules:
                self._unknown("rule", rule.rule, self.contents.place(RULES, "rules", index, "rule"))
            for number, code in enumerate(rule.except_):
                if code not in self.codes:
                    place = self.contents.place(RULES, "rules", index, "except", number)
                    self._unknown("indicator", code, place)


def cycles(edges: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield each cycle of a graph once, as the path from a node back to it."""
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            node, depth = stack.pop()
            del path[depth:]
            if node in path:
                yield (*path[path.index(node) :], node)
                continue
            if node in done:
                continue
            done.add(node)
            path.append(node)
            stack.extend((target, depth + 1) for target in reversed(edges.get(node, ())))


def codes_in(path: Path, key: str) -> frozenset[str] | None:
    """Return the codes listed under a key of another module's pack file; None when there is no such file."""
    if not path.is_file():
        return None
    try:
        data, _lines = yamlfile.read(path)
    except Refusal:
        return None
    items = data.get(key, ()) if isinstance(data, dict) else ()
    return frozenset(str(item["code"]) for item in items if isinstance(item, dict) and "code" in item)


def _codes(terms: Iterable[TermModel]) -> frozenset[str]:
    return frozenset(term.code for term in terms)

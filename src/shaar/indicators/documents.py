"""Values, findings and traces as plain data; the shapes are promised in docs/modules/indicators.md."""

from collections.abc import Iterable, Mapping
from typing import Any

from shaar.indicators.frozen import FrozenValue
from shaar.indicators.outcomes import Finding, Outcome, Trace, TracedFact, Value
from shaar.indicators.passports import Passport
from shaar.indicators.rules.wording import digits
from shaar.kernel.quantities import Quantity
from shaar.kernel.texts import Text

RECONCILE = "shaar.reconcile/1"
TRACE = "shaar.trace/1"


def of_text(text: Text) -> dict[str, str]:
    """Return a text by language; languages it does not have are left out."""
    return {language: text.of(language) for language in ("ru", "ky", "en") if text.has(language)}


def of_quantity(quantity: Quantity | None) -> dict[str, str | None] | None:
    """Return a quantity with numbers as strings, so that nothing is lost; null when it is missing."""
    if quantity is None:
        return None
    return {
        "value": None if quantity.value is None else digits(quantity.value),
        "upper": None if quantity.upper is None else digits(quantity.upper),
        "qualifier": str(quantity.qualifier),
        "as_written": quantity.as_written,
    }


def of_value(value: Value) -> dict[str, Any]:
    """Return a value with its state and the periods that are missing in it."""
    return {
        "indicator": value.indicator,
        "period": str(value.period),
        "unit": value.unit,
        "territory": value.territory,
        "where": dict(value.where),
        "quantity": of_quantity(value.quantity),
        "measure": value.measure,
        "state": str(value.state),
        "facts": value.facts,
        "missing_parts": [str(part) for part in value.missing_parts],
    }


def of_finding(finding: Finding) -> dict[str, Any]:
    """Return a finding or a confirmation; answers without their authors, who are persons."""
    return {
        "key": finding.key,
        "rule": finding.rule,
        "outcome": str(finding.outcome),
        "severity": str(finding.severity),
        "indicators": list(finding.indicators),
        "rows": list(finding.rows),
        "period": str(finding.period),
        "message": of_text(finding.message),
        "numbers": dict(finding.numbers),
        "answers": [{"text": answer.text, "at": answer.at.isoformat()} for answer in finding.answers],
    }


def reconcile(
    findings: Iterable[Finding], *, programme: str | None, year: int, indicators: int
) -> dict[str, Any]:
    """Return the outcome of all rules over a year."""
    listed = list(findings)
    wrong = [one for one in listed if one.outcome is Outcome.FINDING]
    right = [one for one in listed if one.outcome is Outcome.CONFIRMED]
    by_rule: dict[str, int] = {}
    for one in wrong:
        by_rule[one.rule] = by_rule.get(one.rule, 0) + 1
    return {
        "schema": RECONCILE,
        "programme": programme,
        "year": year,
        "indicators": indicators,
        "summary": {"findings": len(wrong), "confirmed": len(right), "by_rule": by_rule},
        "findings": [of_finding(one) for one in wrong],
        "confirmed": [of_finding(one) for one in right],
    }


def of_passport(passport: Passport) -> dict[str, Any]:
    """Return what is declared about an indicator."""
    source: Mapping[str, Any]
    if passport.fact_source is not None:
        facts = passport.fact_source
        source = {"fact": facts.fact, "where": dict(facts.where), "take": str(facts.take)}
    else:
        source = {"formula": str(passport.formula)}
    return {
        "code": passport.code,
        "row": passport.row or None,
        "name": of_text(passport.name),
        "section": passport.section,
        "measure": passport.measure,
        "kind": str(passport.kind),
        "good": str(passport.good),
        "role": str(passport.role),
        "owner": passport.owner,
        "source": source,
        "plan": passport.plan or None,
        "parts": {"complete": list(passport.parts), "covers": list(passport.covered)},
        "version": passport.version,
    }


def of_fact(fact: TracedFact) -> dict[str, Any]:
    """Return a fact with the record it came from and its evidence."""
    return {
        "id": fact.id,
        "type": fact.type,
        "period": str(fact.period),
        "happened_at": fact.happened_at.isoformat(),
        "recorded_at": fact.recorded_at.isoformat(),
        "unit": fact.unit,
        "territory": fact.territory,
        "quantity": of_quantity(fact.quantity),
        "measure": fact.measure,
        "dimensions": dict(fact.dimensions),
        "subject": {"id": fact.subject_id, "title": fact.subject_title, "url": fact.subject_url},
        "evidence": [
            {"kind": one.kind, "ref": one.ref, "place": one.place, "title": one.title, "sha256": one.sha256}
            for one in fact.evidence
        ],
        "approval": {step: at for step, at in fact.approval.items() if not step.endswith("_by")},
        "is_counted": fact.is_counted,
        "is_period_stated": fact.is_period_stated,
        "reverses": fact.reverses,
        "reversed_by": fact.reversed_by,
    }


def of_frozen(frozen: FrozenValue | None, trace: Trace) -> dict[str, Any] | None:
    """Return what an edition froze of a figure, beside what came later; null when none was asked for."""
    if frozen is None:
        return None
    return {
        "edition": frozen.edition,
        "published_at": frozen.published_at.isoformat(),
        "taken_at": frozen.taken_at.isoformat(),
        "quantity": of_quantity(frozen.quantity),
        "is_changed": frozen.quantity != trace.value.quantity,
        "later": [fact.id for fact in frozen.later(trace)],
    }


def of_trace(trace: Trace) -> dict[str, Any]:
    """Return a figure and everything under it."""
    return {
        "schema": TRACE,
        "passport": of_passport(trace.passport),
        "value": of_value(trace.value),
        "steps": [
            {"expression": step.expression, "quantity": of_quantity(step.quantity)} for step in trace.steps
        ],
        "operands": [of_value(operand.value) for operand in trace.operands],
        "facts": [of_fact(fact) for fact in trace.facts],
        "history": [of_fact(fact) for fact in trace.history],
        "findings": [of_finding(one) for one in trace.findings],
    }

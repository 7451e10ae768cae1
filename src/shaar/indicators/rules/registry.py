"""The registry of validation rules and what every rule is given."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TypeAlias

from shaar.indicators.catalogue import Catalogue, RuleSetting
from shaar.indicators.outcomes import Finding, Outcome, Severity, Value
from shaar.indicators.passports import Calendar, Passport
from shaar.indicators.reckoning import Reckoner
from shaar.indicators.rules.wording import Word, message
from shaar.kernel.errors import Message
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text

BUILT_IN = (
    "alike",
    "expected",
    "grain_mismatch",
    "inexact",
    "malformed",
    "missing_period",
    "missing_total",
    "no_period",
    "overlap",
    "parts_total",
    "plan_fact",
    "stock_continuity",
    "two_plans",
)


@dataclass(frozen=True)
class RuleContext:
    """What a rule may look at: the passports in question, their values in the period, and its own setting."""

    catalogue: Catalogue
    reckoner: Reckoner
    period: Period
    codes: frozenset[str]
    setting: RuleSetting
    is_due: Callable[[Period, Calendar], bool]

    @property
    def passports(self) -> list[Passport]:
        """Return the passports to look at, in the pack's order."""
        return [one for code, one in self.catalogue.passports.items() if self.concerns(code)]

    def concerns(self, code: str) -> bool:
        """Tell whether the rule looks at an indicator."""
        return code in self.codes and code not in self.setting.except_

    def value(self, code: str, period: Period | None = None) -> Value:
        """Return an indicator's value, for the whole city."""
        return self.reckoner.value(code, period or self.period)

    def number(self, name: str, default: int) -> int:
        """Return a whole-number parameter of the rule."""
        return int(str(self.setting.parameters.get(name, default)))

    def words(self, name: str, default: Sequence[str]) -> frozenset[str]:
        """Return a list parameter of the rule."""
        found = self.setting.parameters.get(name)
        return (
            frozenset(str(word) for word in found) if isinstance(found, list | tuple) else frozenset(default)
        )

    def finding(
        self,
        codes: Sequence[str],
        text: Message,
        words: Mapping[str, Word],
        numbers: Mapping[str, str] | None = None,
        *,
        key: str = "",
        period: Period | None = None,
    ) -> Finding:
        """Return a finding about some indicators; `key` tells apart several findings about the same ones."""
        return self._outcome(Outcome.FINDING, codes, message(text, words), numbers, key, period)

    def confirmed(
        self, codes: Sequence[str], text: Message, words: Mapping[str, Word], numbers: Mapping[str, str]
    ) -> Finding:
        """Return the confirmation that some indicators agree."""
        return self._outcome(Outcome.CONFIRMED, codes, message(text, words), numbers, "", None)

    def _outcome(
        self,
        outcome: Outcome,
        codes: Sequence[str],
        text: Text,
        numbers: Mapping[str, str] | None,
        key: str,
        period: Period | None,
    ) -> Finding:
        about = period or self.period
        named = [self.catalogue.passports[code] for code in codes if code in self.catalogue.passports]
        return Finding(
            key="|".join([self.setting.rule, str(about), key or "+".join(codes)]),
            rule=self.setting.rule,
            outcome=outcome,
            severity=Severity(self.setting.severity) if outcome is Outcome.FINDING else Severity.NOTICE,
            indicators=tuple(codes),
            period=about,
            message=text,
            numbers=dict(numbers or {}),
            rows=tuple(passport.row for passport in named if passport.row),
        )


RuleFunction: TypeAlias = Callable[[RuleContext], Iterable[Finding]]
RuleState: TypeAlias = Callable[[], str]
_rules: dict[str, RuleFunction] = {}
_states: dict[RuleState, None] = {}


def register_rule(name: str, function: RuleFunction, *, state: RuleState | None = None) -> None:
    """Add a rule, from a module's AppConfig.ready; it runs where the pack's rules.yaml names it.

    `state` returns a short text that changes whenever something may have changed that the rule reads beside
    indicators and facts: what rules said is kept until then. A rule that reads nothing else needs none.
    """
    if name in BUILT_IN or _rules.get(name, function) is not function:
        raise ValueError(f"two rules are called {name}")
    _rules[name] = function
    if state is not None:
        _states[state] = None


def rule_states() -> list[str]:
    """Return the state of everything that rules read beside indicators and facts."""
    return [state() for state in _states]


def registered_rules() -> Mapping[str, RuleFunction]:
    """Return every rule by its name."""
    for name in BUILT_IN:
        if name not in _rules:
            _rules[name] = import_module(f"shaar.indicators.rules.{name}").find
    return _rules


def run_rules(context: RuleContext, settings: Iterable[RuleSetting]) -> Iterator[Finding]:
    """Yield what the rules named in the settings find, in their order."""
    functions = registered_rules()
    for setting in settings:
        if setting.rule in functions:
            yield from functions[setting.rule](replace(context, setting=setting))

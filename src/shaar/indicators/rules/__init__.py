"""Validation rules over figures: each finds what does not agree and confirms what does.

A rule is a function `rule(context) -> Iterator[Finding]`; a module above adds its own by `register_rule`.
"""

from shaar.indicators.rules.registry import (
    RuleContext,
    RuleFunction,
    register_rule,
    registered_rules,
    rule_states,
    run_rules,
)

__all__ = ["RuleContext", "RuleFunction", "register_rule", "registered_rules", "rule_states", "run_rules"]

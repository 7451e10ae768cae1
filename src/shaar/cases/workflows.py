"""Workflows as tables: states, and the transitions that a person of some verb may make between them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from shaar.kernel.errors import Refusal

Name = str | Promise


@dataclass(frozen=True, slots=True)
class State:
    """A state of a case; nothing leaves a final one."""

    code: str
    name: Name
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A step from some states to another: the verb that it needs, and whether a reason must be given."""

    code: str
    name: Name
    sources: tuple[str, ...]
    target: str
    verb: str
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who hears of a case so many working days after its deadline: those with a verb in its unit."""

    days: int
    verb: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """A declared life of cases: it begins in the first state; escalations are levels in order."""

    code: str
    name: Name
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    escalations: tuple[Escalation, ...] = ()

    @property
    def initial(self) -> str:
        """Return the state in which a case begins."""
        return self.states[0].code

    def state(self, code: str) -> State:
        """Return a state by code; KeyError for one that was never declared."""
        return {state.code: state for state in self.states}[code]

    def transition(self, code: str) -> Transition | None:
        """Return a transition by code, None for one that was never declared."""
        return next((one for one in self.transitions if one.code == code), None)

    def leaving(self, state: str) -> list[Transition]:
        """Return the transitions that leave a state, in the order declared."""
        return [one for one in self.transitions if state in one.sources]


_workflows: dict[str, Workflow] = {}


def register(workflow: Workflow) -> None:
    """Make a workflow known, from a module's AppConfig.ready; ValueError names what is wrong with it."""
    if problems := list(faults(workflow)):
        raise ValueError(f"workflow {workflow.code}: {'; '.join(problems)}")
    _workflows[workflow.code] = workflow


def workflow(code: str) -> Workflow:
    """Return a workflow by code; raise Refusal `unknown_workflow`."""
    if (found := _workflows.get(code)) is None:
        raise Refusal("unknown_workflow", code)
    return found


def workflows() -> list[Workflow]:
    """Return every workflow by code."""
    return [_workflows[code] for code in sorted(_workflows)]


def faults(workflow: Workflow) -> Iterable[str]:
    """Yield what is wrong with a workflow's tables: unknown or unreachable states, exits of final ones."""
    if not workflow.states:
        yield "it has no states"
        return
    finals = {state.code: state.is_final for state in workflow.states}
    if len(finals) < len(workflow.states):
        yield "a state is declared twice"
    if len({one.code for one in workflow.transitions}) < len(workflow.transitions):
        yield "a transition is declared twice"
    for one in workflow.transitions:
        for code in (*one.sources, one.target):
            if code not in finals:
                yield f"{one.code} names the unknown state {code}"
        yield from (f"{one.code} leaves the final state {code}" for code in one.sources if finals.get(code))
    for code in sorted(finals.keys() - reachable(workflow)):
        yield f"no transition reaches the state {code}"


def reachable(workflow: Workflow) -> set[str]:
    """Return the states that a case can come to."""
    found = {workflow.initial}
    while new := {one.target for one in workflow.transitions if found & set(one.sources)} - found:
        found |= new
    return found

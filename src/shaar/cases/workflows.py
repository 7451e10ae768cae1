"""Workflows as tables: states, and the transitions that a person of some verb may make between them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from shaar.kernel.errors import Refusal

Name = str | Promise


@dataclass(frozen=True, slots=True)
class State:
    """A state of a case; a final one closes it, and only a step that reopens leaves it."""

    code: str
    name: Name
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A step from some states to another: the verb that it needs, and whether a reason must be given.

    Only one that `reopens` leaves final states, and it leaves no others.
    """

    code: str
    name: Name
    sources: tuple[str, ...]
    target: str
    verb: str
    needs_reason: bool = False
    reopens: bool = False


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
    """Yield what is wrong with a workflow's tables.

    Those are states declared twice, unknown or unreachable, wrong exits, empty names.
    """
    if not workflow.states:
        yield "it has no states"
        return
    finals = {state.code: state.is_final for state in workflow.states}
    if len(finals) < len(workflow.states):
        yield "a state is declared twice"
    if len({one.code for one in workflow.transitions}) < len(workflow.transitions):
        yield "a transition is declared twice"
    yield from _unnamed(workflow)
    for one in workflow.transitions:
        unknown = {*one.sources, one.target} - finals.keys()
        yield from (f"{one.code} names the unknown state {code}" for code in sorted(unknown))
    yield from _wrong_exits(workflow, finals)
    for code in sorted(finals.keys() - reachable(workflow)):
        yield f"no transition reaches the state {code}"


def _unnamed(workflow: Workflow) -> Iterable[str]:
    named: list[tuple[str, Name]] = [(workflow.code, workflow.name)]
    named += [(one.code, one.name) for one in workflow.states]
    named += [(one.code, one.name) for one in workflow.transitions]
    for code, name in named:
        if not code or not str(name).strip():
            yield f"{code or 'something'} has no name"


def _wrong_exits(workflow: Workflow, finals: dict[str, bool]) -> Iterable[str]:
    left = {code for one in workflow.transitions for code in one.sources}
    yield from (
        f"nothing leaves the state {code}, which is not final"
        for code, is_final in finals.items()
        if not is_final and code not in left
    )
    for one in workflow.transitions:
        if one.reopens and finals.get(one.target):
            yield f"{one.code} reopens into the final state {one.target}"
        for code in one.sources:
            if finals.get(code) and not one.reopens:
                yield f"{one.code} leaves the final state {code}"
            if finals.get(code) is False and one.reopens:
                yield f"{one.code} reopens the state {code}, which is not final"


def reachable(workflow: Workflow) -> set[str]:
    """Return the states that a case can come to."""
    found = {workflow.initial}
    while new := {one.target for one in workflow.transitions if found & set(one.sources)} - found:
        found |= new
    return found

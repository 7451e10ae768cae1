"""Steps that a module lets people make for many cases at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from shaar.access.api import Actor
from shaar.cases import queries
from shaar.cases.outcomes import CaseView
from shaar.cases.workflows import Name, workflow
from shaar.kernel.errors import Message, Refusal

Perform: TypeAlias = Callable[[CaseView, Actor, datetime], None]


@dataclass(frozen=True, slots=True)
class BulkStep:
    """A step that can be made for many cases of a workflow; `code` is `workflow:transition`."""

    code: str
    name: Name
    perform: Perform
    sources: tuple[str, ...]
    verb: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of something done to many cases: how many it was done to, and why not to the others."""

    done: int
    refused: tuple[tuple[CaseView, Message], ...]


_steps: dict[str, BulkStep] = {}


def register_bulk_step(workflow_code: str, transition: str, perform: Perform) -> None:
    """Let people make a step for many cases at once, by the module's own service.

    ValueError for a step that is unknown or needs a reason: a reason is given to one case at a time.
    """
    step = workflow(workflow_code).transition(transition)
    if step is None or step.needs_reason:
        raise ValueError(f"{workflow_code} has no step {transition} without a reason")
    code = f"{workflow_code}:{transition}"
    _steps[code] = BulkStep(code, step.name, perform, step.sources, step.verb)


def steps_of(case: CaseView, may: Callable[[str], bool]) -> list[BulkStep]:
    """Return the steps in bulk that can be made of a case by who may the verbs."""
    prefix = f"{case.workflow}:"
    return [
        step
        for code, step in sorted(_steps.items())
        if code.startswith(prefix) and case.state in step.sources and may(step.verb)
    ]


def perform_many(code: str, case_ids: Iterable[int], *, actor: Actor, at: datetime) -> Outcome:
    """Make a step for each of many cases, each in a transaction of its own; Refusal `unknown_step`."""
    step = _steps.get(code)
    if step is None:
        raise Refusal("unknown_step", code)
    workflow_code = code.partition(":")[0]
    found = {number: case for number, case in _cases(case_ids).items() if case.workflow == workflow_code}
    return each(found, lambda case: step.perform(case, actor, at))


def each(cases: Mapping[int, CaseView], do: Callable[[CaseView], object]) -> Outcome:
    """Do something to each case; one that is refused does not hold up the others."""
    done, refused = 0, list[tuple[CaseView, Message]]()
    for _number, case in sorted(cases.items()):
        try:
            do(case)
        except Refusal as refusal:
            refused.append((case, refusal.message))
        else:
            done += 1
    return Outcome(done, tuple(refused))


def _cases(case_ids: Iterable[int]) -> dict[int, CaseView]:
    return queries.get_many(case_ids)

"""Draws workflows' tables as Mermaid state diagrams, alone and in the page of the module's documentation."""

from pathlib import Path

from django.utils.translation import override

from shaar.cases.workflows import Workflow

BEGIN, END = "<!-- workflows: written by shaar.cases.diagrams.write -->", "<!-- end of workflows -->"


def mermaid(workflow: Workflow) -> str:
    """Return the state diagram of a workflow, drawn from its table; a step that reopens is marked so."""
    lines = ["stateDiagram-v2", f"    [*] --> {workflow.initial}"]
    for step in workflow.transitions:
        mark = f"{step.verb}, reopens" if step.reopens else step.verb
        lines += [f"    {source} --> {step.target}: {step.code} ({mark})" for source in step.sources]
    lines += [f"    {state.code} --> [*]" for state in workflow.states if state.is_final]
    return "\n".join(lines)


def redrawn(page: str, workflows: list[Workflow]) -> str:
    """Return a page with the diagrams of workflows in its marked section; ValueError without the marks."""
    before, _begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not end:
        raise ValueError("the page has no section for workflows")
    with override("en"):
        drawn = [f"### {one.name} (`{one.code}`)\n```mermaid\n{mermaid(one)}\n```" for one in workflows]
    return "\n\n".join([before + BEGIN, *drawn, END + after])


def write(page: Path, workflows: list[Workflow]) -> None:
    """Draw the workflows anew into a page."""
    page.write_text(redrawn(page.read_text(encoding="utf-8"), workflows), encoding="utf-8")

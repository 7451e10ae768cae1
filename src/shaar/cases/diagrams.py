"""Draws a workflow's table as a Mermaid state diagram."""

from shaar.cases.workflows import Workflow


def mermaid(workflow: Workflow) -> str:
    """Return the state diagram of a workflow, drawn from its table."""
    lines = ["stateDiagram-v2", f"    [*] --> {workflow.initial}"]
    for step in workflow.transitions:
        lines += [f"    {source} --> {step.target}: {step.code} ({step.verb})" for source in step.sources]
    lines += [f"    {state.code} --> [*]" for state in workflow.states if state.is_final]
    return "\n".join(lines)

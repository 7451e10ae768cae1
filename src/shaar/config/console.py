"""Talks to the person at the terminal and stays silent when the output goes elsewhere."""

import sys


class CommandFailed(Exception):
    """A command cannot do what was asked; the message is one line that says what to do."""


def progress(text: str) -> None:
    """Show what is being done, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"shaar: {text}\n")
        sys.stderr.flush()

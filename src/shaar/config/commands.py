"""Collects the commands that modules add to the command line.

A module adds commands in its `commands.py` by `register(commands)`, which receives the subparsers of argparse
and calls `add_parser(...)` and `set_defaults(run=function)`. The function receives the parsed arguments and
returns the exit code; Django is set up and the database answers when it is called. A command without either
says `set_defaults(needs_database=False)`, or gives a function that tells it from the arguments. Parsers are
built before Django: import models inside the function.
"""

from typing import Any

from shaar.config.modules import MODULES, find


def register_commands_of_modules(commands: Any) -> None:
    """Add the commands of every module that has some."""
    for module in MODULES:
        register = find(f"shaar.{module}.commands:register")
        if register is not None:
            register(commands)

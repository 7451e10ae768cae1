"""The command `user`: the people of an installation, before anyone can sign in to look after them."""

import argparse
import getpass
import sys
from typing import Any


def register(commands: Any) -> None:
    """Add the command with its actions."""
    parser = commands.add_parser("user", help="add people, give them roles and passwords")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a person; the password is asked for, or read from a pipe")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="the name that others see")
    add.add_argument("--unit", help="code of the unit in which the person works")
    add.set_defaults(run=_add)
    grant = actions.add_parser("grant", help="give a person a role")
    grant.add_argument("username")
    grant.add_argument("role", help="code of a role, for example administrator")
    grant.add_argument("--unit", help="code of the unit, with all under it; without it, every unit")
    grant.add_argument("--territory", help="code of the territory; without it, every territory")
    grant.set_defaults(run=_grant)
    password = actions.add_parser("password", help="give a person a new password")
    password.add_argument("username")
    password.set_defaults(run=_password)


def _add(arguments: argparse.Namespace) -> int:
    from shaar.access.api import create_user, system_actor

    actor = system_actor("command-line")
    create_user(
        arguments.username,
        name=arguments.name,
        password=_asked_password(),
        unit=arguments.unit,
        actor=actor,
    )
    return 0


def _grant(arguments: argparse.Namespace) -> int:
    from shaar.access.api import assign_role, system_actor

    assign_role(
        arguments.username,
        arguments.role,
        unit=arguments.unit,
        territory=arguments.territory,
        actor=system_actor("command-line"),
    )
    return 0


def _password(arguments: argparse.Namespace) -> int:
    from shaar.access.api import set_password, system_actor

    set_password(arguments.username, _asked_password(), actor=system_actor("command-line"))
    return 0


def _asked_password() -> str:
    """Return a password typed unseen on a terminal, or the first line of a pipe; never an argument."""
    if sys.stdin.isatty():
        return getpass.getpass()
    return sys.stdin.readline().rstrip("\n")

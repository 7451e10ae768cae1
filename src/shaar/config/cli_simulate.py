"""The command `simulate`: a labelled, invented life of the city, recorded through the modules' doors."""

import argparse
from collections.abc import Sequence
from datetime import date
from typing import Any

import django

from shaar.config import environment
from shaar.config.console import CommandFailed, progress
from shaar.config.database import ensure_database
from shaar.config.demo import PACK, mark
from shaar.config.modules import find

LONGEST = 3660
# Each step is `simulate(pack: Path, *, days: int, seed: int, until: date) -> Iterable[str]`, safe to repeat;
# its lines are shown. A step whose file does not exist is left out.
STEPS: Sequence[str] = (
    "shaar.programme.simulation:simulate",
    "shaar.budget.simulation:simulate",
    "shaar.ratings.simulation:simulate",
    "shaar.monitor.simulation:simulate",
)


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("simulate", help="make up some days of city life, labelled as invented")
    parser.add_argument("--days", type=int, required=True, help=f"how many days, 1 to {LONGEST}")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes up the same days")
    parser.add_argument("--until", type=date.fromisoformat, help="the last day; today when left out")
    parser.set_defaults(run=run, needs_database=False)


def run(arguments: argparse.Namespace) -> int:
    """Let every module make its days up, then bring the indicators up to date."""
    if environment.name() == "production":
        raise CommandFailed("invented facts are refused in production; use another SHAAR_HOME and SHAAR_ENV")
    if not 1 <= arguments.days <= LONGEST:
        raise CommandFailed(f"--days is a number from 1 to {LONGEST}")
    ensure_database()
    django.setup()
    return _simulate(arguments)


def _simulate(arguments: argparse.Namespace) -> int:
    from django.db import transaction

    from shaar.kernel import clock, jobs

    today = clock.today()
    until = arguments.until or today
    if until > today:
        raise CommandFailed("--until lies in the future")
    mark()
    for step in STEPS:
        if (simulate := find(step)) is not None:
            progress(f"making up {step.split('.')[1]}")
            with transaction.atomic():
                for line in simulate(PACK, days=arguments.days, seed=arguments.seed, until=until):
                    print(line)
            progress("reckoning")
            jobs.run_pending()  # what one module made up is in the figures that the next one reads
    return 0

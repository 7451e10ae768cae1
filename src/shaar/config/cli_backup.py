"""The commands `backup` and `restore`."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shaar.config import environment
from shaar.config.console import CommandFailed

LAST_BACKUP = "last-backup"  # the page of health reads it


def register(commands: Any) -> None:
    """Add both commands."""
    backup = commands.add_parser("backup", help="write the database and the files to one file")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=run_backup, needs_database=False)
    restore = commands.add_parser("restore", help="fill an empty installation from a backup")
    restore.add_argument("file", type=Path)
    restore.set_defaults(run=run_restore, needs_database=False)


def run_backup(arguments: argparse.Namespace) -> int:
    """Write a backup; the target must not exist yet."""
    from shaar.config.backup import write_backup
    from shaar.config.database import ensure_database

    if arguments.file.exists():
        raise CommandFailed(f"{arguments.file} exists already; name a new file")
    write_backup(arguments.file, url=ensure_database(), files=environment.home() / "files")
    (environment.home() / LAST_BACKUP).write_text(datetime.now(tz=UTC).isoformat())
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Restore a backup into this empty installation."""
    from shaar.config.backup import restore_backup
    from shaar.config.database import ensure_database

    if not arguments.file.is_file():
        raise CommandFailed(f"there is no file {arguments.file}")
    restore_backup(arguments.file, url=ensure_database(), files=environment.home() / "files")
    return 0

"""Writes an installation into one file and makes an installation from such a file.

The file is a ZIP archive: `manifest.json`, `database.dump` (custom format of pg_dump) and `files/`. Keys are
not in it, because who holds the file must not thereby hold the keys: keep those of the home elsewhere.
"""

import json
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shaar import __version__
from shaar.config.console import CommandFailed
from shaar.config.database_account import installed_program

MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files/"
FORMAT = "shaar-backup-1"


def write_backup(target: Path, *, url: str, files: Path) -> None:
    """Write the database and the files to the target, which appears only when it is whole."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory(dir=target.resolve().parent) as directory:
            dump = Path(directory) / DUMP
            _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(MANIFEST, json.dumps({"format": FORMAT, "shaar": __version__}))
                archive.write(dump, DUMP, zipfile.ZIP_STORED)
                for path, name in _files(files):
                    archive.write(path, FILES + name)
        draft.chmod(0o600)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def restore_backup(source: Path, *, url: str, files: Path) -> None:
    """Fill an empty installation from a backup; one that holds data is refused."""
    _refuse_used(url, files)
    with _open(source) as archive, tempfile.TemporaryDirectory() as directory:
        archive.extract(DUMP, directory)
        plainly = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
        _run("pg_restore", url, *plainly, str(Path(directory) / DUMP))
        for name in archive.namelist():
            if name.startswith(FILES) and ".." not in Path(name).parts:
                archive.extract(name, files.parent)


def _open(source: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(source)
        manifest = json.loads(archive.read(MANIFEST))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise CommandFailed(f"{source} is not a backup of Shaar: {error}") from error
    if manifest.get("format") != FORMAT:
        raise CommandFailed(
            f"{source} has another format than {FORMAT}; restore it with the version that wrote it"
        )
    return archive


def _files(directory: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            yield path, path.relative_to(directory).as_posix()


def _refuse_used(url: str, files: Path) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if (row and row[0]) or any(_files(files)):
        raise CommandFailed(
            "this installation holds data already; restore into an empty one, by another SHAAR_HOME"
        )


def _run(program: str, url: str, *arguments: str) -> None:
    """Run a client of PostgreSQL; its environment carries the password, as its command line is public."""
    path = installed_program() / "pginstall" / "bin" / program
    parameters = conninfo_to_dict(url)
    password = parameters.pop("password", None)
    surroundings = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    done = subprocess.run(
        [str(path), f"--dbname={make_conninfo('', **parameters)}", *arguments],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandFailed(f"{program} failed: {done.stderr.strip().splitlines()[-1]}")

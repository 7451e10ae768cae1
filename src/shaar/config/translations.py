"""Compiles the translations whose sources are newer than their compiled form."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def compile_stale_translations(package: Path = PACKAGE) -> list[Path]:
    """Write the .mo file of every .po file that changed since, and return the files written."""
    sources = [*package.glob("locale/*/LC_MESSAGES/*.po"), *package.glob("*/locale/*/LC_MESSAGES/*.po")]
    stale = [source for source in sources if _is_stale(source)]
    return [_compile(source) for source in stale]


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> Path:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = source.with_suffix(".mo")
    draft = compiled.with_name(f"{compiled.name}.{os.getpid()}")
    with source.open("rb") as text, draft.open("wb") as binary:
        write_mo(binary, read_po(text, locale=source.parents[1].name))
    draft.replace(compiled)
    return compiled

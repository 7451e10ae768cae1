"""The licences of what Shaar runs on: permissive, or LGPL for a library that is used unchanged."""

import re
from importlib.metadata import Distribution, distribution

import pytest

from shaar.config.environment import ROOT

ALLOWED = {
    "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "CC0-1.0", "ISC", "LGPL", "MIT", "MIT-0",
    "MPL-2.0", "PSF-2.0", "PostgreSQL", "Unlicense", "Zlib",
}  # fmt: skip
# What packages write where no SPDX expression stands: a classifier or the name of a licence.
SAID = {
    r"MIT": "MIT",
    r"BSD": "BSD",
    r"Apache": "Apache-2.0",
    r"LGPL|Lesser General Public": "LGPL",
    r"Python Software Foundation|^PSF": "PSF-2.0",
    r"Mozilla Public License 2": "MPL-2.0",
    r"ISC": "ISC",
}


def locked(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z0-9._-]+)==[^;\n]*?(?: \\)?$", text, re.MULTILINE)


def licences(found: Distribution) -> set[str]:
    """Return the licences of a distribution: its SPDX expression, else its classifiers, else its own word."""
    expression = found.metadata.get("License-Expression")
    if expression:
        return set(re.findall(r"[A-Za-z0-9.-]+", re.sub(r"\b(AND|OR|WITH)\b", " ", expression)))
    classified = [one for one in found.metadata.get_all("Classifier", []) if one.startswith("License :: OSI")]
    said = classified or [found.metadata.get("License", "").split("\n")[0]]
    return {next((code for pattern, code in SAID.items() if re.search(pattern, one)), one) for one in said}


@pytest.mark.parametrize("name", locked("requirements.lock"))
def test_the_licence_of_a_library_is_allowed(name: str) -> None:
    found = {re.sub(r"^LGPL.*", "LGPL", one) for one in licences(distribution(name))}
    assert found
    assert found <= ALLOWED, f"{name}: {', '.join(sorted(found - ALLOWED))}"


def test_the_lock_is_read() -> None:
    assert {"django", "psycopg", "typst"} <= set(locked("requirements.lock"))

"""Finds or installs the browser that tests and screenshots drive."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from shaar.config.console import CommandFailed, progress

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",  # maps are drawn by WebGL, here without a graphics card
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_browser() -> str | None:
    """Return the path of a Chromium: SHAAR_TEST_BROWSER, one on the path, or the one Playwright keeps."""
    given = os.environ.get("SHAAR_TEST_BROWSER")
    if given:
        return given
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path), None) or _kept_by_playwright()


def ensure_browser() -> str:
    """Return the path of a Chromium, installing one first where there is none."""
    found = find_browser()
    if found is None:
        progress("installing a browser")
        _install()
        found = find_browser()
    if found is None:
        raise CommandFailed(
            "no browser could be installed; install Chromium or set SHAAR_TEST_BROWSER to its path"
        )
    return found


def _install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update")
        _try("apt-get", "install", "-y", "--no-install-recommends", "chromium")
    else:
        _try(sys.executable, "-m", "playwright", "install", "chromium")


def _try(*command: str) -> None:
    surroundings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout[-2000:] + done.stderr[-2000:])


def _kept_by_playwright() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None

"""Finds the Chromium that the browser tests drive, or says what to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

_ON_PATH = ("chromium", "chromium-browser", "google-chrome")
# No sandbox: tests also run as root in a container. The rest keeps the browser from talking to anybody but us.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """XUEBAN_CHROMIUM, else a Chromium on the PATH, else Playwright's own."""
    if chosen := os.environ.get("XUEBAN_CHROMIUM"):
        if not Path(chosen).exists():
            pytest.fail(f"XUEBAN_CHROMIUM is {chosen}, and there is nothing there: correct or unset it")
        return chosen
    found = next((path for name in _ON_PATH if (path := shutil.which(name))), None)
    return found or _playwrights_own()


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        pytest.fail(
            "no Chromium for the browser tests: `apt-get install chromium`, or "
            "`.venv/bin/playwright install chromium`, or set XUEBAN_CHROMIUM to where one is"
        )
    return path

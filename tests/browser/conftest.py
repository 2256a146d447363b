"""Finds the Chromium that the browser tests drive, or says what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright
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
    """CHROMIUM, else a Chromium on the PATH, else Playwright's own."""
    if chosen := os.environ.get("CHROMIUM"):
        if not Path(chosen).exists():
            pytest.fail(f"CHROMIUM is {chosen}, and there is nothing there: correct or unset it")
        return chosen
    found = next((path for name in _ON_PATH if (path := shutil.which(name))), None)
    return found or _playwrights_own()


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        await browser.close()


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        pytest.fail(
            "no Chromium for the browser tests: `apt-get install chromium`, or "
            "`.venv/bin/playwright install chromium`, or set CHROMIUM to where one is"
        )
    return path

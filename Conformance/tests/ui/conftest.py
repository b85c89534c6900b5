"""A browser on the web UI. Needs Debian's chromium, or a path in HEARTH_CHROMIUM; without one these tests are skipped."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = os.environ.get('HEARTH_CHROMIUM') or shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')

# What is waited for comes; how soon is measured by the budgets alone, and a busy machine may need many times as long.
expect.set_options(timeout=30_000)

# Counts layout shifts, long tasks and the first paint from the very beginning of a page.
OBSERVE = """
window.observed = {shift: 0, long: []};
new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.observed.shift += e.value; }).observe({type: 'layout-shift', buffered: true});
new PerformanceObserver((list) => { for (const e of list.getEntries()) window.observed.long.push(e.duration); }).observe({type: 'longtask', buffered: true});
"""


@pytest.fixture(scope='session')
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip('no Chromium; install it or name it in HEARTH_CHROMIUM')
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=['--no-sandbox'])
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh context. At the end no page may have logged an error, but for those `allow` names."""
    faults: list[str] = []
    contexts = []

    def open_address(url: str, *, dark: bool = False, allow: tuple[str, ...] = ()) -> Page:
        context = browser.new_context(viewport={'width': 1440, 'height': 900}, color_scheme='dark' if dark else 'light')
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(OBSERVE)

        def console(message: ConsoleMessage) -> None:
            if message.type in ('error', 'warning') and not any(part in message.text for part in allow):
                faults.append(f'{message.type}: {message.text}')

        page.on('console', console)
        page.on('pageerror', lambda error: faults.append(f'uncaught: {error}'))
        page.goto(url)
        return page

    yield open_address
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope='session')
def fixtures() -> Path:
    return Path(__file__).parents[2] / 'fixtures'

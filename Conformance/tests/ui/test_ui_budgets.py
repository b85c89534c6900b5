"""Budgets of the web UI that do not depend on the machine (E10); Scripts/ui-budgets.sh measures the wall-clock ones too."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from harness.browser import count, first_scripts, watched_page
from harness.server import Server

sys.path.insert(0, str(Path(__file__).parents[2]))

from ui_budgets import LIMITS, streaming_shifts, trace_of, traffic  # noqa: E402


@pytest.fixture(scope='module')
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, tuple[str, str]]]]:
    """A server with something on every page, and the pages with what shows that they are there."""
    with Server(tmp_path_factory.mktemp('budgets') / 'data') as server:
        traffic(server)
        base = f'{server.url}/local/default'
        trace = trace_of(server, 1000, 'thousand')
        yield server, {'Live': (base, '[data-row]'), 'LLMs': (f'{base}/llms', '.models tbody tr'), 'Trace': (f'{base}/traces/{trace}', '.wr'), 'Explore': (f'{base}/explore', '.CodeMirror')}


def test_E10_first_scripts_are_within_250_KB(busy: tuple[Server, dict[str, tuple[str, str]]]) -> None:
    scripts = first_scripts(busy[0].url)
    assert sum(scripts.values()) <= 250 * 1024, scripts
    assert not any('Explore' in name for name in scripts)


@pytest.mark.parametrize('name', ['Live', 'LLMs', 'Trace', 'Explore'])
def test_E10_pages_draw_few_nodes_with_little_script(browser: Browser, busy: tuple[Server, dict[str, tuple[str, str]]], name: str) -> None:
    address, awaited = busy[1][name]
    page, session = watched_page(browser)
    page.goto(address)
    page.locator(awaited).first.wait_for()
    page.wait_for_timeout(1000)
    found = count(page, session)
    page.context.close()
    most_nodes, most_cost = LIMITS[name]
    assert found.nodes <= most_nodes, found
    assert found.script_cost <= most_cost, found
    assert found.shift < 0.1, found


def test_E10_nothing_shifts_while_traces_stream_in(browser: Browser, busy: tuple[Server, dict[str, tuple[str, str]]]) -> None:
    page, _ = watched_page(browser)
    shift, what = streaming_shifts(page, busy[1]['Live'][0], busy[0])
    page.context.close()
    assert shift == 0, what

"""From an empty server to answers, following only what the screen says: a first trace, the most expensive model, the failing tool call, SQL."""

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fake_llm.exercise import exercise_script
from fake_llm.server import FakeModelServer
from harness.programs import run_text
from harness.query import rows
from harness.server import PROGRAM, Server, clean_environment

SHOTS = os.environ.get('HEARTH_SHOTS')


def shot(page: Page, name: str, dark: bool) -> None:
    """Keeps a picture of the step where HEARTH_SHOTS names a folder, to be looked at."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f'{name}-{"dark" if dark else "light"}.png')


@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
def test_from_nothing_to_answers(server: Server, open_page: Callable[..., Page], tmp_path: Path, dark: bool) -> None:
    page = open_page(server.url, dark=dark)
    expect(page.get_by_role('heading', name='Waiting for the first record')).to_be_visible()
    shot(page, '1-empty', dark)

    # What the screen says, as it stands there.
    program, with_model = (page.locator('.snippet code').nth(index).inner_text() for index in (0, 1))
    run_text(program, tmp_path, {})
    first = page.get_by_text('hello world')
    expect(first).to_be_visible()
    first.click()
    page.get_by_role('tab', name='Trace').click()
    expect(page.get_by_text('the first record').first).to_be_visible()
    shot(page, '2-first-trace', dark)

    with FakeModelServer(exercise_script()) as model:
        run_text(with_model, tmp_path, {'OPENAI_BASE_URL': f'{model.url}/v1', 'OPENAI_API_KEY': 'not-needed'})
    page.get_by_role('link', name=re.compile('^LLMs')).click()
    expect(page.get_by_role('link', name='gpt-4o-mini')).to_be_visible()
    shot(page, '3-first-model-call', dark)

    # No more programs at hand: the demonstration that the page offers.
    page.get_by_role('link', name=re.compile('^Add data')).click()
    page.get_by_role('tab', name='Demo').click()
    command = shlex.split(page.locator('.snippet code').first.inner_text())
    assert command[0] == 'bin/hearth'
    subprocess.run([str(PROGRAM), *command[1:], '--speed', '60', '--minutes', '4'], env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=60)

    # The most expensive model.
    page.get_by_role('link', name=re.compile('^LLMs')).click()
    page.get_by_role('columnheader', name='Cost').get_by_role('button').click()
    dearest = rows(server, 'SELECT provider, model FROM llm_calls GROUP BY 1, 2 ORDER BY sum(cost) DESC NULLS LAST LIMIT 1')[0]
    leader = page.locator('tbody tr').first.get_by_role('link', name=dearest['model'], exact=True)
    expect(leader).to_be_visible()
    shot(page, '4-most-expensive', dark)
    leader.click()
    expect(page.get_by_role('heading', name=dearest['model'], exact=True)).to_be_visible()
    shot(page, '5-model', dark)

    # The failing tool call.
    page.get_by_role('link', name=re.compile('^Explore')).click()
    page.get_by_role('button', name=re.compile('Failing tools')).click()
    worst = rows(server, 'SELECT tool_name, arg_max(trace_id, start_timestamp) AS trace_id FROM tool_calls WHERE is_error GROUP BY 1 ORDER BY count(*) DESC LIMIT 1')[0]
    expect(page.get_by_role('gridcell', name=worst['tool_name']).first).to_be_visible()
    shot(page, '6-sql-answer', dark)
    page.locator(f'a[href*="{worst["trace_id"]}"]').first.click()
    expect(page).to_have_url(re.compile(worst['trace_id']))
    page.get_by_role('button', name=re.compile('error', re.IGNORECASE)).first.click()
    expect(page.get_by_text(re.compile(worst['tool_name'])).first).to_be_visible()
    shot(page, '7-failing-tool', dark)

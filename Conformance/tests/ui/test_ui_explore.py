"""Explore in a real browser: SQL over captured traffic, numbers equal to the captured truth (E9, E10, E11, D7)."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pyarrow.ipc
import pyarrow.parquet
import pytest
from llms_traffic import replay
from playwright.sync_api import Browser, Page, expect

from harness.fixtures import expected
from harness.server import Server
from harness.waiting import eventually

Open = Callable[..., Page]

SCENARIO = 'multi-agent'
# Runs for a long time and needs no memory.
ENDLESS = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3'
REFUSED = ('status of 400', 'status of 499')


@pytest.fixture(scope='module')
def explored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server with captured traffic, and the query string of its time."""
    with Server(tmp_path_factory.mktemp('explore') / 'data') as server:
        yield server, replay(server, SCENARIO)


def address(explored: tuple[Server, str], sql: str | None = None, **params: str) -> str:
    server, window = explored
    more = ''.join(f'&{name}={quote(value)}' for name, value in ({'sql': sql} if sql is not None else {}).items() | params.items())
    return f'{server.url}/local/default/explore?{window}{more}'


def write(page: Page, sql: str) -> None:
    """Replaces what is in the editor, as a reader would."""
    page.locator('.sql-editor .CodeMirror').click()
    page.keyboard.press('Control+a')
    page.keyboard.press('Delete')
    page.keyboard.insert_text(sql)


def text(page: Page) -> str:
    return page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")


def cells(page: Page) -> list[list[str]]:
    expect(page.locator('.grid-row').first).to_be_visible()
    return page.evaluate("[...document.querySelectorAll('.grid-row')].map((r) => [...r.querySelectorAll('[role=gridcell]')].map((c) => c.innerText.trim()))")


def ask(explored: tuple[Server, str], sql: str) -> list[dict[str, Any]]:
    server, _ = explored
    return server.http.post('/v2/query', json={'sql': sql, 'min_timestamp': '2020-01-01T00:00:00Z', 'limit': 10000}).json()['data']


def test_E9_figures_equal_the_captured_truth(explored: tuple[Server, str], open_page: Open) -> None:
    sql = 'SELECT model, count(*) AS calls, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens FROM llm_calls GROUP BY model ORDER BY model'
    page = open_page(address(explored, sql))
    found = {row[0]: [int(v) for v in row[1:]] for row in cells(page)}
    truth: dict[str, list[int]] = {}
    for name, figures in expected()[SCENARIO]['llm'].items():
        so_far = truth.setdefault(name.split(' / ')[-1], [0, 0, 0])
        for i, key in enumerate(('calls', 'input_tokens', 'output_tokens')):
            so_far[i] += figures[key]
    assert found == truth
    figures = page.locator('.answer-figures')
    expect(figures).to_contain_text(f'{len(truth)} row')
    expect(figures).to_contain_text('records scanned')


def test_run_with_the_keyboard_and_reload_asks_again(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored))
    expect(page.get_by_role('heading', name='Ask your records')).to_be_visible()
    write(page, "SELECT kind, count(*) AS n FROM records WHERE kind <> 'span_event' GROUP BY kind")
    page.keyboard.press('Control+Enter')
    assert cells(page) == [['span', str(expected()[SCENARIO]['spans'])]]
    assert 'sql=SELECT' in page.url
    page.reload()
    assert cells(page)[0][0] == 'span'


def test_only_the_statement_at_the_cursor_runs(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored))
    write(page, 'SELECT 1 AS one;\nSELECT 2 AS two')
    page.keyboard.press('Control+Enter')
    assert cells(page) == [['2']]
    page.keyboard.press('Control+Home')
    page.keyboard.press('Control+Enter')
    expect(page.get_by_role('columnheader', name='one')).to_be_visible()
    page.keyboard.press('Control+End')
    page.keyboard.press('Shift+Control+ArrowLeft')
    page.keyboard.press('Shift+Home')


def test_error_is_marked_in_the_text_and_mended_with_a_click(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored), allow=REFUSED)
    write(page, "SELECT '🙂' AS face,\n  sum(costs) AS total\nFROM llm_calls")
    page.keyboard.press('Control+Enter')
    fault = page.locator('.fault')
    expect(fault).to_contain_text('Line 2, column 7')
    expect(fault.locator('mark')).to_have_text('costs')
    expect(page.locator('.cm-fault')).to_have_text('costs')
    fault.get_by_role('button', name='cost', exact=True).click()
    expect(page.locator('.fault')).to_have_count(0)
    assert 'sum(cost)' in text(page)
    assert cells(page)[0][0] == '🙂'


def test_a_table_that_does_not_exist_says_which_ones_do(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored, 'SELECT * FROM record'), allow=REFUSED)
    expect(page.locator('.fault')).to_contain_text('Did you mean')
    expect(page.locator('.fault').get_by_role('button', name='records', exact=True)).to_be_visible()


def test_cancel_ends_the_query_on_the_server(explored: tuple[Server, str], open_page: Open) -> None:
    server, _ = explored

    def counts() -> dict[str, int]:
        return server.http.get('/api/v1/health').json()['queries']

    before = counts()['cancelled']
    page = open_page(address(explored, ENDLESS), allow=REFUSED)
    expect(page.locator('.running')).to_contain_text('Running for')
    page.get_by_role('toolbar').get_by_role('button', name='Cancel').click()
    expect(page.get_by_text('Cancelled, here and on the server')).to_be_visible()
    eventually(counts, lambda now: now['cancelled'] > before and now['running'] == 0)
    page.keyboard.press('Control+Enter')
    expect(page.locator('.running')).to_be_visible()
    page.keyboard.press('Escape')
    expect(page.get_by_text('Cancelled, here and on the server')).to_be_visible()


def test_completion_offers_what_is_there(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored))
    expect(page.locator('.schema-table').first).to_be_visible()
    hints = page.locator('.CodeMirror-hint')
    page.locator('.sql-editor .CodeMirror').click()
    page.keyboard.type('SELECT mode', delay=20)
    page.keyboard.press('Escape')
    page.keyboard.insert_text(' FROM llm')
    page.keyboard.type('_', delay=20)
    expect(hints.first).to_contain_text('llm_calls')
    page.keyboard.press('Tab')
    page.keyboard.insert_text(' WHERE ')
    page.keyboard.type('agent_n', delay=20)
    expect(hints.first).to_contain_text('agent_name')
    page.keyboard.press('Enter')
    page.keyboard.insert_text(' = ')
    page.keyboard.type("'", delay=20)
    names = {row['agent_name'] for row in ask(explored, 'SELECT DISTINCT agent_name FROM llm_calls WHERE agent_name IS NOT NULL')}
    expect(hints).to_have_count(len(names))
    assert {hint.locator('code').inner_text() for hint in hints.all()} == names
    page.keyboard.press('Enter')
    assert text(page).startswith('SELECT mode FROM llm_calls WHERE agent_name = ') and text(page).split(' = ')[1].strip("'") in names
    write(page, 'SELECT * FROM records WHERE attributes->>')
    page.keyboard.type("'gen_ai.u", delay=20)
    expect(hints.filter(has_text='gen_ai.usage.input_tokens')).to_have_count(1)


def test_tabs_survive_a_reload_and_keep_their_answers(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored, 'SELECT 1 AS one'))
    assert cells(page) == [['1']]
    page.keyboard.press('Alt+n')
    write(page, 'SELECT 2 AS two')
    page.keyboard.press('Control+Enter')
    expect(page.get_by_role('columnheader', name='two')).to_be_visible()
    page.keyboard.press('Alt+n')
    write(page, 'SELECT 3 -- never run')
    page.wait_for_timeout(400)
    page.reload()
    tabs = page.get_by_role('tablist', name='Queries').get_by_role('tab')
    expect(tabs).to_have_count(3)
    assert text(page) == 'SELECT 3 -- never run'
    tabs.first.click()
    assert text(page) == 'SELECT 1 AS one'
    tabs.first.dblclick()
    page.get_by_label('Name of the query').fill('the first')
    page.keyboard.press('Enter')
    expect(tabs.first).to_have_text('the first')
    page.get_by_label('Close this query').click()
    expect(tabs).to_have_count(2)


def test_history_is_searchable_and_tells_how_it_went(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored, 'SELECT 41 AS answer'), allow=REFUSED)
    cells(page)
    write(page, 'SELECT nothing_of_this_name FROM records')
    page.keyboard.press('Control+Enter')
    expect(page.locator('.fault')).to_be_visible()
    page.get_by_role('tab', name='History').click()
    past = page.locator('.past li')
    expect(past).to_have_count(2)
    expect(past.first).to_contain_text('failed')
    expect(past.nth(1)).to_contain_text('1 row')
    page.get_by_label('Search the history').fill('answer')
    expect(past).to_have_count(1)
    past.first.locator('.past-open').click()
    assert text(page) == 'SELECT 41 AS answer'


def test_table_is_virtual_sortable_and_leads_to_the_trace(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored, 'SELECT range AS n, -range AS m, NULL AS nothing FROM range(10000)', limit='10000'))
    cells(page)
    assert page.locator('.grid-row').count() < 80
    expect(page.locator('.answer-figures')).to_contain_text('first 10,000 rows')
    page.get_by_role('columnheader', name='n', exact=False).first.get_by_role('button').click()
    assert cells(page)[0] == ['9999', '-9999', '—']
    page.locator('.grid').focus()
    page.keyboard.press('Control+End')
    expect(page.locator('.grid-row.is-active')).to_have_attribute('aria-rowindex', '10001')
    assert page.locator('.grid-row.is-active [role=gridcell]').first.inner_text() == '0'
    page.goto(address(explored, 'SELECT trace_id, span_id, span_name FROM records WHERE parent_span_id IS NULL'))
    trace, span, _ = cells(page)[0]
    page.locator('.grid-row a').nth(1).click()
    expect(page.locator('.wr').first).to_be_visible()
    assert page.url.endswith(f'/traces/{trace}?span={span}')


def test_columns_are_resized_with_pointer_and_keys(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored, 'SELECT span_name, message FROM records LIMIT 5'))
    cells(page)
    handle = page.get_by_role('separator', name='Width of span_name')
    before = int(handle.get_attribute('aria-valuenow') or 0)
    handle.focus()
    page.keyboard.press('ArrowRight')
    expect(handle).to_have_attribute('aria-valuenow', str(before + 16))
    box = handle.bounding_box()
    assert box
    page.mouse.move(box['x'] + 4, box['y'] + 10)
    page.mouse.down()
    page.mouse.move(box['x'] + 54, box['y'] + 10)
    page.mouse.up()
    eventually(lambda: int(handle.get_attribute('aria-valuenow') or 0), lambda width: abs(width - before - 66) <= 3)


def test_json_opens_in_its_cell_and_rows_in_full(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored, "SELECT span_name, attributes FROM records WHERE attributes->>'gen_ai.operation.name' = 'chat' ORDER BY start_timestamp LIMIT 3"))
    cells(page)
    page.locator('#cell-0-1').hover()
    page.locator('#cell-0-1 .cell-expand').click()
    viewer = page.get_by_role('dialog', name='All of attributes')
    expect(viewer).to_contain_text('gen_ai.operation.name')
    page.keyboard.press('Escape')
    expect(viewer).to_have_count(0)
    page.locator('#cell-1-0').click()
    page.keyboard.press('Enter')
    details = page.get_by_role('region', name='Row 2')
    expect(details).to_contain_text('gen_ai.operation.name')
    assert 'view=details' in page.url
    details.get_by_role('button', name='Next row').click()
    expect(page.get_by_role('region', name='Row 3')).to_be_visible()


def test_selected_rows_are_copied_as_tables(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored, "SELECT range AS n, 'a|b' AS t FROM range(5)"))
    page.context.grant_permissions(['clipboard-read', 'clipboard-write'])
    cells(page)
    page.locator('#cell-1-0').click()
    page.keyboard.press('Shift+ArrowDown')
    expect(page.locator('.selection')).to_contain_text('2 rows selected')
    expect(page.locator('.selection')).to_contain_text('Σ 3')
    page.keyboard.press('Control+c')
    eventually(lambda: page.evaluate('navigator.clipboard.readText()'), lambda text: text == 'n\tt\n1\ta|b\n2\ta|b')
    page.locator('.selection').get_by_role('button', name='Markdown').click()
    expect(page.get_by_text('Copied 2 rows')).to_be_visible()
    eventually(lambda: page.evaluate('navigator.clipboard.readText()'), lambda text: text == '| n | t |\n| ---: | --- |\n| 1 | a\\|b |\n| 2 | a\\|b |')


def test_chart_draws_what_the_table_has_and_a_drag_narrows_the_range(explored: tuple[Server, str], open_page: Open) -> None:
    sql = "SELECT time_bucket(INTERVAL '1 second', start_timestamp) AS second, kind, count(*) AS records FROM records GROUP BY 1, 2 ORDER BY 1"
    rows = ask(explored, sql)
    page = open_page(address(explored, sql, view='chart'))
    chart = page.locator('.chart-view .chart')
    expect(chart.locator('.chart-bars').first).to_be_attached()
    chart.get_by_role('button', name='values as a table').click()
    shown = chart.locator('tbody tr')
    expect(shown).to_have_count(len({row['second'] for row in rows}))
    assert sum(int(cell) for cell in chart.locator('tbody td').all_inner_texts() if cell != '—') == sum(row['records'] for row in rows)
    chart.get_by_role('button', name='values as a table').click()
    plot = chart.locator('.chart-plot')
    plot.focus()
    page.keyboard.press('ArrowRight')
    expect(chart.locator('.chart-tip')).to_be_visible()
    box = plot.bounding_box()
    assert box
    page.mouse.move(box['x'] + box['width'] * 0.3, box['y'] + 60)
    page.mouse.down()
    page.mouse.move(box['x'] + box['width'] * 0.6, box['y'] + 60, steps=4)
    page.mouse.up()
    page.wait_for_url(lambda url: 'from=' in url and 'sql=' in url and explored[1] not in url)


@pytest.mark.parametrize('form', ['CSV', 'JSON', 'NDJSON', 'Parquet', 'Arrow'])
def test_D7_exports_hold_the_same_rows(explored: tuple[Server, str], open_page: Open, tmp_path: Path, form: str) -> None:
    sql = 'SELECT span_id, span_name, duration FROM records ORDER BY span_id'
    wanted = [(row['span_id'], row['span_name'], row['duration']) for row in ask(explored, sql)]
    page = open_page(address(explored, sql))
    cells(page)
    page.get_by_role('button', name='Export').click()
    with page.expect_download() as download:
        page.get_by_role('menuitemradio', name=f'{form} .{form.lower()}', exact=True).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.suffix == f'.{form.lower()}'
    if form == 'CSV':
        found = [(r['span_id'], r['span_name'], float(r['duration']) if r['duration'] else None) for r in csv.DictReader(io.StringIO(file.read_text()))]
    elif form == 'JSON':
        found = [(r['span_id'], r['span_name'], r['duration']) for r in json.loads(file.read_text())['data']]
    elif form == 'NDJSON':
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        found = [(r['span_id'], r['span_name'], r['duration']) for line in lines if line['type'] == 'data' for r in line['rows']]
    else:
        table = pyarrow.parquet.read_table(file) if form == 'Parquet' else pyarrow.ipc.open_stream(file.read_bytes()).read_all()
        found = [(r['span_id'], r['span_name'], r['duration']) for r in table.to_pylist()]
    assert found == wanted


def test_copies_for_other_programs_give_the_same_rows(explored: tuple[Server, str], open_page: Open, tmp_path: Path) -> None:
    import subprocess
    import sys

    sql = "SELECT 'it''s \"so\"' AS quoted, count(*) AS n\nFROM records"
    page = open_page(address(explored, sql))
    page.context.grant_permissions(['clipboard-read', 'clipboard-write'])
    rows = cells(page)

    def copied(name: str) -> str:
        page.get_by_role('button', name='Copy').filter(has_text='Copy as').click()
        page.get_by_role('menuitemradio', name=name).click()
        expect(page.get_by_text(f'Copied {name}')).to_be_visible()
        page.wait_for_timeout(1600)
        return page.evaluate('navigator.clipboard.readText()')

    script = tmp_path / 'query.py'
    script.write_text(copied('Python'))
    printed = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=30).stdout
    assert printed.strip() == str({'quoted': 'it\'s "so"', 'n': int(rows[0][1])})
    shell = subprocess.run(['sh', '-c', copied('curl')], capture_output=True, text=True, check=True, timeout=30).stdout
    assert shell.splitlines() == ['quoted,n', f'"it\'s ""so""",{rows[0][1]}']


def test_plan_shows_statement_steps_and_what_they_did(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored, 'SELECT kind, count(*) FROM records GROUP BY kind'))
    cells(page)
    page.get_by_role('button', name='Explain').click()
    plan = page.locator('.plan')
    expect(plan.get_by_role('tab')).to_have_count(3)
    expect(plan.locator('pre')).to_contain_text('GROUP')
    plan.get_by_role('tab', name='Statement').click()
    expect(plan.locator('pre')).to_contain_text('SELECT')


def test_schema_browser_finds_and_inserts(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored))
    expect(page.locator('.schema-table').first).to_contain_text('records')
    page.keyboard.press('Escape')
    page.get_by_label('Find a table, column or attribute').fill('first token')
    found = page.locator('.schema-list li')
    page.get_by_label('Find a table, column or attribute').fill('time_to_first')
    expect(found.first).to_contain_text('Seconds')
    found.first.locator('button').click()
    assert text(page) == 'time_to_first_token'
    page.get_by_label('Find a table, column or attribute').fill('gen_ai.agent.name')
    found.first.locator('button').click()
    assert text(page) == "time_to_first_tokenattributes->>'gen_ai.agent.name'"


def test_every_table_and_column_says_what_it_holds(explored: tuple[Server, str]) -> None:
    server, _ = explored
    tables = server.http.get('/v1/schemas').json()['tables']
    bare = [f'{table["name"]}.{name}' for table in tables for name, column in table['schema'].items() if not column['description']]
    assert bare == []
    assert all(table['description'] for table in tables)
    assert all(sorted(c['position'] for c in table['schema'].values()) == list(range(len(table['schema']))) for table in tables)


def test_format_lays_out_and_an_example_runs(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored))
    page.get_by_role('button', name='Tokens by agent').click()
    assert cells(page)
    expect(page.get_by_role('tablist', name='Queries').get_by_role('tab')).to_have_text('Tokens by agent')
    write(page, 'select kind,count(*) from records group by 1')
    page.get_by_role('button', name='Format').click()
    assert text(page) == 'SELECT kind, count(*)\nFROM records\nGROUP BY 1'


def test_open_in_explore_shows_the_figures_of_the_page(explored: tuple[Server, str], open_page: Open) -> None:
    server, window = explored
    page = open_page(f'{server.url}/local/default/llms?{window}')
    expect(page.locator('.models tbody tr').first).to_be_visible()
    page.get_by_role('link', name='Explore').filter(has_not_text='E').or_(page.locator('a.open-explore')).first.click()
    eventually(lambda: page.url, lambda url: '/explore?' in url and 'sql=' in url and 'from=' in url)
    assert cells(page)


def test_E10_the_editor_is_loaded_with_the_page_alone(explored: tuple[Server, str], open_page: Open) -> None:
    server, _ = explored
    page = open_page('about:blank')
    scripts: list[str] = []
    page.on('request', lambda request: scripts.append(request.url) if request.resource_type == 'script' else None)
    page.goto(f'{server.url}/local/default')
    expect(page.get_by_role('navigation', name='Pages')).to_be_visible()
    page.wait_for_timeout(300)
    assert not any('ExplorePage' in script for script in scripts)
    page.get_by_role('link', name='Explore').click()
    expect(page.locator('.sql-editor .CodeMirror')).to_be_visible()
    assert any('ExplorePage' in script for script in scripts)
    assert all('CodeMirror' not in httpx.get(script).text[:200_000] for script in scripts if 'ExplorePage' not in script)


def test_E11_nothing_waits_for_later(explored: tuple[Server, str], open_page: Open) -> None:
    page = open_page(address(explored, 'SELECT 1'))
    cells(page)
    for word in ('dashboard', 'alert', 'panel'):
        expect(page.get_by_role('button', name=word)).to_have_count(0)


def test_days_begin_in_the_zone_that_times_are_shown_in(explored: tuple[Server, str], browser: Browser) -> None:
    context = browser.new_context(timezone_id='America/New_York')
    page = context.new_page()
    page.goto(address(explored, "SELECT DISTINCT date_trunc('day', start_timestamp) AS day FROM records"))
    assert all('00:00:00.000' in row[0] for row in cells(page))
    titles = [page.locator('.grid-row [role=gridcell] span').nth(i).get_attribute('title') or '' for i in range(len(cells(page)))]
    assert all('UTC−' in title and ('05:00:00' in title or '04:00:00' in title) for title in titles), titles
    context.close()


def test_every_view_passes_axe_in_both_themes(explored: tuple[Server, str], open_page: Open) -> None:
    from test_ui_accessibility import both_themes

    page = open_page('about:blank', allow=REFUSED)
    grouped = "SELECT time_bucket(INTERVAL '1 second', start_timestamp) AS second, kind, count(*) AS records FROM records GROUP BY 1, 2 ORDER BY 1"
    rows = 'SELECT start_timestamp, service_name, span_name, level, duration, trace_id, span_id, attributes FROM records ORDER BY start_timestamp'
    found = []
    for sql, view, awaited in [
        (rows, 'details', '.row-details'),
        (grouped, 'chart', '.chart-bars'),
        ('SELECT costs FROM llm_calls', 'table', '.fault'),
    ]:
        page.goto(address(explored, sql, view=view))
        expect(page.locator(awaited).first).to_be_attached()
        # The list of tables is in the test of all pages.
        if page.locator('.past').count() == 0:
            page.get_by_role('tab', name='History').click()
        expect(page.locator('.past li').first).to_be_visible()
        found += both_themes(page, view)
    assert found == [], '\n'.join(found)

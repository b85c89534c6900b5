"""Redaction, sampling, mapping rules and prices in a real browser (A2, C1, C3, C9, C11, C12)."""

import os
import re
import time
from collections.abc import Callable

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from playwright.sync_api import Page, expect
from ui_traffic import chat

from harness.otlp import send, span, traces
from harness.query import rows
from harness.server import Server

Open = Callable[..., Page]
REFUSED = ('Failed to load resource',)
SECTIONS = ('', '/tokens', '/members', '/redaction', '/sampling', '/retention', '/mapping', '/prices', '/health', '/account')


def settings(server: Server, section: str) -> str:
    return f'{server.url}/local/default/settings/{section}'


@pytest.mark.parametrize('width', [1280, 400])
@pytest.mark.parametrize('dark', [False, True])
def test_every_settings_page_loads_in_both_themes_and_widths(shared_server: Server, open_page: Open, dark: bool, width: int) -> None:
    page = open_page(f'{shared_server.url}/local/default/settings', dark=dark)
    page.set_viewport_size({'width': width, 'height': 800})
    for section in SECTIONS:
        page.goto(f'{shared_server.url}/local/default/settings{section}')
        expect(page.locator('.settings-body h1')).to_be_visible()
        expect(page.locator('.settings-body .panel').first).to_be_visible()
        expect(page.locator('.settings-body .state-error')).to_have_count(0)
        expect(page.locator('.settings-body .spinner')).to_have_count(0)
        assert page.evaluate('document.documentElement.scrollWidth') <= width, section
    unnamed = """[...document.querySelectorAll('input, select, textarea, button')].filter((e) => e.tabIndex >= 0 &&
        !(e.labels?.length || e.getAttribute('aria-label') || e.innerText?.trim() || e.title)).map((e) => e.outerHTML)"""
    for section in SECTIONS:
        page.goto(f'{shared_server.url}/local/default/settings{section}')
        expect(page.locator('.settings-body .panel').first).to_be_visible()
        assert page.evaluate(unnamed) == [], section


def test_C9_redaction_is_tried_on_a_sample_before_it_is_saved(server: Server, open_page: Open) -> None:
    page = open_page(settings(server, 'redaction'), allow=REFUSED)
    page.get_by_label('What to do with E-mail').first.select_option('replace')
    page.get_by_role('button', name='Add a rule').click()
    page.get_by_label('Name').last.fill('customer number')
    page.get_by_label('Pattern').last.fill('C-[0-9]{8}')
    page.get_by_label('Sample: text or JSON').fill('{"note": "jane@example.com ordered C-12345678", "plain": "stays"}')
    page.get_by_role('button', name='Try', exact=True).click()
    result = page.locator('.trial-result')
    expect(result).to_contain_text('2 matches')
    expect(result.locator('pre')).to_contain_text('[Redacted: email]')
    expect(result.locator('pre')).to_contain_text('"plain": "stays"')
    assert {'jane@example.com', 'C-12345678'} == set(result.locator('mark.mark-old').all_inner_texts())
    # Nothing was stored yet.
    send(server, traces([span('before', values={'who': 'jane@example.com'})]))
    page.get_by_role('button', name='Save changes').click()
    expect(page.locator('.save-state').first).to_have_text('Saved')
    send(server, traces([span('after', values={'who': 'jane@example.com', 'order': 'C-12345678'})]))
    stored = rows(server, "SELECT span_name, attributes->>'who' AS who, attributes->>'order' AS o FROM records ORDER BY created_at")
    assert [(row['span_name'], row['who']) for row in stored] == [('before', 'jane@example.com'), ('after', '[Redacted: email]')]
    page.reload()
    expect(page.get_by_label('Pattern')).to_have_value('C-[0-9]{8}')
    expect(page.get_by_role('row').filter(has_text='customer number')).to_contain_text('1')
    page.get_by_role('button', name='Newest stored records').click()
    page.get_by_role('button', name='Try', exact=True).click()
    expect(page.locator('.changes mark.mark-old').first).to_have_text('jane@example.com')


def test_redaction_refuses_a_broken_pattern_at_its_field(server: Server, open_page: Open) -> None:
    page = open_page(settings(server, 'redaction'), allow=REFUSED)
    page.get_by_role('button', name='Add a rule').click()
    page.get_by_label('Name').last.fill('broken')
    page.get_by_label('Pattern').last.fill('C-[0-9')
    page.get_by_role('button', name='Save changes').click()
    expect(page.locator('.rule .field.is-wrong')).to_have_count(1)
    page.get_by_role('button', name='Discard').click()
    expect(page.locator('.rule')).to_have_count(0)


def test_C11_sampling_rules_are_ordered_and_saved(server: Server, open_page: Open) -> None:
    page = open_page(settings(server, 'sampling'))
    page.get_by_role('switch').check()
    for name in ('slow ones', 'errors first'):
        page.get_by_role('button', name='Add a rule').click()
        page.get_by_label('Name').last.fill(name)
    page.get_by_label('When').nth(0).select_option('duration')
    page.get_by_label('When').nth(1).select_option('error')
    page.get_by_label('Keep').last.fill('10')
    expect(page.get_by_text('each counts 10 times')).to_be_visible()
    page.get_by_role('button', name='Move errors first up').click()
    page.get_by_role('button', name='Save changes').click()
    expect(page.locator('.save-state').first).to_have_text('Saved')
    page.reload()
    expect(page.get_by_label('Name').nth(0)).to_have_value('errors first')
    expect(page.get_by_label('Name').nth(1)).to_have_value('slow ones')
    page.goto(f'{server.url}/local/default/llms')
    expect(page.locator('.weighted')).to_have_count(1)


def test_C3_mapping_rule_is_added_applied_and_near_duplicates_are_shown(server: Server, open_page: Open) -> None:
    for key in ('llm_model_id', 'model_name'):
        send(server, traces([span('llm.generate', values={key: 'own-model', 'prompt_tokens': 10, 'completion_tokens': 2}) for _ in range(3)], service='legacy'))
    page = open_page(settings(server, 'mapping'), allow=REFUSED)
    page.get_by_role('button', name='Add a rule').first.click()
    page.get_by_label('Attribute').fill('llm_model_id')
    page.get_by_label('Field').select_option('model')
    page.get_by_role('button', name='Save changes').click()
    expect(page.locator('.save-state').first).to_have_text('Saved')
    page.get_by_role('button', name='Apply', exact=True).click()
    expect(page.get_by_text(re.compile('Done .*read'))).to_be_visible(timeout=20_000)


def test_C1_prices_are_found_overridden_and_recomputed(server: Server, open_page: Open) -> None:
    trace = os.urandom(16)
    call = chat(trace, b'', 'gpt-4o', (1_000_000, 0), None, time.time_ns() - 5_000_000_000)
    send(server, traces([call], service='shop'))
    page = open_page(settings(server, 'prices'), allow=REFUSED)
    page.get_by_label("Part of a model's name").fill('gpt-4o')
    row = page.get_by_role('button', name=re.compile('^gpt-4o openai', re.S)).first
    expect(row).to_be_visible()
    row.click()
    expect(page.locator('.model-detail').first).to_contain_text('In force now')
    page.get_by_role('button', name='Override this price…').click()
    dialog = page.get_by_role('dialog')
    dialog.get_by_label('Model').fill('gpt-4o')
    dialog.get_by_label(re.compile('^Input /')).fill('abc')
    dialog.get_by_role('button', name='Save override').click()
    expect(dialog.get_by_text('An amount, such as 2.50.')).to_be_visible()
    dialog.get_by_label(re.compile('^Input /')).fill('7')
    dialog.get_by_role('button', name='Save override').click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role('row').filter(has_text='$7.00').first).to_be_visible()
    expect(page.get_by_role('button', name='Recompute', exact=True)).to_be_disabled()
    page.get_by_role('button', name='See what would change').click()
    expect(page.locator('.trial-result')).to_contain_text('1 call would change', timeout=20_000)
    page.get_by_role('button', name='Recompute', exact=True).click()
    page.get_by_role('dialog').get_by_role('button', name='Recompute').click()
    expect(page.locator('.trial-result')).to_contain_text('1 call changed', timeout=20_000)
    assert rows(server, 'SELECT cost, cost_source FROM llm_calls') == [{'cost': 7.0, 'cost_source': 'computed'}]


def test_A2_the_panel_says_where_a_cost_comes_from_or_why_there_is_none(shared_server: Server, open_page: Open) -> None:
    start = time.time_ns() - 5_000_000_000
    calls = {
        'sent': chat(os.urandom(16), b'', 'gpt-4o', (1000, 100), 0.5, start),
        'computed': chat(os.urandom(16), b'', 'gpt-4o', (1000, 100), None, start),
        'unpriced': chat(os.urandom(16), b'', 'no-such-model-at-all', (1000, 100), None, start),
    }
    send(shared_server, traces(list(calls.values()), service='origins'))
    texts = {'sent': 'sent with the call', 'computed': 'Computed with prices', 'unpriced': 'No cost:'}
    for source, call in calls.items():
        page = open_page(f'{shared_server.url}/local/default/traces/{call.trace_id.hex()}?span={call.span_id.hex()}')
        expect(page.locator('[data-cost-reason]')).to_contain_text(texts[source])
        cost = page.locator('.llm h3 [data-cost]')
        assert cost.get_attribute('data-cost') == source
        assert (cost.inner_text() == '—') == (source == 'unpriced')
        assert cost.get_attribute('title')


def test_C12_a_hint_appears_where_only_errors_of_a_service_arrive(server: Server, open_page: Open) -> None:
    send(server, traces([span('fine') for _ in range(6)], service='whole'))
    page = open_page(server.url)
    expect(page.locator('[data-row]').first).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.locator('[data-hint]')).to_have_count(0)
    send(server, traces([span('fails', status=Status.STATUS_CODE_ERROR) for _ in range(6)], service='filtered'))
    page.reload()
    expect(page.locator('[data-hint]')).to_contain_text('filtered')
    page.get_by_role('link', name=re.compile('what breaks it')).click()
    expect(page.get_by_role('tab', name='Collector')).to_have_attribute('aria-selected', 'true')
    expect(page.locator('.pitfalls')).to_contain_text('tail_sampling')
    page.go_back()
    page.get_by_role('button', name='Close this note').click()
    page.reload()
    expect(page.locator('[data-row]').first).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.locator('[data-hint]')).to_have_count(0)


def retention_data(server: Server, days: tuple[int, ...]) -> None:
    """Days of ten traces, one of which has an error, in their final files."""
    for day in days:
        start = time.time_ns() - day * 86_400 * 10**9
        send(server, traces([span(f'job {n}', start=start + n, status=Status.STATUS_CODE_ERROR if n == 0 else Status.STATUS_CODE_UNSET) for n in range(10)]))
    deadline = time.monotonic() + 30
    address = f'/api/v1/projects/{server.http.get("/api/v1/projects/").json()[0]["id"]}/retention/'
    while server.http.get(address).json()['stored']['records'] < 10 * len(days):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_D3_retention_is_previewed_confirmed_and_followed(server_with: Callable[..., Server], open_page: Open) -> None:
    server = server_with('--storage-idle-seconds', '1', '--storage-idle-rotation-bytes', '1')
    page = open_page(settings(server, 'retention'), allow=REFUSED)
    expect(page.get_by_text('Nothing has been removed from this project.')).to_be_visible()
    retention_data(server, (1, 20, 40))
    page.reload()
    expect(page.locator('.panel').first).to_contain_text('3 days')
    page.get_by_label('Remove days by their age').check()
    page.get_by_label('Keep days').fill('10')
    page.get_by_role('button', name='Keep errors for 90 days').click()
    page.get_by_role('button', name='Preview').click()
    result = page.locator('.trial-result')
    expect(result).to_contain_text('18 records of 2 days would be removed')
    expect(result).to_contain_text('kept by errors')
    assert rows(server, 'SELECT count(*) AS n FROM records') == [{'n': 30}]
    # A rule that cannot be used is refused at its field.
    page.get_by_role('button', name='Add a rule').click()
    page.get_by_label('Name').last.fill('own')
    page.get_by_label('Keep traces when').last.select_option('sql')
    page.get_by_label('Condition').fill('nonsense > 1')
    page.get_by_role('button', name='Save changes').click()
    expect(page.locator('.rule .field.is-wrong')).to_have_count(1)
    page.get_by_role('button', name='Remove own').click()
    # Nothing is removed before it is confirmed; the keyboard does it all.
    page.get_by_role('button', name='Save changes').focus()
    page.keyboard.press('Enter')
    dialog = page.get_by_role('dialog')
    expect(dialog).to_contain_text('18 records of 2 days would be removed')
    page.keyboard.press('Escape')
    expect(dialog).to_have_count(0)
    assert rows(server, 'SELECT count(*) AS n FROM records') == [{'n': 30}]
    page.get_by_role('button', name='Save changes').click()
    dialog.get_by_role('button', name='Save and remove').click()
    expect(page.locator('.save-state').first).not_to_contain_text('Not saved')
    log = page.locator('.panel').last
    expect(log.get_by_role('row')).to_have_count(3, timeout=20_000)
    expect(log).to_contain_text('errors')
    assert rows(server, 'SELECT count(*) AS n FROM records') == [{'n': 12}]
    expect(page.locator('.panel').first).to_contain_text('2 days')
    page.reload()
    expect(page.get_by_label('Keep days').first).to_have_value('10')
    expect(page.get_by_label('Name')).to_have_value('errors')


def test_retention_says_what_the_server_itself_keeps(server_with: Callable[..., Server], open_page: Open) -> None:
    server = server_with('--retention-days', '30', '--disk-budget-bytes', str(10**9))
    page = open_page(settings(server, 'retention'))
    expect(page.get_by_text('keeps nothing longer than 30 days')).to_be_visible()
    expect(page.get_by_text('together may take 1 GB')).to_be_visible()
    page.get_by_role('button', name='Keep errors for 90 days').click()
    expect(page.get_by_text('ends after 30 days with the server')).to_be_visible()

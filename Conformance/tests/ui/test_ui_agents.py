"""Agents and their runs, in a real browser (E5, A2, A5)."""

import json
import os
import re
import time
from collections.abc import Callable

from agents_site import Site, agent_span, agents_expected, headed, node, site, tool_span
from playwright.sync_api import Page, expect
from ui_traffic import chat

from harness.fixtures import expected
from harness.otlp import send, traces
from harness.server import Server

Open = Callable[..., Page]


def test_E5_A5_the_agents_page_equals_the_expected_figures(site: Site, open_page: Open) -> None:
    page = open_page(site.url('/agents'))
    expect(page.locator('tr[data-agent]').first).to_be_visible()
    shown = {}
    for row in page.locator('tr[data-agent]').all():
        cells = headed(row)
        failed = re.search(r'(\d+) failed', cells['Errors'])
        shown[row.get_attribute('data-agent')] = {'runs': int(cells['Runs'].split()[0]), 'errors': int(failed.group(1)) if failed else 0}
    assert shown == agents_expected()
    llm = expected()['weather-agent']['llm']['openai / gpt-4o']
    weather = page.locator('tr[data-agent="weather_agent"]')
    cells = headed(weather)
    assert cells['Tokens'].split() == [str(llm['input_tokens']), 'in', str(llm['output_tokens']), 'out']
    assert weather.locator('.cost').get_attribute('title') == f'${llm["cost"]:.7f}'
    assert cells['Turns / run'].split()[0] == str(llm['calls'])
    assert cells['Tools / run'].split()[0] == str(sum(expected()['weather-agent']['tool_runs'].values()))
    expect(weather.get_by_role('link', name='gpt-4o')).to_be_visible()


def test_E5_agents_are_filtered_sorted_and_lead_to_their_page(site: Site, open_page: Open) -> None:
    page = open_page(site.url('/agents'))
    page.get_by_role('button', name='Cost').click()
    expect(page.locator('tr[data-agent]').first).to_have_attribute('data-agent', 'risk_agent')
    assert 'sort=-cost' in page.url
    page.keyboard.press('/')
    page.keyboard.type('claude risk')
    expect(page.locator('tr[data-agent]')).to_have_count(1)
    page.get_by_role('link', name='risk_agent').click()
    expect(page.get_by_role('heading', name='risk_agent')).to_be_visible()
    expect(page.locator('.chart')).to_have_count(7)
    page.reload()
    expect(page.locator('.chart')).to_have_count(7)


def percentile(values: list[float], share: float) -> float:
    """The exact percentile with linear interpolation, as numpy computes it."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    return ordered[low] + (ordered[min(low + 1, len(ordered) - 1)] - ordered[low]) * (at - low)


def test_A5_turns_and_tool_calls_per_run_average_and_exact_p90(site: Site, open_page: Open) -> None:
    tools = [3, 3, 3, 2, 4, 3, 3, 2, 3, 40]
    now = time.time_ns() - 60_000_000_000
    spans = []
    for index, many in enumerate(tools):
        run = agent_span('runaway', os.urandom(16), now + index * 1_000_000_000)
        spans += [run, chat(run.trace_id, run.span_id, 'runaway-model', (10, 1), 0.01, now + index * 1_000_000_000 + 1000)]
        spans += [tool_span('dig', run, now + index * 1_000_000_000 + (n + 2) * 10_000_000) for n in range(many)]
    send(site.server, traces(spans, service='runaway'))
    page = open_page(f'{site.server.url}/local/default/agents/runaway')
    average, p90 = sum(tools) / len(tools), percentile(tools, 0.9)
    card = page.locator('.card', has_text='Tool calls per run')
    expect(card.locator('[title="average"]')).to_have_text(f'{average:g}')
    expect(card.locator('.pair-second')).to_contain_text(f'{p90:g}')
    expect(card).to_contain_text('most 40')
    expect(page.locator('.chart', has_text='Tool calls per run').locator('figcaption b')).to_have_text(f'{average:g} · p90 {p90:g}')
    expect(page.locator('.chart', has_text='Turns per run').locator('figcaption b')).to_have_text('1 · p90 1')


def test_E5_runs_show_prompt_and_answer_and_are_filtered_and_sorted(site: Site, open_page: Open) -> None:
    page = open_page(site.url('/agents/analyst?tab=runs'))
    runs = page.locator('[data-run]')
    expect(runs).to_have_count(2)
    expect(runs.nth(0)).to_contain_text('Are you sure?')
    expect(runs.nth(0)).to_contain_text('Yes, still moderate.')
    expect(runs.nth(1)).to_contain_text('Analyse AAPL')
    expect(runs.nth(0).locator('.conversation-chip')).to_have_text('conv-aapl-1')
    page.get_by_role('button', name='Cost', exact=True).last.click()
    expect(runs.nth(0)).to_contain_text('Analyse AAPL')
    page.get_by_label('Find in prompts and answers').fill('still MODERATE')
    expect(runs).to_have_count(1)
    page.get_by_role('button', name='Clear', exact=True).click()
    expect(runs).to_have_count(2)
    page.get_by_title('Filter by tokens').click()
    page.get_by_label('At least').fill('900')
    page.get_by_role('button', name='Apply').click()
    expect(runs).to_have_count(1)
    assert 'tokens=900..' in page.url
    page.goto(site.url('/agents/retry_agent?tab=runs'))
    expect(runs).to_have_count(2)
    page.get_by_role('button', name='Failed', exact=True).click()
    expect(runs).to_have_count(1)
    expect(runs.locator('.run-status')).to_have_attribute('aria-label', re.compile('ModelRateLimitError'))
    page.goto(site.url('/agents/worker_agent?tab=runs'))
    runs.nth(1).locator('.conversation-chip').click()
    expect(runs).to_have_count(1)
    assert 'conversation=' in page.url


def test_E10_a_long_table_of_runs_draws_few_rows(site: Site, open_page: Open) -> None:
    now = time.time_ns() - 3_600_000_000_000
    spans = [agent_span('busy', os.urandom(16), now + i * 1_000_000_000, 0.1) for i in range(1500)]
    send(site.server, traces(spans, service='busy'))
    page = open_page(f'{site.server.url}/local/default/agents/busy?tab=runs')
    expect(page.locator('[data-run]').first).to_be_visible()
    assert page.locator('[data-run]').count() < 80
    expect(page.locator('.run-count')).to_contain_text('1,000')
    page.locator('.vlist').evaluate('(list) => list.scrollTo(0, list.scrollHeight)')
    expect(page.locator('.run-count')).to_have_text('1,500 runs')
    assert page.locator('[data-run]').count() < 80


def test_E5_a_run_has_its_tabs_keys_and_neighbours(site: Site, open_page: Open) -> None:
    trace, run = site.run('analyst', 1)
    page = open_page(site.url(f'/agents/analyst?tab=runs&run={trace}:{run}'))
    view = page.locator('.run-view')
    expect(view.get_by_text('Final output')).to_be_visible()
    for key, name, awaited in [('t', 'Tools', '.settings-list, .tool-card'), ('m', 'Messages', '.msg'), ('r', 'Trace', '.wr'), ('g', 'Graph', '[data-node]'), ('s', 'Summary', '.turns')]:
        page.keyboard.press(key)
        expect(view.get_by_role('tab', name=name)).to_have_attribute('aria-selected', 'true')
        expect(view.locator(awaited).first).to_be_visible()
    page.keyboard.press(']')
    expect(view).to_contain_text('Analyse AAPL')
    assert site.run('analyst', 0)[1] in page.url
    expect(view.get_by_role('button', name='Next')).to_be_disabled()
    page.keyboard.press('[')
    expect(view).to_contain_text('Are you sure?')
    page.get_by_role('link', name='Open the run on its own page').first.click()
    expect(page).to_have_url(re.compile(f'/runs/{trace}/{run}'))
    page.reload()
    expect(page.locator('.run-view')).to_contain_text('Are you sure?')
    page.keyboard.press(']')
    expect(page).to_have_url(re.compile(site.run('analyst', 0)[1]))


def test_E5_summary_strip_turns_and_metadata(site: Site, open_page: Open) -> None:
    llm = expected()['weather-agent']['llm']['openai / gpt-4o']
    page = open_page(site.run_url('weather_agent'))
    facts = page.locator('.run-facts')
    expect(facts).to_contain_text(f'{llm["input_tokens"]} in · {llm["output_tokens"]} out')
    expect(facts.locator('.fact', has_text='Provider')).to_contain_text('openai')
    expect(facts.locator('.fact', has_text='Cost')).to_have_attribute('title', f'${llm["cost"]:.7f}')
    expect(facts.locator('.fact', has_text='Turns')).to_contain_text(str(llm['calls']))
    turns = page.locator('.turns tbody tr')
    expect(turns).to_have_count(llm['calls'])
    assert [headed(turn)['Stopped for'] for turn in turns.all()] == ['tool_call', 'tool_call', 'stop']
    assert sum(int(headed(turn)['In'].split()[0]) for turn in turns.all()) == llm['input_tokens']
    expect(turns.nth(0)).to_contain_text('get_lat_lng ×2')
    page.goto(site.run_url('analyst', 1))
    metadata = page.get_by_label('Metadata')
    expect(metadata).to_contain_text('tenant')
    expect(metadata).to_contain_text('acme')


def test_E5_a_failed_run_says_why_and_where(site: Site, open_page: Open) -> None:
    page = open_page(site.run_url('retry_agent', 1))
    banner = page.locator('.exception-banner')
    expect(banner).to_contain_text('This run raised an exception')
    expect(banner.locator('.exception-line')).to_contain_text('pydantic_ai.exceptions.ModelRateLimitError: status_code: 429')
    banner.get_by_text('Traceback').first.click()
    expect(banner.locator('.frame').first).to_be_visible()
    expect(banner.get_by_role('button', name='Copy the traceback')).to_be_visible()
    expect(page.locator('.fact', has_text='Cost')).to_contain_text('—')


def test_E5_tools_with_schema_every_call_and_its_result(site: Site, open_page: Open) -> None:
    page = open_page(site.run_url('weather_agent', view='tools'))
    for name, calls in expected()['weather-agent']['tool_runs'].items():
        card = page.locator(f'[data-tool="{name}"]')
        expect(card.locator('.count')).to_have_text(f'{calls} call{"" if calls == 1 else "s"}')
        expect(card.locator('.tool-use-box')).to_have_count(calls)
    card = page.locator('[data-tool="get_lat_lng"]')
    expect(card).to_contain_text('Get the latitude and longitude of a location.')
    expect(card.locator('.parameters tbody tr')).to_have_text(re.compile(r'location\s*required\s*string'))
    sides = card.locator('.tool-use-box').first.locator('.tool-side')
    expect(sides.nth(0)).to_contain_text('Oslo')
    expect(sides.nth(1)).to_contain_text('59.91')
    boxes = [side.bounding_box() for side in sides.all()]
    assert boxes[0]['y'] == boxes[1]['y'] and boxes[0]['x'] < boxes[1]['x']
    page.goto(site.run_url('retry_agent', view='tools'))
    expect(page.locator('[data-tool="flaky"] .tool-use-box')).to_have_count(expected()['retries']['tool_runs']['flaky'])
    expect(page.locator('[data-tool="flaky"]')).to_contain_text('attempt 1 · model_retry')
    expect(page.locator('.view-tools')).to_contain_text('1 retry after a failed one')


def test_E5_settings_known_and_unknown_with_the_reasoning_level(site: Site, open_page: Open) -> None:
    now = time.time_ns() - 5_000_000_000
    run = agent_span('tuned', os.urandom(16), now)
    values = {
        'gen_ai.request.reasoning.level': 'high',
        'gen_ai.request.temperature': 0.25,
        'gen_ai.request.max_tokens': 512,
        'gen_ai.request.flux_capacitor': 'on',
        'model_request_parameters': json.dumps({'function_tools': [], 'output_mode': 'tool', 'output_tools': [{'name': 'City', 'parameters_json_schema': {'properties': {'name': {'type': 'string'}}, 'required': ['name']}}]}),
    }
    send(site.server, traces([run, chat(run.trace_id, run.span_id, 'tuned-model', (1, 1), 0.1, now + 1000, **values)], service='tuned'))
    page = open_page(f'{site.server.url}/local/default/runs/{run.trace_id.hex()}/{run.span_id.hex()}?view=tools')
    settings = page.locator('.settings-list > div')
    expect(settings.first).to_have_text(re.compile(r'Reasoning level\s*high'))
    expect(page.locator('[data-setting="temperature"]')).to_contain_text('0.25')
    expect(page.locator('[data-setting="max_tokens"]')).to_contain_text('512')
    expect(page.locator('[data-setting="flux_capacitor"]')).to_have_text(re.compile(r'flux_capacitor\s*on'))
    expect(page.locator('[data-setting="output_mode"]')).to_contain_text('tool')
    expect(page.locator('[data-tool="City"]')).to_be_visible()


def test_E5_info_has_models_instructions_tools_and_versions(site: Site, open_page: Open) -> None:
    page = open_page(site.url('/agents/weather_agent?tab=info'))
    expect(page.locator('.prompt-body')).to_have_text('Be concise, reply with one sentence.')
    expect(page.get_by_role('row', name=re.compile('gpt-4o.*openai'))).to_contain_text('785')
    expect(page.locator('[data-tool="get_weather"]')).to_contain_text('1 call')
    expect(page.get_by_role('row', name=re.compile('weather-service'))).to_contain_text('1.4.2')


def test_E5_a_chat_of_several_turns_shows_each_turn_once(site: Site, open_page: Open) -> None:
    page = open_page(site.run_url('analyst', 1, 'messages'))
    expect(page.locator('.msg')).to_have_count(3)
    expect(page.locator('.view-messages')).not_to_contain_text('Analyse AAPL')
    page.get_by_role('button', name=re.compile('Show 6 messages of earlier turns')).click()
    expect(page.locator('.view-messages')).to_contain_text('Analyse AAPL')
    page.goto(site.url('/conversations/conv-aapl-1'))
    entries = page.locator('[data-entry]')
    expect(entries).to_have_count(2)
    # What is out of sight has no inner text.
    text = page.locator('.entries').text_content() or ''
    for said in ('Analyse AAPL', 'AAPL: moderate risk.', 'Are you sure?', 'Yes, still moderate.', 'You are a financial analyst.'):
        assert text.count(said) == 1, said
    expect(entries.nth(1)).to_contain_text('Are you sure?')


def test_E5_an_agent_without_a_name_is_listed_by_provider_and_model(site: Site, open_page: Open) -> None:
    now = time.time_ns() - 5_000_000_000
    spans = []
    for index in range(2):
        run = agent_span(None, os.urandom(16), now + index * 2_000_000_000)
        spans += [run, chat(run.trace_id, run.span_id, 'nameless/1', (7, 3), None, now + index * 2_000_000_000 + 1000)]
    send(site.server, traces(spans, service='nameless'))
    page = open_page(f'{site.server.url}/local/default/agents?filter=nameless')
    row = page.locator('tr[data-agent="openai / nameless/1"]')
    assert headed(row)['Runs'].split()[0] == '2'
    # A2: no price is known, so there is no cost.
    assert headed(row)['Cost'] == '—'
    row.get_by_role('link', name='openai / nameless/1').click()
    expect(page.get_by_role('heading', name='openai / nameless/1')).to_be_visible()
    expect(page.locator('.card').first).to_have_text(re.compile('Runs2none failed'))
    page.get_by_role('tab', name='Runs').click()
    expect(page.locator('[data-run]')).to_have_count(2)
    page.reload()
    expect(page.locator('[data-run]')).to_have_count(2)
    page.get_by_role('tab', name='Info').click()
    expect(page.get_by_role('row', name=re.compile('nameless.1'))).to_contain_text('14')


def test_an_agent_that_only_calls_name_is_explained(site: Site, open_page: Open) -> None:
    page = open_page(site.url('/agents'))
    page.locator('[data-bare]').get_by_role('link', name='weather_graph').click()
    expect(page.get_by_role('note')).to_contain_text('marks no span as a run')
    page.locator('.without-runs tbody a').first.click()
    page.get_by_role('link', name='Graph').click()
    expect(node(page, 'model')).to_have_attribute('data-count', '2')
    expect(node(page, 'tools')).to_have_attribute('data-count', '1')


def test_empty_pages_say_what_to_do_with_this_very_server(server: Server, open_page: Open) -> None:
    for path in ('/agents', '/conversations', '/conversations?by=session'):
        page = open_page(f'{server.url}/local/default{path}')
        expect(page.locator('.snippet code')).to_contain_text(f'base_url="{server.url}"')
        expect(page.get_by_role('button', name='Try the last 7 days')).to_be_visible()
    page = open_page(f'{server.url}/local/default/runs/{"0" * 32}/{"0" * 16}')
    expect(page.get_by_text('This run is not stored')).to_be_visible()

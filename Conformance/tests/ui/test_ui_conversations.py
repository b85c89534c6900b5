"""Conversations, and what people look for in runs, in a real browser (E5, E9, E11)."""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from agents_site import SCENARIOS, Site, agent_span, headed, site
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from playwright.sync_api import Page, expect
from ui_traffic import chat

from harness.environments import interpreter
from harness.fixtures import expected
from harness.otlp import send, traces
from harness.query import rows
from harness.server import Server, clean_environment

Open = Callable[..., Page]


def test_E5_conversations_equal_the_expected_ones(site: Site, open_page: Open) -> None:
    page = open_page(site.url('/conversations'))
    expect(page.locator('[data-group]').first).to_be_visible()
    shown = {row.get_attribute('data-group') for row in page.locator('[data-group]').all()}
    wanted = {id for scenario in SCENARIOS for id in expected()[scenario]['conversations']}
    assert wanted <= shown
    row = page.locator('[data-group="conv-aapl-1"]')
    cells = headed(row)
    assert (cells['Runs'], cells['Turns'], cells['Input'], cells['Output'], cells['Errors']) == ('2', '4', '1.4k', '80', '0')
    expect(row).to_contain_text('Analyse AAPL')
    expect(row).to_contain_text('analyst')
    # Without a run, the prompt is that of the first call.
    expect(page.locator('[data-group="thread-9"]')).to_contain_text('weather in Oslo?')
    page.get_by_label('Filter by first prompt, agent, model, user or id').fill('aapl worker')
    expect(page.locator('[data-group]')).to_have_count(0)
    page.get_by_label('Filter by first prompt, agent, model, user or id').fill('analyse')
    expect(page.locator('[data-group]')).to_have_count(1)
    row.click()
    expect(page.get_by_role('heading', name=re.compile('Conversation'))).to_be_visible()
    page.goto(site.url('/conversations?by=user'))
    expect(page.locator('[data-group="u-1"]')).to_contain_text('2 conversations')
    page.get_by_role('link', name='u-1').click()
    expect(page.locator('[data-group]')).to_have_count(2)
    page.goto(site.url('/conversations/thread-9'))
    expect(page.locator('.entry .msg')).to_have_count(5)


def test_E9_khanmigo_sessions_by_finish_reason_with_their_sums(site: Site, open_page: Open) -> None:
    now = time.time_ns() - 20_000_000_000
    made = {'pupil-1': [('stop', 11, 1), ('content_filter', 3, 0), ('stop', 20, 2)], 'pupil-2': [('stop', 5, 0)], 'pupil-3': [('refusal', 2, 0), ('tool_calls', 9, 3)]}
    spans = []
    for session, calls in made.items():
        for index, (reason, output, tools) in enumerate(calls):
            parts = [{'type': 'tool_call', 'id': f'{session}{index}{n}', 'name': 'hint', 'arguments': '{}'} for n in range(tools)] or [{'type': 'text', 'content': 'ok'}]
            values = {'session.id': session, 'gen_ai.response.finish_reasons': [reason], 'gen_ai.output.messages': json.dumps([{'role': 'assistant', 'parts': parts, 'finish_reason': reason}])}
            spans.append(chat(os.urandom(16), b'', 'tutor-model', (10, output), 0.001, now + len(spans) * 1_000_000_000, **values))
    send(site.server, traces(spans, service='tutor'))
    page = open_page(f'{site.server.url}/local/default/conversations?by=session&filter=pupil')
    for session, calls in made.items():
        cells = headed(page.locator(f'[data-group="{session}"]'))
        assert (cells['Turns'], cells['Output'], cells['Tool calls']) == (str(len(calls)), str(sum(c[1] for c in calls)), str(sum(c[2] for c in calls)))
    page.get_by_title('Filter by finish reason').click()
    page.get_by_role('menuitemradio', name=re.compile('content_filter')).click()
    expect(page.locator('[data-group]')).to_have_count(1)
    expect(page.locator('[data-group]')).to_have_attribute('data-group', 'pupil-1')
    page.goto(f'{site.server.url}/local/default/conversations?by=session&filter=pupil&finish=refusal')
    expect(page.locator('[data-group="pupil-3"]')).to_be_visible()
    page.locator('[data-group="pupil-3"]').click()
    expect(page.locator('[data-entry]')).to_have_count(2)


def test_E9_replit_retries_and_the_cost_of_failed_attempts(site: Site, open_page: Open) -> None:
    now = time.time_ns() - 40_000_000_000
    cheap = agent_span('builder', os.urandom(16), now)
    costly = agent_span('builder', os.urandom(16), now - 5_000_000_000, 4)
    spans = [cheap, chat(cheap.trace_id, cheap.span_id, 'build-model', (10, 1), 0.02, now + 1000), costly]
    for attempt in range(3):
        failed = chat(costly.trace_id, costly.span_id, 'build-model', (100, 0), 0.5, now - 5_000_000_000 + attempt * 500_000_000, retry_count=1)
        failed.status.code = Status.STATUS_CODE_ERROR
        spans.append(failed)
    spans.append(chat(costly.trace_id, costly.span_id, 'build-model', (100, 10), 0.75, now - 2_000_000_000))
    send(site.server, traces(spans, service='builder'))
    page = open_page(f'{site.server.url}/local/default/agents/builder?tab=runs&sort=-cost')
    first = page.locator('[data-run]').first
    expect(first.locator('.run-cost .cost')).to_have_attribute('title', '$2.2500000')
    expect(first).to_contain_text('3 retries')
    first.locator('.run-twist').click()
    expect(page.locator('.fact', has_text='Retries')).to_contain_text('3')
    expect(page.locator('.turns tbody tr')).to_have_count(4)


def test_E9_langsmith_from_the_list_to_messages_tokens_and_cost_by_keyboard_with_nothing_fetched_twice(site: Site, open_page: Open) -> None:
    page = open_page(site.url('/agents/weather_agent?tab=runs'))
    expect(page.locator('[data-run]')).to_have_count(1)
    asked: list[str] = []
    page.on('request', lambda request: asked.append(request.post_data or '') if request.url.endswith('/v2/query') else None)
    page.keyboard.press('j')
    page.keyboard.press('m')
    view = page.locator('.run-view')
    expect(view.locator('.msg').first).to_be_visible()
    expect(view.locator('[data-turn="3"]')).to_contain_text('380 → 95')
    expect(view.locator('[data-turn="3"]')).to_contain_text('stop')
    expect(view.locator('.fact', has_text='Cost')).to_contain_text('$0.0034')
    for key in ('t', 's', 'm', 't', 'g', 'm'):
        page.keyboard.press(key)
    expect(view.locator('.msg').first).to_be_visible()
    # The list looks for new runs by itself now and then; nothing of the run is asked for again.
    of_run = [body for body in asked if 'NULLS LAST' not in body and 'time_bucket' not in body]
    assert [body for body in of_run if of_run.count(body) > 1] == []


def test_E9_anthropic_console_every_turn_with_its_stop_reason_tokens_and_cost(site: Site, open_page: Open) -> None:
    page = open_page(site.run_url('weather_agent', view='messages'))
    heads = page.locator('.turn-head')
    expect(heads).to_have_count(3)
    calls = rows(site.server, "SELECT input_tokens, output_tokens, finish_reasons FROM llm_calls WHERE agent_name = 'weather_agent' ORDER BY start_timestamp")
    for head, call in zip(heads.all(), calls):
        expect(head).to_contain_text(f'{call["input_tokens"]} → {call["output_tokens"]}')
        expect(head).to_contain_text(call['finish_reasons'][0])
    kinds = [text.replace('\n', ' ').lstrip('↗↙ ') for text in page.locator('.msg-role').all_inner_texts()]
    assert kinds == ['system', 'user', 'assistant · 2 tool calls', 'tool result · get_lat_lng', 'tool result · get_lat_lng', 'assistant · tool call', 'tool result · get_weather', 'assistant']


def test_E11_sidebar_palette_and_keys_lead_to_the_pages(site: Site, open_page: Open) -> None:
    page = open_page(site.url('/agents'))
    expect(page.locator('[data-agent]').first).to_be_visible()
    page.keyboard.press('c')
    expect(page.get_by_role('heading', name='Conversations')).to_be_visible()
    page.keyboard.press('a')
    expect(page.get_by_role('heading', name='Agents')).to_be_visible()
    page.keyboard.press('Control+k')
    page.keyboard.type('conv users')
    page.keyboard.press('Enter')
    expect(page.get_by_role('tab', name='Users')).to_have_attribute('aria-selected', 'true')
    for name in ('Issues', 'Services', 'Dashboards', 'Alerts', 'Evals', 'Prompts'):
        expect(page.get_by_role('navigation', name='Pages').get_by_text(name, exact=True)).to_have_count(0)
    # The SQL of a page is one click away.
    page.goto(site.url('/agents/weather_agent'))
    page.get_by_role('link', name=re.compile('Open in Explore')).first.click()
    expect(page).to_have_url(re.compile(r'/explore\?sql='))


def test_E9_pydantic_ai_the_snippets_of_the_empty_pages_fill_them(server: Server, open_page: Open, tmp_path: Path) -> None:
    """The unmodified SDK, run as the page says: agent, run, tools, conversation, session and user appear."""
    for path, awaited in [('/agents', 'tr[data-agent="first_agent"]'), ('/conversations?by=session', '[data-group="session-1"]')]:
        page = open_page(f'{server.url}/local/default{path}')
        program = tmp_path / 'snippet.py'
        program.write_text(page.locator('.snippet code').inner_text())
        ran = subprocess.run([interpreter('genai'), program], env=clean_environment(), capture_output=True, text=True, timeout=120)
        assert ran.returncode == 0, ran.stderr
        page.reload()
        expect(page.locator(awaited)).to_be_visible()
    page.goto(f'{server.url}/local/default/agents/first_agent?tab=runs')
    expect(page.locator('[data-run]')).to_have_count(3)
    page.locator('[data-run]', has_text='How is the weather in Oslo?').locator('.run-twist').click()
    page.keyboard.press('t')
    expect(page.locator('[data-tool="weather"]')).to_contain_text('The weather of a city.')
    expect(page.locator('[data-tool="weather"] .tool-use-box')).to_contain_text('sunny in a')
    page.goto(f'{server.url}/local/default/conversations?by=user')
    expect(page.locator('[data-group="ada"]')).to_contain_text('1 conversation')
    page.goto(f'{server.url}/local/default/conversations/session-1?by=session')
    expect(page.locator('[data-entry]')).to_have_count(2)
    # What is out of sight has no inner text.
    text = page.locator('.entries').text_content() or ''
    assert text.count('Name a river.') == 1 and text.count('How long is it?') == 1


def test_sessions_that_were_scrubbed_on_the_way_are_no_session(site: Site, open_page: Open) -> None:
    values = {'session.id': "[Scrubbed due to 'session']"}
    now = time.time_ns() - 1_000_000_000
    send(site.server, traces([chat(os.urandom(16), b'', 'scrubbed-model', (1, 1), 0.1, now, **values)], service='scrubbed'))
    page = open_page(f'{site.server.url}/local/default/conversations?by=session')
    expect(page.get_by_role('note')).to_contain_text('1 call came with a session')
    expect(page.locator('[data-group^="[Scrubbed"]')).to_have_count(0)

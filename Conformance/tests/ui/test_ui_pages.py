"""Trace, LLM panel and LLMs in a real browser (A2, A6, E10, E11)."""

import os
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from ui_traffic import agent_run, chat

from harness.otlp import send, span, traces
from harness.server import Server
from harness.waiting import eventually

Open = Callable[..., Page]


@pytest.mark.parametrize('dark', [False, True])
def test_every_page_loads_without_a_console_error(shared_server: Server, open_page: Open, dark: bool) -> None:
    trace, root, calls = agent_run(shared_server, 'pages')
    base = f'{shared_server.url}/local/default'
    for address, awaited in [
        (base, '[data-row]'),
        (f'{base}/llms', '.models'),
        (f'{base}/llms/openai/pages-model', '.chart'),
        (f'{base}/traces/{trace}', '.wr'),
        (f'{base}/traces/{trace}?span={calls[0]}', '.msg'),
    ]:
        page = open_page(address, dark=dark)
        expect(page.locator(awaited).first).to_be_visible()
        assert page.locator('html').get_attribute('data-theme') == ('dark' if dark else 'light')


def test_panel_shows_the_conversation_in_order(shared_server: Server, open_page: Open) -> None:
    trace, _, calls = agent_run(shared_server, 'panel')
    page = open_page(f'{shared_server.url}/local/default/traces/{trace}?span={calls[0]}')
    cards = page.locator('.msg')
    expect(cards).to_have_count(4)
    assert [text.replace('\n', ' ').lstrip('↗↙ ') for text in cards.locator('.msg-role').all_inner_texts()] == ['system', 'user', 'assistant', 'assistant · tool call']
    expect(cards.nth(1).locator('strong')).to_have_text('bold')
    # What a model writes is text, whatever it looks like.
    expect(cards.nth(2)).to_contain_text('A <b>word</b> & more')
    expect(cards.nth(3)).to_contain_text('look_up')
    expect(cards.nth(3)).to_contain_text('word')
    page.get_by_role('button', name='JSON', exact=True).click()
    expect(page.locator('.msg')).to_have_count(3)


def test_A6_both_sums_are_shown_where_they_differ(shared_server: Server, open_page: Open) -> None:
    trace = os.urandom(16)
    start = time.time_ns() - 3_000_000_000
    sent = '{"operation.cost": {"total": 9.5, "details": []}}'
    root = span('pipeline', trace=trace, start=start, seconds=2, values={'logfire.metrics': sent})
    send(shared_server, traces([root, chat(trace, root.span_id, 'sums-model', (100, 10), 0.5, start + 1_000_000)], service='sums'))
    page = open_page(f'{shared_server.url}/local/default/traces/{trace.hex()}?span={root.span_id.hex()}')
    expect(page.locator('[data-sum="computed"]')).to_contain_text('$0.5000000')
    expect(page.locator('[data-sum="sent"]')).to_contain_text('$9.5000000')


def test_A2_unknown_is_a_dash_on_the_llms_page(shared_server: Server, open_page: Open) -> None:
    trace = os.urandom(16)
    bare = span('chat dash-model', trace=trace, values={'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'acme', 'gen_ai.request.model': 'dash-model'})
    send(shared_server, traces([bare], service='dash'))
    page = open_page(f'{shared_server.url}/local/default/llms?filter=dash-model')
    row = page.locator('.models tbody tr')
    expect(row).to_have_count(1)
    cells = row.locator('td').all_inner_texts()
    heads = [text.strip(' ↓↑\n').split('\n')[0] for text in page.locator('.models thead > tr > *').all_inner_texts()]
    by_name = dict(zip(heads, cells))
    assert by_name['Calls'] == '1'
    for column in ('Speed', 'Input', 'Output', 'Cache read', 'Cost', 'Truncated', 'First token'):
        assert by_name[column].strip().startswith('—'), column


def test_llms_page_counts_sorts_and_leads_to_the_trace(shared_server: Server, open_page: Open) -> None:
    trace, _, calls = agent_run(shared_server, 'lead', (0.25, 0.5))
    page = open_page(f'{shared_server.url}/local/default/llms?filter=lead-model')
    row = page.locator('.models tbody tr')
    expect(row).to_contain_text('$0.75')
    expect(row).to_contain_text('2k')
    page.get_by_role('button', name='Cost').click()
    eventually(lambda: page.url, lambda url: 'sort=-cost' in url)
    row.click()
    expect(page.get_by_role('heading', name='lead-model')).to_be_visible()
    expect(page.locator('.chart')).to_have_count(7)
    expect(page.get_by_role('cell', name='helper').first).to_be_visible()
    page.locator('table').last.locator('tbody tr a').first.click()
    expect(page.locator('.wr')).to_have_count(4)
    assert trace in page.url


def test_E10_trace_of_1000_spans_is_usable_at_once_and_draws_few_elements(shared_server: Server, open_page: Open) -> None:
    trace = os.urandom(16)
    start = time.time_ns() - 5_000_000_000
    root = span('big', trace=trace, start=start, seconds=4)
    children = [span(f'step {i}', trace=trace, parent=root.span_id, start=start + i * 4_000_000, seconds=0.004) for i in range(999)]
    send(shared_server, traces([root, *children], service='big'))
    page = open_page(f'{shared_server.url}/local/default/traces/{trace.hex()}')
    expect(page.locator('.wr').first).to_be_visible()
    assert page.evaluate('document.querySelectorAll("*").length') < 2500
    page.get_by_label('Search in this trace').fill('step 998')
    page.keyboard.press('Enter')
    expect(page.locator('.wr.is-selected')).to_contain_text('step 998')


def test_nothing_is_fetched_from_elsewhere(shared_server: Server, open_page: Open) -> None:
    trace = os.urandom(16)
    picture = '[{"role": "user", "parts": [{"type": "uri", "modality": "image", "uri": "http://elsewhere.invalid/x.png"}, {"type": "text", "content": "![x](http://elsewhere.invalid/y.png)"}]}]'
    call = chat(trace, b'', 'remote-model', (1, 1), None, time.time_ns() - 1_000_000_000)
    for attribute in call.attributes:
        if attribute.key == 'gen_ai.input.messages':
            attribute.value.string_value = picture
    send(shared_server, traces([call], service='remote'))
    page = open_page('about:blank')
    asked: list[str] = []
    page.on('request', lambda request: asked.append(request.url))
    page.goto(f'{shared_server.url}/local/default/traces/{trace.hex()}?span={call.span_id.hex()}')
    expect(page.locator('.media')).to_be_visible()
    page.wait_for_timeout(500)
    assert all(address.startswith((shared_server.url, 'data:')) for address in asked), asked


def test_at_1024_pixels_nothing_is_cut_and_names_stay_readable(shared_server: Server, open_page: Open) -> None:
    trace, root, _ = agent_run(shared_server, 'narrow', (0.5,))
    talk = {'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'an agent with a long name', 'gen_ai.conversation.id': os.urandom(16).hex(), 'user.id': 'ada', 'final_result': 'A long answer ' * 20}
    send(shared_server, traces([span('invoke_agent', seconds=1, values=talk)], service='narrow'))
    base = f'{shared_server.url}/local/default'
    page = open_page('about:blank')
    page.set_viewport_size({'width': 1024, 'height': 768})
    cut = 'element => element.scrollWidth - element.clientWidth'
    for address in (f'{base}/agents', f'{base}/conversations'):
        page.goto(address)
        expect(page.locator('.models tbody tr').first).to_be_visible()
        assert page.locator('.models').first.locator('..').evaluate(cut) <= 0, address
    page.goto(f'{base}/explore?sql=SELECT+1')
    expect(page.locator('.query-bar')).to_be_visible()
    assert page.locator('.query-bar').evaluate(cut) <= 0
    page.goto(f'{base}/traces/{trace}?span={root}')
    expect(page.locator('.detail h2').first).to_be_visible()
    expect(page.locator('.wr .message')).to_have_count(3)
    names = page.locator('.wr .message').evaluate_all('all => all.map((name) => name.getBoundingClientRect().width)')
    assert min(names) >= 60, names

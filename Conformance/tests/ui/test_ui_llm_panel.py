"""The LLM panel: every part of a call (E7), prices, dialects, texts of any length."""

import json
import os
import time
from collections.abc import Callable

import pytest
from panel_traffic import ARABIC, RichCall, huge_call, rich_call
from playwright.sync_api import Page, expect
from ui_traffic import chat

from harness.browser import calibrate, main_thread, metrics
from harness.fixtures import requests
from harness.otlp import send, span, traces
from harness.query import rows
from harness.server import Server

Open = Callable[..., Page]


def address(server: Server, trace: str, span_id: str) -> str:
    return f'{server.url}/local/default/traces/{trace}?span={span_id}'


@pytest.fixture(scope='module')
def rich(shared_server: Server) -> RichCall:
    return rich_call(shared_server)


def panel(server: Server, open_page: Open, call: RichCall, **options: bool) -> Page:
    page = open_page(address(server, call.trace, call.call), **options)
    expect(page.locator('.msg').first).to_be_visible()
    return page


def test_E7_chunks_are_a_strip_on_the_time_of_the_call(shared_server: Server, open_page: Open, rich: RichCall) -> None:
    page = panel(shared_server, open_page, rich)
    strip = page.locator('.chunks')
    expect(strip).to_have_attribute('data-chunks', '8')
    expect(strip).to_contain_text('first after 400ms')
    expect(strip).to_contain_text('longest 910ms')
    expect(page.locator('.latency')).to_contain_text('first token 400ms')
    expect(page.locator('.latency')).to_contain_text('streaming 1.2s')


def test_E7_structured_output_with_schema_problems_and_attempts(shared_server: Server, open_page: Open, rich: RichCall) -> None:
    page = panel(shared_server, open_page, rich)
    section = page.get_by_role('region', name='Structured output')
    facts = [text.replace('\n', ' ') for text in section.locator('.fact').all_inner_texts()]
    assert facts == ['Form final_result', 'Asked by tool', 'JSON parsed', 'Schema 1 problem', 'Attempts 2']
    expect(section).to_contain_text('$.degrees is 91, more than 60')
    expect(section).to_contain_text('Input should be a valid integer')
    section.get_by_role('button', name='Schema').click()
    expect(section).to_contain_text('additionalProperties')


def test_E7_guardrails_and_attempts_lead_to_their_spans(shared_server: Server, open_page: Open, rich: RichCall) -> None:
    page = panel(shared_server, open_page, rich)
    steps = page.get_by_role('region', name='Guardrails').locator('tr')
    expect(steps).to_have_count(2)
    assert [' '.join(text.split()) for text in steps.all_inner_texts()] == ['no personal data before let it pass 80ms', 'plausible degrees after stopped it 200ms']
    attempts = page.get_by_role('region', name='Attempts').locator('tr')
    expect(attempts).to_have_count(3)
    assert [text.split()[2] for text in attempts.all_inner_texts()] == ['429', '429', '200']
    expect(page.locator('.llm .fact', has_text='Retries')).to_contain_text('2 after 429')
    steps.first.get_by_role('button').click()
    expect(page.locator('.detail-title')).to_contain_text('guardrail input')


def test_every_part_of_the_cost_has_its_price(shared_server: Server, open_page: Open, rich: RichCall) -> None:
    page = panel(shared_server, open_page, rich)
    expect(page.locator('.money')).to_contain_text('$1.25 / M')
    table = [[' '.join(cell.split()) for cell in row.locator('th, td').all_inner_texts()] for row in page.locator('.money tr').all()]
    assert table == [
        ['Input', '2,000', '', '$0.0031'],
        ['Uncached of input', '500', '$2.50 / M', '$0.0013'],
        ['Cached of input', '1,500', '$1.25 / M', '$0.0019'],
        ['Output', '300', '$10.00 / M', '$0.0030'],
        ['Reasoning of output', '120', '$10.00 / M', '$0.0012'],
    ]


def test_scores_stand_beside_the_latency(shared_server: Server, open_page: Open, rich: RichCall) -> None:
    page = panel(shared_server, open_page, rich)
    expect(page.locator('h3', has_text='Latency')).to_contain_text('helpful 0.75')


def test_messages_have_their_colours_files_and_directions(shared_server: Server, open_page: Open, rich: RichCall) -> None:
    page = panel(shared_server, open_page, rich)
    kinds = [next(c for c in name.split() if c.startswith('msg-')) for name in page.locator('article.msg').evaluate_all('all => all.map((e) => e.className)')]
    assert kinds == ['msg-system', 'msg-user', 'msg-thinking', 'msg-call', 'msg-tool', 'msg-call', 'msg-tool', 'msg-call']
    picture = page.locator('.media img')
    assert picture.evaluate('(image) => image.decode().then(() => image.naturalWidth)') == 16
    arabic = page.locator('p', has_text=ARABIC)
    assert arabic.get_attribute('dir') == 'auto'
    assert arabic.evaluate('(e) => getComputedStyle(e).direction') == 'rtl'
    page.get_by_role('button', name='get_weather').click()
    expect(page.locator('.tool-open')).to_contain_text('required')


def test_a_message_of_5_MB_stays_usable(shared_server: Server, open_page: Open) -> None:
    trace, call = huge_call(shared_server)
    page = open_page(address(shared_server, trace, call))
    session = main_thread(page)
    costs = {}
    before = metrics(session)['TaskDuration']

    def cost(what: str) -> None:
        nonlocal before
        now = metrics(session)['TaskDuration']
        costs[what], before = now - before, now

    page.reload()
    expect(page.get_by_role('button', name='Show all')).to_be_visible()
    cost('open')
    elements = 'document.querySelectorAll("*").length'
    assert page.evaluate(elements) < 1500
    page.get_by_role('button', name='more characters').first.click()
    expect(page.locator('.msg-user')).to_contain_text('number 500')
    cost('more')
    page.get_by_role('button', name='Show all').click()
    expect(page.locator('.msg-user .msg-pre')).not_to_have_count(0)
    assert page.evaluate(elements) < 6000
    cost('all')
    page.get_by_role('button', name='JSON', exact=True).click()
    assert page.evaluate(elements) < 1500
    cost('JSON')
    for tab in ('Details', 'Raw', 'Messages'):
        page.get_by_role('tab', name=tab).click()
        assert page.evaluate(elements) < 1500, tab
        cost(tab)
    unit = calibrate(page, session)
    assert max(costs.values()) < 100 * unit, {what: seconds / unit for what, seconds in costs.items()}


def test_merged_records_and_content_that_was_not_recorded_are_explained(server: Server, open_page: Open) -> None:
    for request in requests('anthropic-direct'):
        request.send(server)
    merged = rows(server, 'SELECT trace_id, span_id, merged_records AS n FROM llm_calls WHERE merged_records > 1 LIMIT 1')[0]
    page = open_page(address(server, merged['trace_id'], merged['span_id']))
    expect(page.locator('.fact', has_text='Merged')).to_contain_text(f'{merged["n"]} records')
    bare = chat(os.urandom(16), b'', 'silent-model', (1, 1), None, time.time_ns() - 10**9)
    withheld = {'gen_ai.system_instructions': '', 'gen_ai.input.messages': json.dumps([{'role': 'user', 'parts': [{'type': 'text'}]}]), 'gen_ai.output.messages': json.dumps([{'role': 'assistant', 'parts': [{'type': 'tool_call', 'name': 'look'}]}])}
    for attribute in bare.attributes:
        if attribute.key in withheld:
            attribute.value.string_value = withheld[attribute.key]
    send(server, traces([bare], service='silent'))
    page.goto(address(server, bare.trace_id.hex(), bare.span_id.hex()))
    expect(page.locator('.llm-note')).to_contain_text('include_content')
    expect(page.locator('.msg-call')).to_contain_text('look')


CHUNKS = {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'dialect-model'}
USER, ANSWER = 'What is asked', 'What is answered'
DIALECTS = {
    'OpenTelemetry 1.37': {'gen_ai.input.messages': json.dumps([{'role': 'user', 'parts': [{'type': 'text', 'content': USER}]}]), 'gen_ai.output.messages': json.dumps([{'role': 'assistant', 'parts': [{'type': 'text', 'content': ANSWER}]}])},
    'Pydantic AI format 1': {'events': json.dumps([{'event.name': 'gen_ai.user.message', 'role': 'user', 'content': USER}, {'event.name': 'gen_ai.choice', 'index': 0, 'message': {'role': 'assistant', 'content': ANSWER}}])},
    'Pydantic AI run': {'pydantic_ai.all_messages': json.dumps([{'role': 'user', 'parts': [{'type': 'text', 'content': USER}]}, {'role': 'assistant', 'parts': [{'type': 'text', 'content': ANSWER}]}])},
    'OpenLLMetry': {'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': USER, 'gen_ai.completion.0.role': 'assistant', 'gen_ai.completion.0.content': ANSWER},
    'OpenInference': {'llm.input_messages.0.message.role': 'user', 'llm.input_messages.0.message.content': USER, 'llm.output_messages.0.message.role': 'assistant', 'llm.output_messages.0.message.content': ANSWER},
    'Vercel AI SDK': {'ai.prompt.messages': json.dumps([{'role': 'user', 'content': [{'type': 'text', 'text': USER}]}]), 'ai.response.text': ANSWER},
    'logfire request_data': {'request_data': json.dumps({'messages': [{'role': 'user', 'content': USER}]}), 'response_data': json.dumps({'message': {'role': 'assistant', 'content': ANSWER}})},
    'LangSmith': {'gen_ai.prompt': json.dumps({'messages': [{'role': 'user', 'content': USER}]}), 'gen_ai.completion': json.dumps({'messages': [{'role': 'assistant', 'content': ANSWER}]})},
    'entity input and output': {'traceloop.entity.input': USER, 'traceloop.entity.output': ANSWER},
    'input.value and output.value': {'input.value': json.dumps({'messages': [{'role': 'user', 'content': USER}]}), 'output.value': ANSWER},
}


def test_messages_of_every_dialect(shared_server: Server, open_page: Open) -> None:
    trace, start = os.urandom(16), time.time_ns() - 10**9
    calls = {name: span(name, trace=trace, start=start + i * 1_000_000, values=CHUNKS | {'gen_ai.response.id': str(i)} | values) for i, (name, values) in enumerate(DIALECTS.items())}
    send(shared_server, traces(calls.values(), service='dialects'))
    page = open_page('about:blank')
    for name, call in calls.items():
        page.goto(address(shared_server, trace.hex(), call.span_id.hex()))
        expect(page.locator('.detail-title')).to_contain_text(name)
        expect(page.locator('.msg-user')).to_contain_text(USER)
        expect(page.locator('.msg-assistant')).to_contain_text(ANSWER)

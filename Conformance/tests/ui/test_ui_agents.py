"""Agents, their runs, conversations and the graph of a run, in a real browser (E5, E8, A2, A5)."""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from playwright.sync_api import Locator, Page, expect
from ui_traffic import chat

from harness.environments import interpreter
from harness.fixtures import Request, expected, requests
from harness.otlp import exception_event, send, span, traces
from harness.query import rows
from harness.server import Server, clean_environment

Open = Callable[..., Page]

# Scenarios with agents or conversations.
SCENARIOS = ('weather-agent', 'multi-agent', 'retries', 'streaming-agent', 'format-versions', 'distributed', 'evals-offline', 'pai-plain-json', 'langgraph-openinference', 'openinference-openai-grpc')


def with_own_ids(scenario: str, request: Request) -> Request:
    """The same request with answer ids of this scenario alone: the fake model server gave every scenario the same ones."""
    mark = f'{scenario}-'
    if 'json' in request.headers.get('content-type', ''):
        body = request.decoded.replace(b'chatcmpl-', mark.encode() + b'chatcmpl-').replace(b'resp_', mark.encode() + b'resp_')
        return Request(request.name, request.path, {'content-type': 'application/json'}, body)
    if 'trace' not in request.path.lower():
        return request
    message = ExportTraceServiceRequest()
    message.ParseFromString(request.decoded)
    for resource in message.resource_spans:
        for scope in resource.scope_spans:
            for one in scope.spans:
                for attribute in one.attributes:
                    if attribute.key == 'gen_ai.response.id':
                        attribute.value.string_value = mark + attribute.value.string_value
    if request.transport == 'grpc':
        return Request(request.name, request.path, request.headers, message.SerializeToString(), 'grpc')
    return Request(request.name, request.path, {'content-type': 'application/x-protobuf'}, message.SerializeToString())


@dataclass
class Site:
    """A server with all scenarios, and the window that they are in."""

    server: Server
    window: str

    def url(self, path: str) -> str:
        return f'{self.server.url}/local/default{path}{"&" if "?" in path else "?"}{self.window}'

    def run(self, agent: str, index: int = 0) -> tuple[str, str]:
        found = rows(self.server, f"SELECT trace_id, span_id FROM agent_runs WHERE agent_name = '{agent}' ORDER BY start_timestamp")[index]
        return found['trace_id'], found['span_id']

    def run_url(self, agent: str, index: int = 0, view: str = '') -> str:
        trace, run = self.run(agent, index)
        return self.url(f'/runs/{trace}/{run}{f"?view={view}" if view else ""}')


@pytest.fixture(scope='module')
def site(shared_server: Server) -> Iterator[Site]:
    for scenario in SCENARIOS:
        for request in requests(scenario):
            with_own_ids(scenario, request).send(shared_server)
    ends = rows(shared_server, "SELECT strftime(min(start_timestamp) - INTERVAL '1 hour', '%Y-%m-%dT%H:%M:%SZ') AS a, strftime(max(start_timestamp) + INTERVAL '1 hour', '%Y-%m-%dT%H:%M:%SZ') AS b FROM agent_runs")[0]
    yield Site(shared_server, f'from={ends["a"]}&to={ends["b"]}')


def agents_expected() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for scenario in SCENARIOS:
        found |= expected()[scenario]['agents']
    return found


def headed(row: Locator) -> dict[str, str]:
    """The cells of a table's row by their column."""
    expect(row).to_be_visible()
    heads = [re.sub(r'\s*[↓↑]$', '', text.strip()) for text in row.locator('xpath=ancestor::table').locator('thead th').all_inner_texts()]
    return dict(zip(heads, [cell.strip() for cell in row.locator('td').all_inner_texts()]))


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


def agent_span(name: str | None, trace: bytes, start: int, seconds: float = 1.0, parent: bytes = b'', **values: Any) -> Span:
    described = {'gen_ai.operation.name': 'invoke_agent'} | ({'gen_ai.agent.name': name} if name else {}) | values
    return span(f'invoke_agent {name or ""}'.strip(), trace=trace, parent=parent, start=start, seconds=seconds, values=described, status=values.pop('status', Status.STATUS_CODE_UNSET))


def tool_span(name: str, run: Span, start: int, call: str = '', **values: Any) -> Span:
    described = {'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name, 'gen_ai.tool.call.id': call or os.urandom(4).hex()}
    return span(f'execute_tool {name}', trace=run.trace_id, parent=run.span_id, start=start, seconds=0.01, values=described | values)


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
    expect(runs.nth(0).locator('.conversation-chip')).to_have_text('conv-aap')
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


def node(page: Page, label: str) -> Locator:
    return page.locator(f'[data-node="{label}"]')


def edges(page: Page) -> dict[str, int]:
    page.get_by_text('As a table').click()
    expect(page.locator('[data-edge]').first).to_be_visible()
    return {row.get_attribute('data-edge'): int(row.locator('td').last.inner_text()) for row in page.locator('[data-edge]').all()}


def test_E8_graph_of_fixtures(site: Site, open_page: Open) -> None:
    page = open_page(site.run_url('weather_agent', view='graph'))
    expect(node(page, 'gpt-4o')).to_have_attribute('data-count', str(expected()['weather-agent']['llm']['openai / gpt-4o']['calls']))
    for tool, calls in expected()['weather-agent']['tool_runs'].items():
        expect(node(page, tool)).to_have_attribute('data-count', str(calls))
    assert edges(page) == {
        'weather_agent → gpt-4o': 1,
        'gpt-4o → get_lat_lng': 2,
        'get_lat_lng → gpt-4o': 2,
        'gpt-4o → get_weather': 1,
        'get_weather → gpt-4o': 1,
        'gpt-4o → answer': 1,
    }
    page.goto(site.run_url('analyst', view='graph'))
    for name in ('headlines', 'ask_risk', 'scout', 'risk_agent', 'claude-sonnet-4-5', 'gemini-2.5-flash'):
        expect(node(page, name)).to_have_attribute('data-count', '1')
    assert edges(page)['ask_risk → risk_agent'] == 1
    page.goto(site.run_url('retry_agent', 1, 'graph'))
    expect(node(page, 'gpt-4o-mini')).to_have_attribute('data-failed', '1')
    expect(page.locator('.graph-node.is-failing')).to_have_count(1)


def graph_run(server: Server) -> tuple[str, str]:
    """A LangGraph run as OpenInference sends it: twelve nodes, two of them at once, one that loops, and one that fails."""
    trace = os.urandom(16)
    start = time.time_ns() - 30_000_000_000
    plan = [('route', 1), ('plan', 2), ('search', 3), ('browse', 3), ('grade', 4), ('rewrite', 5), ('search', 6), ('grade', 7), ('draft', 8), ('review', 9), ('cite', 10), ('format', 11), ('guard', 12), ('publish', 13)]
    root = span('research_graph', trace=trace, start=start, seconds=20, values={'openinference.span.kind': 'CHAIN'}, status=Status.STATUS_CODE_ERROR, events=[exception_event('RuntimeError', 'publish failed')])
    spans = [root]
    for index, (name, step) in enumerate(plan):
        metadata = json.dumps({'langgraph_node': name, 'langgraph_step': step, 'thread_id': 'thread-12'})
        fails = name == 'publish'
        at = start + (index + 1) * 1_000_000_000
        one = span(
            name,
            trace=trace,
            parent=root.span_id,
            start=at,
            seconds=0.8,
            values={'openinference.span.kind': 'CHAIN', 'metadata': metadata},
            status=Status.STATUS_CODE_ERROR if fails else Status.STATUS_CODE_UNSET,
            events=[exception_event('RuntimeError', 'publish failed')] if fails else (),
        )
        spans.append(one)
        if name in ('plan', 'draft', 'review'):
            model = {'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-4o-mini', 'llm.provider': 'openai', 'llm.token_count.prompt': 50, 'llm.token_count.completion': 5, 'metadata': metadata}
            spans.append(span('ChatOpenAI', trace=trace, parent=one.span_id, start=at + 1000, seconds=0.5, values=model))
    send(server, traces(spans, service='research', scope='openinference.instrumentation.langchain'))
    return trace.hex(), root.span_id.hex()


def test_E8_langgraph_of_twelve_nodes_with_the_failing_one_marked(site: Site, open_page: Open) -> None:
    trace, root = graph_run(site.server)
    page = open_page(f'{site.server.url}/local/default/runs/{trace}/{root}?view=graph')
    expect(page.locator('[data-kind="node"]')).to_have_count(12)
    expect(node(page, 'search')).to_have_attribute('data-count', '2')
    failing = page.locator('.graph-node.is-failing')
    expect(failing).to_have_count(1)
    expect(failing).to_have_attribute('data-node', 'publish')
    expect(failing).to_have_attribute('aria-label', 'node publish, 1 execution, 1 failed')
    expect(page.locator('.graph-note')).to_contain_text('failed in publish')
    found = edges(page)
    assert found['plan → search'] == 1 and found['plan → browse'] == 1 and found['search → grade'] == 2 and found['grade → rewrite'] == 1
    # With the keyboard: a node shows its executions.
    node(page, 'draft').focus()
    page.keyboard.press('Enter')
    expect(page.get_by_label('Executions of draft')).to_contain_text('gpt-4o-mini ×1')
    boxes = [box.bounding_box() for box in page.locator('[data-kind="node"]').all()]
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert abs(one['x'] - other['x']) >= one['width'] - 4 or abs(one['y'] - other['y']) >= one['height'] - 4
    page.goto(f'{site.server.url}/local/default/traces/{trace}')
    page.get_by_role('link', name='Graph').click()
    expect(page.locator('[data-kind="node"]')).to_have_count(12)


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
    assert len(of_run) == len(set(of_run))


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

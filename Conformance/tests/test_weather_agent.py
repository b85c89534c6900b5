"""The weather agent, run live: nothing set but token and base URL, and its trace is there, whole, with exact tokens and cost."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from genai_prices import Usage, calc_price
from logfire.query_client import LogfireQueryClient

from fake_llm import FakeModelServer
from fake_llm.weather import ANSWER, QUESTION, REPLIES, weather_script
from harness.programs import TOKEN, logfire_environment, python
from harness.query import one, rows
from harness.server import Server

Row = dict[str, Any]
HTTP_SCOPE = 'opentelemetry.instrumentation.httpx'


@pytest.fixture(scope='module')
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[Row]]]:
    """The server after one run of the agent, and the run's records as logfire's own client returns them."""
    with Server(tmp_path_factory.mktemp('weather') / 'data') as server:
        with FakeModelServer(weather_script()) as model:
            environment = {'OPENAI_BASE_URL': f'{model.url}/v1', 'OPENAI_API_KEY': 'not-needed', 'WEATHER_URL': model.url}
            ended = python('weather_agent.py', QUESTION, environment=environment | logfire_environment(server))
        assert ended.stdout.strip().endswith(ANSWER)
        with LogfireQueryClient(read_token=TOKEN, base_url=server.url) as client:
            since = datetime.now(UTC) - timedelta(hours=1)
            records = client.query_json_rows('SELECT * FROM records ORDER BY start_timestamp', min_timestamp=since, limit=1000)['rows']
        yield server, records


def test_one_trace_of_expected_spans(run: tuple[Server, list[Row]]) -> None:
    _, records = run
    assert len({record['trace_id'] for record in records}) == 1
    assert Counter((record['kind'], record['otel_scope_name'], record['span_name']) for record in records) == {
        ('span', 'pydantic-ai', 'invoke_agent weather_agent'): 1,
        ('span', 'pydantic-ai', 'chat gpt-4o'): 3,
        ('span', 'pydantic-ai', 'execute_tool get_lat_lng'): 2,
        ('span', 'pydantic-ai', 'execute_tool get_weather'): 2,
        ('span', HTTP_SCOPE, 'POST'): 3,
        ('span', HTTP_SCOPE, 'GET'): 4,
        ('span', 'logfire.httpx', 'Reading response body'): 7,
    }


def test_parents(run: tuple[Server, list[Row]]) -> None:
    _, records = run
    names = {record['span_id']: record['span_name'] for record in records}
    assert Counter((record['span_name'], names.get(record['parent_span_id'])) for record in records) == {
        ('invoke_agent weather_agent', None): 1,
        ('chat gpt-4o', 'invoke_agent weather_agent'): 3,
        ('execute_tool get_lat_lng', 'invoke_agent weather_agent'): 2,
        ('execute_tool get_weather', 'invoke_agent weather_agent'): 2,
        ('POST', 'chat gpt-4o'): 3,
        ('GET', 'execute_tool get_lat_lng'): 2,
        ('GET', 'execute_tool get_weather'): 2,
        ('Reading response body', 'POST'): 3,
        ('Reading response body', 'GET'): 4,
    }
    root = next(record for record in records if record['parent_span_id'] is None)
    assert all(root['start_timestamp'] <= record['start_timestamp'] for record in records)
    assert [record['span_id'] for record in records if record['duration'] is None] == []


def test_messages_and_captured_bodies(run: tuple[Server, list[Row]]) -> None:
    _, records = run
    messages = {record['message'] for record in records}
    assert {'weather_agent run', 'chat gpt-4o', 'running tool: get_lat_lng', 'running tool: get_weather'} <= messages
    assert "GET 127.0.0.1/lat_lng ? location='London'" in messages
    posts = [record for record in records if record['span_name'] == 'POST']
    assert all(post['http_response_status_code'] == 200 for post in posts)
    # The SDK says in logfire.json_schema that the body is an object, so it is a JSON value, not a string of JSON.
    assert [post['attributes']['http.request.body.text']['model'] for post in posts] == ['gpt-4o'] * 3


def test_tokens_and_cost_of_each_call(run: tuple[Server, list[Row]]) -> None:
    server, _ = run
    calls = rows(server, 'SELECT * FROM llm_calls ORDER BY start_timestamp')
    assert len(calls) == len(REPLIES)
    for call, reply in zip(calls, REPLIES, strict=True):
        assert (call['provider'], call['model'], call['response_model'], call['operation']) == ('openai', 'gpt-4o', 'gpt-4o', 'chat')
        assert (call['input_tokens'], call['output_tokens']) == (reply.input_tokens, reply.output_tokens)
        assert (call['cache_read_tokens'] or 0) == reply.cached_tokens
        assert call['has_tool_calls'] == bool(reply.tool_calls)
        assert call['agent_name'] == 'weather_agent'
        assert not call['is_error'] and not call['is_truncated']
        assert call['cost_source'] == 'sent'
        assert call['cost'] == pytest.approx(price(reply.input_tokens, reply.output_tokens, reply.cached_tokens), abs=1e-9)


def price(input_tokens: int, output_tokens: int, cached_tokens: int) -> float:
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, cache_read_tokens=cached_tokens)
    return float(calc_price(usage, 'gpt-4o', provider_id='openai').total_price)


def test_A5_agent_run(run: tuple[Server, list[Row]]) -> None:
    """Turns are the run's model calls, tool calls its executed tools, tokens and cost the sums over its calls."""
    server, records = run
    found = one(server, 'SELECT * FROM agent_runs')
    root = next(record for record in records if record['parent_span_id'] is None)
    assert (found['agent_name'], found['trace_id'], found['span_id']) == ('weather_agent', root['trace_id'], root['span_id'])
    assert (found['turns'], found['tool_calls'], found['is_error']) == (3, 4, False)
    assert found['input_tokens'] == sum(reply.input_tokens for reply in REPLIES)
    assert found['output_tokens'] == sum(reply.output_tokens for reply in REPLIES)
    assert found['cost'] == pytest.approx(sum(price(reply.input_tokens, reply.output_tokens, reply.cached_tokens) for reply in REPLIES), abs=1e-9)
    assert found['model'] == 'gpt-4o'
    assert ANSWER in str(found['output'])
    assert QUESTION in str(found['input'])

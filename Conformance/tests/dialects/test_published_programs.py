"""C8: the set-ups that the documentation of Pydantic AI and Logfire shows, as programs that run: only their addresses are Hearth's."""

import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emitters import prompts
from harness.emitters import Dialect, Outcome, Run, Scenario, check_calls, check_runs, run
from harness.server import Server


@pytest.fixture(scope='module')
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real redis-server of this module's own."""
    program = shutil.which('redis-server')
    if program is None:
        pytest.skip('redis-server is missing; apt-get install redis-server')
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    folder: Path = tmp_path_factory.mktemp('redis')
    options = ['--port', str(port), '--bind', '127.0.0.1', '--dir', str(folder), '--save', '', '--appendonly', 'no']
    process = subprocess.Popen([program, *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while socket.socket().connect_ex(('127.0.0.1', port)) != 0:
            assert process.poll() is None and time.monotonic() < deadline, 'redis-server does not answer'
            time.sleep(0.05)
        yield f'redis://127.0.0.1:{port}'
    finally:
        process.terminate()
        process.wait(10)


def backend_scenario(server: Server, program: str) -> Scenario:
    # The program itself says where to send: no token, no variable of a telemetry SDK but the service's name.
    return Scenario(program, variables={'BACKEND_URL': server.url, 'OTEL_EXPORTER_OTLP_ENDPOINT': ''})


def test_C8_logfire_without_a_token_and_another_backend(dialect_server: Server) -> None:
    outcome = run(dialect_server, backend_scenario(dialect_server, 'otel_backend.py'))
    assert 'Paris.' in outcome.output
    check_calls(outcome, Dialect())
    row = check_runs(outcome, [Run('backend_agent', 1)])[0]
    assert prompts.PLAIN in str(row['input']) and row['output'] == 'Paris.'
    records = {record['span_name']: record for record in outcome.rows('records') if record['kind'] == 'span'}
    assert records['POST']['parent_span_id'] == records['chat gpt-5']['span_id']
    assert records['POST']['attributes']['http.request.body.text']['model'] == 'gpt-5'


def test_C8_plain_opentelemetry(dialect_server: Server) -> None:
    outcome = run(dialect_server, backend_scenario(dialect_server, 'raw_otel.py'))
    assert 'Paris.' in outcome.output
    check_calls(outcome, Dialect())
    row = check_runs(outcome, [Run('raw_agent', 1)])[0]
    assert prompts.PLAIN in str(row['input']) and row['output'] == 'Paris.'


def test_C8_logfire_openai(outcome_of: Callable[[Scenario], Outcome]) -> None:
    outcome = outcome_of(Scenario('logfire_openai.py', sender='logfire'))
    check_calls(outcome, Dialect())
    assert outcome.llm_calls[0]['cost'] == pytest.approx((23 * 0.15 + 7 * 0.6) / 1e6, abs=1e-12)


def test_C8_web_service_agent_redis_and_http_are_one_trace(dialect_server: Server, redis_url: str) -> None:
    outcome = run(dialect_server, Scenario('price_service.py', sender='logfire', variables={'REDIS_URL': redis_url}))
    assert outcome.output.splitlines() == 2 * ['It is sunny in Paris.']
    check_calls(outcome, Dialect())
    check_runs(outcome, 2 * [Run('price_agent', 2, 1)])
    records = [record for record in outcome.rows('records') if record['kind'] == 'span']
    questions = [record for record in records if record['span_name'] == 'question of {user}']
    assert len(questions) == 2 == len({record['trace_id'] for record in records})
    first, second = ([record for record in records if record['trace_id'] == question['trace_id']] for question in questions)
    tool_work = [('GET', 'execute_tool get_weather'), ('HTTP GET', 'execute_tool get_weather'), ('SET', 'execute_tool get_weather')]
    assert family(first) == COMMON + Counter(tool_work)
    assert family(second) == COMMON + Counter(tool_work[:1])  # the second question is answered from Redis


COMMON = Counter([
    ('question of {user}', None),
    ('HTTP GET', 'question of {user}'),
    ('GET /ask/{user}', 'HTTP GET'),
    ('invoke_agent price_agent', 'GET /ask/{user}'),
    ('chat gpt-4o-mini', 'invoke_agent price_agent'),
    ('HTTP POST', 'chat gpt-4o-mini'),
    ('execute_tool get_weather', 'invoke_agent price_agent'),
    ('chat gpt-4o-mini', 'invoke_agent price_agent'),
    ('HTTP POST', 'chat gpt-4o-mini'),
])  # fmt: skip


def family(records: list[dict]) -> Counter[tuple[str, str | None]]:
    """How often each span is below each other, without the connection's own spans; an HTTP client's span is told from Redis's by its scope."""

    def name(record: dict) -> str:
        return f'HTTP {record["span_name"]}' if record['otel_scope_name'].endswith('httpx') else record['span_name']

    names = {record['span_id']: name(record) for record in records}
    skipped = ('opentelemetry.instrumentation.asgi', 'logfire.fastapi')
    return Counter((name(record), names.get(record['parent_span_id'])) for record in records if record['otel_scope_name'] not in skipped and 'http send' not in record['span_name'])

"""`hearth demo` (B3): what it says it sent is what the server says it has."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from harness.query import rows
from harness.server import PROGRAM, Server, clean_environment

CALLS = """
SELECT provider, model,
       count(*) AS calls,
       count(*) FILTER (WHERE is_error) AS errors,
       sum(input_tokens) AS input_tokens,
       sum(output_tokens) AS output_tokens,
       sum(cache_read_tokens) AS cache_read_tokens,
       sum(cache_write_tokens) AS cache_write_tokens,
       sum(reasoning_tokens) AS reasoning_tokens,
       sum(cost) AS cost,
       count(*) FILTER (WHERE cost IS NULL) AS calls_without_cost,
       count(*) FILTER (WHERE is_truncated) AS truncated,
       count(*) FILTER (WHERE has_tool_calls) AS with_tool_calls,
       count(time_to_first_token) AS with_first_token
FROM llm_calls GROUP BY ALL ORDER BY provider, model
"""

RUNS = """
SELECT agent_name, count(*) AS runs, count(*) FILTER (WHERE is_error) AS errors, sum(turns) AS turns, sum(tool_calls) AS tool_calls,
       coalesce(sum(input_tokens), 0) AS input_tokens, coalesce(sum(output_tokens), 0) AS output_tokens, sum(cost) AS cost
FROM agent_runs GROUP BY 1 ORDER BY 1
"""

SERVICES = """
SELECT service_name, deployment_environment,
       count(*) FILTER (WHERE kind = 'span') AS spans,
       count(*) FILTER (WHERE kind = 'log') AS logs,
       count(*) FILTER (WHERE kind = 'pending_span') AS pending_spans,
       count(*) FILTER (WHERE kind IN ('span', 'log') AND (otel_status_code = 'ERROR' OR is_exception)) AS errors
FROM records_all GROUP BY ALL ORDER BY 1
"""


def demo(server: Server, *arguments: str) -> 'subprocess.CompletedProcess[str]':
    command = [str(PROGRAM), 'demo', '--url', server.url, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=clean_environment())


def assert_same(answer: list[dict[str, Any]], truth: list[dict[str, Any]], keys: tuple[str, ...]) -> None:
    """Every figure of the answer, row by row: money within 1e-9, everything else exact."""

    def table(rows_: list[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
        return {tuple(row[key] for key in keys): row for row in rows_}

    measured, wanted = table(answer), table(truth)
    assert measured.keys() == wanted.keys()
    for key, row in measured.items():
        figures = {name: wanted[key][name] for name in row}
        if figures['cost'] is not None:
            figures['cost'] = pytest.approx(figures['cost'], abs=1e-9, rel=0)
        assert row == figures, key


@pytest.mark.parametrize('seed', [1, 2])
def test_truth_equals_the_server(server: Server, tmp_path: Path, seed: int) -> None:
    """B3: calls, errors, tokens and cost by provider and model; runs by agent; records by service."""
    file = tmp_path / 'truth.json'
    sent = demo(server, '--speed', '60', '--seed', str(seed), '--truth', str(file))
    assert sent.returncode == 0, sent.stdout + sent.stderr
    truth = json.loads(file.read_text())

    assert_same(rows(server, CALLS), truth['models'], ('provider', 'model'))
    assert_same(rows(server, RUNS), truth['agents'], ('agent_name',))
    services = [
        {name: row[name] for name in ('service_name', 'deployment_environment', 'spans', 'pending_spans', 'errors')}
        | {'logs': row['span_logs'] + row['log_records']}
        for row in truth['services']
    ]
    assert rows(server, SERVICES) == services
    points = {row['service_name']: row['points'] for row in rows(server, 'SELECT service_name, count(*) AS points FROM metrics GROUP BY 1')}
    assert points == {row['service_name']: row['metric_points'] for row in truth['services'] if row['metric_points']}


def test_everything_promised_is_there(server: Server, tmp_path: Path) -> None:
    """B3: at least 3 services, 5 models, 3 providers, and one of each situation, seen from the server's side."""
    sent = demo(server, '--speed', '60')
    assert sent.returncode == 0, sent.stdout + sent.stderr
    assert f'See it at {server.url}' in sent.stdout

    def count(sql: str) -> int:
        return rows(server, sql)[0]['n']

    assert count('SELECT count(DISTINCT service_name) AS n FROM records') >= 3
    assert count('SELECT count(DISTINCT model) AS n FROM llm_calls') >= 5
    assert count('SELECT count(DISTINCT provider) AS n FROM llm_calls') >= 3
    assert count('SELECT count(DISTINCT deployment_environment) AS n FROM records') >= 3
    situations = {
        'error': 'is_error',
        'truncation': 'is_truncated',
        'stream with time to first token': 'time_to_first_token > 0 AND time_to_first_token < duration',
        'cache hit': 'cache_read_tokens > 0',
        'unpriced': "cost IS NULL AND cost_source = 'unpriced' AND NOT is_error",
        'nested duplicate': "merged_records > 1 AND provider = 'anthropic'",
        'streamed pair': "merged_records > 1 AND model = 'gpt-4.1-mini'",
    }
    missing = [name for name, condition in situations.items() if count(f'SELECT count(*) AS n FROM llm_calls WHERE {condition}') == 0]
    assert not missing
    assert count('SELECT count(*) AS n FROM agent_runs WHERE turns > 2 AND tool_calls > 1') > 0, 'tool loop'
    refused = """
        SELECT count(*) AS n FROM records r JOIN llm_calls c ON c.trace_id = r.trace_id AND c.span_id = r.parent_span_id
        WHERE r.http_response_status_code = 429 AND NOT c.is_error
    """
    assert count(refused) > 0, 'rate-limit retry'
    conversation = """
        SELECT count(*) AS n FROM (SELECT conversation_id FROM agent_runs GROUP BY 1 HAVING count(*) = 2 AND count(DISTINCT trace_id) = 2)
    """
    assert count(conversation) > 0, 'two-turn conversation'
    prompt_first = """
        SELECT count(*) AS n FROM records b JOIN llm_calls c ON c.trace_id = b.trace_id AND c.parent_span_id = b.parent_span_id
        WHERE b.span_name = 'prompt.build' AND b.end_timestamp <= c.start_timestamp
    """
    assert count(prompt_first) > 0, 'prompt.build before the call'
    levels = rows(server, "SELECT DISTINCT level FROM records WHERE kind = 'log' ORDER BY 1")
    assert [row['level'] for row in levels] == [1, 5, 9, 10, 13, 17, 21]
    assert count("SELECT count(*) AS n FROM records_all p WHERE kind = 'pending_span' AND NOT EXISTS "
                 "(SELECT 1 FROM records f WHERE f.trace_id = p.trace_id AND f.span_id = p.span_id)") == 0  # fmt: skip


def test_a_second_run_is_not_taken_for_a_repeat(server: Server, tmp_path: Path) -> None:
    """The same seed sends the same story with new ids."""
    for _ in range(2):
        assert demo(server, '--speed', '60', '--minutes', '0.5').returncode == 0
    calls = rows(server, 'SELECT provider, model, count(*) AS calls FROM llm_calls GROUP BY ALL')
    assert calls and all(row['calls'] % 2 == 0 for row in calls)


def test_interrupt_ends_cleanly(server: Server, tmp_path: Path) -> None:
    """Ctrl-C: what was announced is finished, and the truth still holds."""
    file = tmp_path / 'truth.json'
    command = [str(PROGRAM), 'demo', '--url', server.url, '--truth', str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=clean_environment())
    try:
        process.wait(timeout=7)
        raise AssertionError(f'ended by itself:\n{process.stdout.read() if process.stdout else ""}')
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=10)
    assert process.returncode == 0, output
    truth = json.loads(file.read_text())
    assert truth['totals']['calls'] > 0
    assert_same(rows(server, CALLS), truth['models'], ('provider', 'model'))


def test_no_server() -> None:
    """A sentence that says what to do, and not after a long wait."""
    command = [str(PROGRAM), 'demo', '--url', 'http://127.0.0.1:9']
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, env=clean_environment())
    assert ended.returncode == 1
    assert 'No Hearth server answers at http://127.0.0.1:9' in ended.stderr
    assert 'make run' in ended.stderr

"""Large answers go out while the query runs, in bounded memory, at the speed of the client; limits of rows and bytes."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from harness.query import EARLIEST, post_query, rows
from harness.server import Server

MEGABYTE = 1 << 20
LIMITS = ('--max-query-rows', '200000', '--max-query-bytes', str(1 << 30))
WIDE = "SELECT i, repeat('x', 1000) AS text FROM range(200000) t(i)"
NARROW = "SELECT i, repeat('x', 100) AS text FROM range(200000) t(i)"
FAILING = "SELECT i, repeat('x', 1000) AS text, CASE WHEN i = 150000 THEN error('planned') END AS e FROM range(200000) t(i)"


def memory(server: Server) -> tuple[int, int]:
    """Resident bytes now and at most."""
    status = Path(f'/proc/{server.pid}/status').read_text()
    now, peak = (re.search(rf'^{name}:\s+(\d+) kB', status, re.M) for name in ('VmRSS', 'VmHWM'))
    assert now and peak
    return int(now.group(1)) << 10, int(peak.group(1)) << 10


def body(sql: str) -> dict[str, object]:
    return {'sql': sql, 'min_timestamp': EARLIEST, 'limit': 200_000}


def test_a_large_answer_is_streamed_in_bounded_memory(server_with: Callable[..., Server]) -> None:
    server = server_with(*LIMITS)
    rows(server, "SELECT repeat('x', 1000) FROM range(1000)")
    before, _ = memory(server)
    started = time.monotonic()
    count, total, first = 0, 0, 0.0
    with server.http.stream('POST', '/v2/query', json=body(WIDE), headers={'accept': 'application/x-ndjson'}) as answer:
        assert answer.status_code == 200 and answer.headers['content-type'] == 'application/x-ndjson'
        for line in answer.iter_lines():
            first = first or time.monotonic() - started
            total += len(line)
            if line.startswith('{"type":"data"'):
                count += line.count('{"i":')
            last = line
    assert json.loads(last) == {'type': 'end', 'row_count': 200_000} and count == 200_000 and total > 200_000_000
    assert first < (time.monotonic() - started) / 2, 'the head came with the rest'
    assert memory(server)[1] - before < 120 * MEGABYTE


@pytest.mark.parametrize('accept', ['text/csv', 'application/vnd.apache.arrow.stream', 'application/vnd.apache.parquet'])
def test_a_failure_on_the_way_breaks_the_connection(server_with: Callable[..., Server], accept: str) -> None:
    server = server_with(*LIMITS)
    # Texts that compress badly, so that bytes of Parquet are on the way too.
    sql = FAILING.replace("repeat('x', 1000)", "array_to_string([md5((i * 50 + j)::text) for j in range(30)], '')")
    with pytest.raises(httpx.RemoteProtocolError):
        server.http.post('/v2/query', json=body(sql), headers={'accept': accept})
    assert rows(server, 'SELECT 1 AS x') == [{'x': 1}]


def test_a_failure_on_the_way_is_a_line_of_ndjson(server_with: Callable[..., Server]) -> None:
    server = server_with(*LIMITS)
    lines = server.http.post('/v2/query', json=body(FAILING), headers={'accept': 'application/x-ndjson'}).text.splitlines()
    assert json.loads(lines[1])['type'] == 'data'
    error = json.loads(lines[-1])
    assert error['type'] == 'error' and 'planned' in error['message'] and error['code'] == 'execution'


def test_clients_that_do_not_read_hold_nobody_up(server_with: Callable[..., Server]) -> None:
    server = server_with(*LIMITS)
    before, _ = memory(server)
    open_answers = []
    clients = [httpx.Client(base_url=server.url, timeout=60, trust_env=False) for _ in range(6)]
    try:
        for client in clients:
            stream = client.stream('POST', '/v2/query', json=body(NARROW), headers={'accept': 'application/x-ndjson'})
            answer = stream.__enter__()
            assert answer.status_code == 200
            open_answers.append(stream)
        time.sleep(1)
        waits = []
        for _ in range(10):
            started = time.monotonic()
            assert rows(server, 'SELECT count(*) AS n FROM records') == [{'n': 0}]
            waits.append(time.monotonic() - started)
        assert sorted(waits)[len(waits) // 2] < 1, waits
        assert memory(server)[1] - before < 120 * MEGABYTE
    finally:
        for client in clients:
            client.close()
    # Going away gives everything back.
    assert rows(server, 'SELECT 1 AS x') == [{'x': 1}]


def test_limits_of_rows_and_bytes(server_with: Callable[..., Server]) -> None:
    server = server_with('--max-query-rows', '20000', '--max-query-bytes', str(2 * MEGABYTE))
    assert len(rows(server, 'SELECT i FROM range(30000) t(i)', limit=20_000)) == 20_000
    refused = post_query(server, 'SELECT 1', limit=20_001)
    assert refused.status_code == 422 and '20000' in refused.text
    large = post_query(server, "SELECT repeat('x', 1000) FROM range(10000)")
    assert large.status_code == 400 and large.json()['code'] == 'too_large'

"""The server about itself: `/healthz`, `/metrics`, `/api/v1/health` (D1)."""

import re
import threading
import time

import httpx

from harness.otlp import logs, send, span, traces
from harness.query import post_query, rows
from harness.server import Server
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

SAMPLE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z_]+="[^"]*",?)+)\})? (\S+)$')


def scrape(server: Server, *, openmetrics: bool = False) -> dict[tuple[str, str], float]:
    """All samples by name and labels; the text must be well-formed."""
    headers = {'accept': 'application/openmetrics-text; version=1.0.0'} if openmetrics else {}
    response = server.http.get('/metrics', headers=headers)
    assert response.status_code == 200
    assert response.headers['content-type'].startswith('application/openmetrics-text' if openmetrics else 'text/plain; version=0.0.4')
    lines = response.text.splitlines()
    if openmetrics:
        assert lines.pop() == '# EOF'
    samples: dict[tuple[str, str], float] = {}
    families: set[str] = set()
    family = ''
    for line in lines:
        if line.startswith('# TYPE '):
            family = line.split()[2]
            assert family not in families, f'{family} comes twice'
            families.add(family)
        elif line.startswith('#'):
            assert line.split()[2] == family
        else:
            match = SAMPLE.match(line)
            assert match, line
            name, labels, value = match.groups()
            assert name.startswith(family), f'{name} stands under {family}'
            assert (name, labels or '') not in samples
            samples[name, labels or ''] = float(value)
    return samples


def test_figures_follow_what_happens(server: Server) -> None:
    before = scrape(server)
    assert before['hearth_build_info', 'version="0.1.0"'] == 1
    request = traces([span(f'span {n}') for n in range(7)])
    send(server, request)
    send(server, request)
    send(server, logs([LogRecord(time_unix_nano=time.time_ns(), severity_number=9)]))
    assert len(rows(server, 'SELECT 1 AS n')) == 1
    assert post_query(server, 'SELECT nonsense').status_code == 400
    assert server.http.post('/v1/traces', content=b'\xff\xff', headers={'content-type': 'application/x-protobuf'}).status_code == 400
    for openmetrics in (False, True):
        after = scrape(server, openmetrics=openmetrics)
        assert after['hearth_ingest_records_total', 'signal="traces"'] == 7
        assert after['hearth_ingest_repeats_dropped_total', 'signal="traces"'] == 7
        assert after['hearth_ingest_requests_total', 'signal="traces"'] == 2
        assert after['hearth_ingest_records_total', 'signal="logs"'] == 1
        assert after['hearth_ingest_malformed_requests_total', 'signal="traces"'] == 1
        assert after['hearth_queries_total', 'outcome="answered"'] == 1
        assert after['hearth_queries_total', 'outcome="failed"'] == 1
        assert after['hearth_query_duration_seconds_count', ''] == 2
        assert after['hearth_query_duration_seconds_bucket', 'le="+Inf"'] == 2
        assert after['hearth_storage_commit_duration_seconds_count', ''] == 3
        assert after['hearth_storage_records', ''] >= 8
        assert after['hearth_storage_disk_bytes', ''] > 0
        assert after['process_resident_memory_bytes', ''] > 10e6
        assert after['process_cpu_seconds_total', ''] > before['process_cpu_seconds_total', '']
        assert after['hearth_queries_running', ''] == 0 and after['hearth_queries_waiting', ''] == 0


def test_histograms_rise(server: Server) -> None:
    send(server, traces([span()]))
    samples = scrape(server)
    buckets = [value for (name, _), value in samples.items() if name == 'hearth_storage_commit_duration_seconds_bucket']
    assert buckets == sorted(buckets) and buckets[-1] == samples['hearth_storage_commit_duration_seconds_count', '']


def test_D1_settled_is_told(server: Server) -> None:
    assert server.http.get('/healthz', params={'settled': '1'}).status_code == 200
    send(server, traces([span()]))
    working = server.http.get('/healthz', params={'settled': '1'})
    assert working.status_code == 503 and working.headers['retry-after'] == '1'
    assert working.json()['settled'] is False and working.json()['work']
    # Without the question it only says that it serves.
    assert server.http.get('/healthz').status_code == 200
    deadline = time.monotonic() + 30
    while server.http.get('/healthz', params={'settled': '1'}).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert server.http.get('/healthz', params={'settled': '1'}).json() == {'status': 'ok', 'settled': True, 'work': []}


def test_live_subscribers_are_counted(server: Server) -> None:
    def subscribers() -> float:
        return server.http.get('/api/v1/health').json()['live']['subscribers']

    assert subscribers() == 0
    opened, leave = threading.Event(), threading.Event()

    def follow() -> None:
        with httpx.stream('GET', f'{server.url}/ui/live/stream', timeout=30, trust_env=False):
            opened.set()
            leave.wait(20)

    thread = threading.Thread(target=follow)
    thread.start()
    assert opened.wait(10)
    assert subscribers() == 1
    leave.set()
    thread.join()
    send(server, traces([span()]))
    deadline = time.monotonic() + 15
    while subscribers():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_refusals_become_warnings(server_with) -> None:
    server = server_with('--in-flight-bytes', '1000')
    big = traces([span(values={'text': 'x' * 5000})]).SerializeToString()
    refused = server.http.post('/v1/traces', content=big, headers={'content-type': 'application/x-protobuf'})
    assert refused.status_code == 503
    health = server.http.get('/api/v1/health').json()
    assert health['ingest']['in_flight_refusals'] == 1
    assert [warning['code'] for warning in health['warnings']] == ['ingest_refused']
    assert scrape(server)['hearth_warnings', 'code="ingest_refused"'] == 1

"""The live stream: what happens is seen within a second, a running span turns final in place, and nothing is skipped or repeated (B2)."""

import json
import os
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

from harness.live import Batch, LiveReader
from harness.otlp import PROTOBUF, send, span, traces
from harness.programs import logfire_environment, run_text
from harness.query import one
from harness.server import Server

SLEEPER_NAME = 'long work {part}'
SLEEPER = """
import json, time
import logfire
logfire.configure(console=False)
with logfire.span('long work {part}', part='one'):
    print(json.dumps(time.time()), flush=True)
    time.sleep(5)
logfire.force_flush()
"""


def named(batches: list[Batch], name: str) -> list[tuple[float, dict]]:
    return [(batch.received_at, record) for batch in batches for record in batch.records if record['span_name'] == name]


def first_paint(server: Server) -> dict:
    response = server.http.get('/ui/live', params={'limit': 300, 'min_timestamp': '2000-01-01T00:00:00Z'})
    assert response.status_code == 200, response.text
    return response.json()


def sleeping_span(server: Server, directory: Path, name: str) -> tuple[float, float]:
    """How long after its start a span that sleeps 5 s was seen pending and final, in seconds; what both say of it is checked."""
    started: list[float] = []

    def sleeper() -> None:
        ended = run_text(SLEEPER.replace(SLEEPER_NAME, name), directory, logfire_environment(server))
        started.append(json.loads(ended.stdout.splitlines()[0]))

    with LiveReader(server, after=first_paint(server)['sequence']) as live:
        program = threading.Thread(target=sleeper)
        program.start()
        assert live.wait_for(lambda batches: bool(named(batches, name)), 30)
        during = one(server, f"SELECT kind, span_id, trace_id, duration FROM records_all WHERE span_name = '{name}'")
        program.join()
        assert live.wait_for(lambda batches: len(named(batches, name)) >= 2, 5)
        seen = named(live.batches, name)
    (pending_at, pending), (final_at, final) = seen
    assert (pending['kind'], final['kind']) == ('pending_span', 'span')
    assert pending['duration'] is None and final['duration'] >= 5
    assert (pending['trace_id'], pending['span_id']) == (final['trace_id'], final['span_id'])
    assert pending['start_timestamp'] == final['start_timestamp']
    assert pending['parent_span_id'] is None and final['parent_span_id'] is None
    assert (during['kind'], during['span_id'], during['duration']) == ('pending_span', final['span_id'], None)
    after = one(server, f"SELECT span_id, duration FROM records WHERE span_name = '{name}'")
    assert after['span_id'] == final['span_id'] and after['duration'] >= 5
    return pending_at - started[0], final_at - started[0]


def test_B2_sleeping_span_is_pending_within_a_second_then_final_in_place(server: Server, tmp_path: Path) -> None:
    delays = []
    # Half of the second is the SDK's own wait for a batch. A busy machine may take the other half once, not three times.
    while not delays or (len(delays) < 3 and (delays[-1][0] > 1 or delays[-1][1] > 6)):
        directory = tmp_path / str(len(delays))
        directory.mkdir()
        delays.append(sleeping_span(server, directory, f'long work {len(delays)} {{part}}'))
    assert delays[-1][0] <= 1.0 and delays[-1][1] <= 6.0, delays


class Sender:
    """500 spans a second, each with a name of its own, until it is closed."""

    def __init__(self, server: Server):
        self.names: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send, args=(server.url,))

    def _send(self, url: str) -> None:
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
            due = time.monotonic()
            while not self._stop.is_set():
                spans = [span(f'busy {os.urandom(6).hex()}', values={'n': number}) for number in range(25)]
                response = client.post('/v1/traces', content=traces(spans).SerializeToString(), headers=PROTOBUF)
                assert response.status_code == 200
                self.names += [item.name for item in spans]
                due += 0.05
                time.sleep(max(0.0, due - time.monotonic()))

    def __enter__(self) -> 'Sender':
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def assert_in_sequence(batches: list[Batch], after: int) -> None:
    """Every event's id is the sequence of its batch; sequences only grow; records belong to the groups since the last event."""
    for batch in batches:
        assert batch.id == batch.data['sequence'] > after
        assert all(after < record['sequence'] <= batch.id for record in batch.records)
        after = batch.id


def test_B2_resume_without_gaps_or_repeats_under_500_spans_a_second(server: Server) -> None:
    start = first_paint(server)['sequence']
    last, batches = start, []
    with Sender(server) as sender:
        for _ in range(4):
            with LiveReader(server, after=start, last_event_id=last) as live:
                assert live.wait_for(lambda found: sum(len(batch.records) for batch in found) >= 400, 20)
            assert live.error is None
            assert_in_sequence(live.batches, last)
            batches += live.batches
            last = batches[-1].id
    with LiveReader(server, after=start, last_event_id=last) as live:
        everything = len(sender.names)
        live.wait_for(lambda found: sum(len(batch.records) for batch in batches + found) >= everything, 10)
        batches += live.batches
    assert_in_sequence(batches, start)
    seen = Counter(record['span_name'] for batch in batches for record in batch.records)
    assert seen == Counter(sender.names)


def test_B2_visible_at_once_under_load(server: Server) -> None:
    """While 500 spans arrive each second, an answered span is in SQL at once and in the stream within half a second."""
    with Sender(server), LiveReader(server, after=first_paint(server)['sequence']) as live:
        delays = []
        for number in range(20):
            probe = f'probe {number}'
            send(server, traces([span(probe)]))
            answered = time.time()
            assert one(server, f"SELECT count(*) AS n FROM records WHERE span_name = '{probe}'")['n'] == 1
            assert live.wait_for(lambda batches, probe=probe: bool(named(batches, probe)), 5)
            delays.append(named(live.batches, probe)[0][0] - answered)
    # The median: what one span waits longer is what else the machine does. `make bench` reports the slowest.
    assert sorted(delays)[len(delays) // 2] <= 0.5, delays


def test_first_paint_and_stream_fit_together(server: Server) -> None:
    """The first paint says up to which commit it shows; the stream from there on repeats nothing of it."""
    send(server, traces([span('before')]))
    paint = first_paint(server)
    assert [record['span_name'] for record in paint['records']] == ['before']
    with LiveReader(server, after=paint['sequence']) as live:
        send(server, traces([span('after')]))
        assert live.wait_for(lambda batches: bool(named(batches, 'after')), 5)
        assert [record['span_name'] for record in live.records()] == ['after']


def test_filter_applies_to_paint_and_stream(server: Server) -> None:
    condition = "attributes->>'color' = 'red' AND level >= 'info'"
    parameters = {'limit': 300, 'min_timestamp': '2000-01-01T00:00:00Z', 'q': condition}
    with LiveReader(server, after=first_paint(server)['sequence'], query=condition) as live:
        send(server, traces([span('blue one', values={'color': 'blue'}), span('red one', values={'color': 'red'})]))
        assert live.wait_for(lambda batches: bool(named(batches, 'red one')), 5)
        assert [record['span_name'] for record in live.records()] == ['red one']
    paint = server.http.get('/ui/live', params=parameters).json()
    assert [record['span_name'] for record in paint['records']] == ['red one']


def test_broken_filter_is_400_with_its_position(server: Server) -> None:
    query = "span_name = 'x' AND no_such_column = 1"
    for path, parameters in (('/ui/live', {'limit': 300, 'min_timestamp': '2000-01-01T00:00:00Z'}), ('/ui/live/stream', {'after': 0})):
        response = server.http.get(path, params=parameters | {'q': query})
        assert response.status_code == 400, path
        assert response.headers['content-type'].startswith('application/problem+json')
        problem = response.json()
        assert 'no_such_column' in problem['detail']
        if 'position' in problem:
            assert query[problem['position'] :].startswith('no_such_column')


def test_stop_with_an_open_stream(data: Path) -> None:
    """A browser that watches does not keep the server from ending within 5 s."""
    server = Server(data).start()
    with LiveReader(server, after=0) as live:
        send(server, traces([span('seen')]))
        assert live.wait_for(lambda batches: bool(named(batches, 'seen')), 5)
        server.stop()

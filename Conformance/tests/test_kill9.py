"""An answered request survives kill -9, exactly once, and a client that sends again makes no doubles."""

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from harness.otlp import PROTOBUF, span, traces
from harness.query import rows, value
from harness.server import Server

ROUNDS = 4
SENDERS = 4
SPANS_PER_REQUEST = 25


@dataclass
class Sent:
    """Every request ever sent, by its trace id (one trace per request), and whether it was answered."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


def keep_sending(url: str, sent: Sent, stop: threading.Event) -> None:
    """Sends request after request until the server is gone."""
    with httpx.Client(base_url=url, timeout=10, trust_env=False) as client:
        while not stop.is_set():
            trace = os.urandom(16)
            spans = [span(f'kill9 {number}', trace=trace, values={'payload': 'x' * 400}) for number in range(SPANS_PER_REQUEST)]
            body = traces(spans).SerializeToString()
            with sent.lock:
                sent.bodies[trace.hex()] = body
            try:
                response = client.post('/v1/traces', content=body, headers=PROTOBUF)
            except httpx.TransportError:
                return
            if response.status_code == 200:
                with sent.lock:
                    sent.answered.add(trace.hex())


def stored_spans_by_trace(server: Server) -> dict[str, int]:
    """How many span rows each trace has, read in pages."""
    found: dict[str, int] = {}
    for digit in '0123456789abcdef':
        sql = f"SELECT trace_id, count(*) AS n FROM records WHERE trace_id LIKE '{digit}%' GROUP BY trace_id"
        page = rows(server, sql)
        assert len(page) < 10_000
        found |= {row['trace_id']: row['n'] for row in page}
    return found


def assert_exactly_once(server: Server, sent: Sent) -> None:
    stored = stored_spans_by_trace(server)
    lost = {trace for trace in sent.answered if stored.get(trace) != SPANS_PER_REQUEST}
    assert not lost, f'{len(lost)} of {len(sent.answered)} answered requests are not there exactly once: {[(t, stored.get(t)) for t in list(lost)[:5]]}'
    # A request without an answer may be stored or not, but never in part and never twice.
    odd = {trace: number for trace, number in stored.items() if number != SPANS_PER_REQUEST}
    assert not odd, odd
    assert value(server, 'SELECT count(*) - count(DISTINCT span_id) AS doubles FROM records') == 0


@pytest.mark.parametrize('sealed', [False, True], ids=['while-hot', 'after-a-quiet-time'])
def test_A4_answered_spans_survive_kill9_exactly_once(sealed: bool, data: Path) -> None:
    sent = Sent()
    for number in range(ROUNDS):
        server = Server(data).start()
        try:
            assert_exactly_once(server, sent)
            stop = threading.Event()
            senders = [threading.Thread(target=keep_sending, args=(server.url, sent, stop)) for _ in range(SENDERS)]
            for sender in senders:
                sender.start()
            time.sleep(0.7 + 0.3 * number)
            if sealed and number == 1:
                stop.set()  # let the server put its quiet time to use, then kill it while it does
                time.sleep(11.5)
        finally:
            server.kill()
        stop.set()
        for sender in senders:
            sender.join()
    assert len(sent.answered) > ROUNDS * SENDERS
    with Server(data) as server:
        assert_exactly_once(server, sent)
        # The clients lost their connections, so they send everything again that they are not sure of, and more.
        for body in sent.bodies.values():
            assert server.http.post('/v1/traces', content=body, headers=PROTOBUF).status_code == 200
        sent.answered = set(sent.bodies)
        assert_exactly_once(server, sent)
    with Server(data) as server:
        assert_exactly_once(server, sent)


def test_stop_in_the_middle_of_ingest_loses_nothing(data: Path) -> None:
    """SIGTERM under load: the exit is within 5 s, and every answered span is there afterwards."""
    sent, stop = Sent(), threading.Event()
    server = Server(data).start()
    senders = [threading.Thread(target=keep_sending, args=(server.url, sent, stop)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    time.sleep(1)
    server.stop()
    stop.set()
    for sender in senders:
        sender.join()
    assert sent.answered
    with Server(data) as server:
        assert_exactly_once(server, sent)


def test_stop_with_a_large_log_is_quick_and_loses_nothing(data: Path) -> None:
    """A log that takes longer to checkpoint than a shutdown may is kept and read at the next start; stop() allows 5 s."""
    with Server(data) as server:
        for number in range(40):
            body = traces([span(f'large {number}', values={'text': os.urandom(750_000).hex()})]).SerializeToString()
            assert server.http.post('/v1/traces', content=body, headers=PROTOBUF).status_code == 200
    with Server(data) as server:
        found = rows(server, 'SELECT span_name, length(attributes->>\'text\') AS size FROM records', limit=100)
    assert sorted(row['span_name'] for row in found) == sorted(f'large {number}' for number in range(40))
    assert {row['size'] for row in found} == {1_500_000}

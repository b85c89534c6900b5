"""Times that cannot be true: nothing is lost over them, and they do not cost more than their rows."""

import os
import time
from pathlib import Path

import pytest

from harness.ledger import Ledger
from harness.otlp import send, span, traces
from harness.process import SOON, health, is_settled, open_files, query_status, resident_bytes
from harness.query import rows, value
from harness.senders import resend
from harness.server import Server

DAY = 86_400 * 10**9
YEAR = 365 * DAY
ABSURD = {
    'zero': (0, 0),
    'one nanosecond': (1, 2),
    '1970': (1000 * 10**9, 1001 * 10**9),
    'end before start': (time.time_ns(), time.time_ns() - 3600 * 10**9),
    'end zero': (time.time_ns(), 0),
    'start zero': (0, time.time_ns()),
    'year 2262': (2**63 - 1, 2**63 - 1),
    'beyond signed': (2**63, 2**63 + 5),
    'largest': (2**64 - 1, 2**64 - 1),
    'smallest to largest': (0, 2**64 - 1),
    'next century': (time.time_ns() + 100 * YEAR, time.time_ns() + 100 * YEAR + 1),
}
MEMORY_LIMIT = 1_200_000_000


def settle(server: Server, seconds: float) -> float:
    began = time.monotonic()
    while not is_settled(server):
        assert time.monotonic() - began < seconds, f'not settled after {seconds} s: {health(server)["background"]}'
        time.sleep(0.2)
    return time.monotonic() - began


def with_times(name: str, start: int, end: int):
    made = span(name)
    made.start_time_unix_nano = start
    made.end_time_unix_nano = end
    return made


def test_absurd_times_are_stored_or_refused_with_a_reason(data: Path) -> None:
    with Server(data, *SOON) as server:
        # Each alone: what one says does not depend on the others.
        rejected = {}
        for name, (start, end) in ABSURD.items():
            answer = send(server, traces([with_times(name, start, end)]))
            if answer.content:
                rejected[name] = answer.content
        send(server, traces([span('sane')]))
        earliest = {'min_timestamp': '0001-01-01T00:00:00Z'}

        def check() -> None:
            found = {row['span_name']: row for row in rows(server, 'SELECT span_name, start_timestamp, end_timestamp, duration FROM records', **earliest)}
            assert 'sane' in found
            for name in ABSURD:
                assert (name in found) != (name in rejected), f'{name} is neither there nor refused'
                if name in found:
                    assert found[name]['duration'] is None or found[name]['duration'] >= 0, found[name]

        check()
        settle(server, 30)
        check()
        print(f'refused: {rejected}')
    with Server(data, *SOON) as server:
        check()


def test_ties_within_a_microsecond(data: Path) -> None:
    """Times are stored in microseconds; spans that begin and end within one are all there, through every stage."""
    begin = time.time_ns() // 1000 * 1000
    with Server(data, *SOON) as server:
        for _ in range(10):
            send(server, traces([with_times('tie', begin + number, begin + number + 1) for number in range(500)]))
        assert value(server, "SELECT count(DISTINCT span_id) AS n FROM records WHERE span_name = 'tie'") == 5000
        settle(server, 30)
        assert value(server, "SELECT count(DISTINCT span_id) AS n FROM records WHERE span_name = 'tie'") == 5000
        assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'tie'") == 5000


@pytest.mark.faults_full
@pytest.mark.parametrize('days', [200, 1000])
def test_thousands_of_days_in_one_request(days: int, data: Path) -> None:
    """One request with a span on each of very many days: it is stored, the server goes on, and the cost is said."""
    ledger = Ledger()
    now = time.time_ns()
    trace = os.urandom(16)
    with Server(data, *SOON) as server:
        idle = resident_bytes(server)
        began = time.monotonic()
        send(server, traces([span('one a day', trace=trace, start=now - number * DAY) for number in range(days)]))
        acknowledged = time.monotonic() - began
        longest = 0.0
        began = time.monotonic()
        # Others are served while it is put away.
        while True:
            asked = time.monotonic()
            ledger.new((0,))
            resend(server, ledger)
            assert query_status(server, 'SELECT count(*) AS n FROM llm_calls') == 200
            longest = max(longest, time.monotonic() - asked)
            if time.monotonic() - began > min(20, 3 + days / 200):
                break
        settled = settle(server, 30 + days * 0.1) + time.monotonic() - began
        sql = "SELECT count(*) AS n FROM records WHERE span_name = 'one a day'"
        asked = time.monotonic()
        count = rows(server, sql, min_timestamp='0001-01-01T00:00:00Z')[0]['n']
        query = time.monotonic() - asked
        assert count == days
        ledger.check(server)
        files = sum(1 for path in (data / 'telemetry').rglob('*') if path.is_file())
        size = sum(path.stat().st_size for path in (data / 'telemetry').rglob('*') if path.is_file())
        peak = resident_bytes(server, 'VmHWM')
        print(
            f'{days} days: acknowledged in {acknowledged:.2f} s, settled after {settled:.1f} s, {files} files, {size / 1e6:.0f} MB, '
            f'peak {peak / 1e6:.0f} MB (idle {idle / 1e6:.0f}), {open_files(server)} open files, count over all {query:.2f} s, '
            f'slowest of the others {longest:.2f} s'
        )
        assert peak < MEMORY_LIMIT
    began = time.monotonic()
    with Server(data, *SOON) as server:
        print(f'start with {files} files: {time.monotonic() - began:.2f} s')
        ledger.check(server)

"""While rows go from the log to their final files, and after a kill in the middle of that, every answer has each row exactly once."""

import threading
import time
from pathlib import Path

import httpx
import pytest
from test_kill_rounds import wait_for

from harness.ledger import CALLS, POINTS, SPANS, Ledger
from harness.process import SOON
from harness.query import EARLIEST
from harness.senders import Senders
from harness.server import Server

WRONG = {
    'records': f'SELECT trace_id, count(*) AS n, count(DISTINCT span_id) AS d FROM records GROUP BY 1 HAVING count(*) <> {SPANS}',
    'llm_calls': f'SELECT trace_id, count(*) AS n, count(DISTINCT span_id) AS d, sum(input_tokens) AS t FROM llm_calls GROUP BY 1 HAVING count(*) <> {CALLS}',
    'metrics': f"SELECT attributes->>'parcel' AS k, count(*) AS n FROM metrics GROUP BY 1 HAVING count(*) <> {POINTS}",
}


def watch(url: str, table: str, found: list[str], asked: list[str], ended: threading.Event) -> None:
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        while not ended.is_set():
            try:
                answer = client.post('/v2/query', json={'sql': WRONG[table], 'min_timestamp': EARLIEST, 'limit': 10_000})
            except httpx.TransportError:
                return
            asked.append(table)
            if answer.status_code != 200 or answer.json()['data']:
                found.append(f'{table}: {answer.status_code} {answer.text[-600:]}')


def watched(server: Server, seconds: float) -> tuple[list[str], int]:
    found: list[str] = []
    asked: list[str] = []
    ended = threading.Event()
    watchers = [threading.Thread(target=watch, args=(server.url, table, found, asked, ended)) for table in WRONG]
    for watcher in watchers:
        watcher.start()
    time.sleep(seconds)
    ended.set()
    for watcher in watchers:
        watcher.join()
    return found, len(asked)


def test_every_answer_is_exact_while_sealing(full: bool, data: Path) -> None:
    with Server(data, *SOON) as server:
        ledger = Ledger()
        with Senders(server, ledger, count=2):
            found, asked = watched(server, 20 if full else 4)
        print(f'{asked} answers, {len(found)} wrong, {len(ledger.acknowledged)} parcels')
        assert not found, found[:5]
        ledger.check(server)


@pytest.mark.faults_full
def test_every_answer_is_exact_after_a_kill_while_sealing(data: Path) -> None:
    ledger = Ledger()
    total = 0
    for _ in range(10):
        server = Server(data, *SOON).start()
        with Senders(server, ledger) as senders:
            wait_for('sealing', data / 'telemetry', 4)
            server.kill()
            senders.stop()
        with Server(data, *SOON) as server:
            found, asked = watched(server, 3)
            total += asked
            assert not found, found[:5]
    print(f'{total} answers')

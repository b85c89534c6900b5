"""Clients that hardly read their answers: others are served, and what waits for them does not pile up in memory."""

import contextlib
import json
import socket
import time
from pathlib import Path

import pytest

from harness.ledger import Ledger
from harness.otlp import send, span, traces
from harness.process import health, open_files, query_status, resident_bytes
from harness.query import EARLIEST, value
from harness.senders import Senders
from harness.server import Server

GROWTH_LIMIT = (384 + 256) << 20
"""What the engine and request bodies may take (D8)."""
TRICKLE_SECONDS = 0.05


class SlowReader:
    """A raw connection with a small window that asks for a large answer and takes it byte by byte."""

    def __init__(self, server: Server, accept: str):
        host, port = server.url.removeprefix('http://').split(':')
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(5)
        self.socket.connect((host, int(port)))
        body = json.dumps({'sql': 'SELECT * FROM records', 'min_timestamp': EARLIEST, 'limit': 10_000}).encode()
        head = f'POST /v2/query HTTP/1.1\r\nhost: {host}:{port}\r\ncontent-type: application/json\r\naccept: {accept}\r\ncontent-length: {len(body)}\r\n\r\n'
        self.socket.sendall(head.encode() + body)
        self.read = 0

    def trickle(self) -> None:
        self.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError, ConnectionResetError):
            self.read += len(self.socket.recv(1))

    def close(self) -> None:
        self.socket.close()


@pytest.mark.faults_full
@pytest.mark.parametrize('accept', ['application/x-ndjson', 'application/json'])
def test_slow_readers_do_not_hold_up_the_others(accept: str, full: bool, data: Path) -> None:
    readers_count, seconds = (60, 15) if full else (24, 5)
    ledger = Ledger()
    with Server(data, '--query-deadline-seconds', '10') as server:
        for _ in range(20):
            send(server, traces([span('large answer', values={'text': 'x' * 4000}) for _ in range(200)]))
        before = resident_bytes(server)
        files = open_files(server)
        readers = [SlowReader(server, accept) for _ in range(readers_count)]
        slowest, statuses = 0.0, []
        try:
            with Senders(server, ledger, count=2) as senders:
                began = time.monotonic()
                while time.monotonic() - began < seconds:
                    for reader in readers:
                        reader.trickle()
                    asked = time.monotonic()
                    statuses.append(query_status(server, 'SELECT 1 AS n'))
                    slowest = max(slowest, time.monotonic() - asked)
                    time.sleep(TRICKLE_SECONDS)
            assert server.process and server.process.poll() is None, f'ended with {server.process.returncode}:\n{server.output()[-3000:]}'
            peak = resident_bytes(server, 'VmHWM')
            print(
                f'{readers_count} readers took {sum(reader.read for reader in readers)} bytes; {len(statuses)} other queries, slowest {slowest:.2f} s, '
                f'{statuses.count(429)} times 429; {dict(senders.statuses)}; memory {before / 1e6:.0f} -> {peak / 1e6:.0f} MB'
            )
            # Short queries and data get through (429 asks to come again, it must stay the exception).
            assert set(statuses) <= {200, 429}, set(statuses)
            assert statuses.count(200) > len(statuses) / 2
            # Queries give way to commits, and the engine is never opened again for them.
            assert set(senders.statuses) == {200}, senders.statuses
            assert health(server)['storage']['reopens'] == 0
            assert peak - before < GROWTH_LIMIT
        finally:
            for reader in readers:
                reader.close()
        # What was asked for by those who are gone ends soon, and nothing of it stays open.
        deadline = time.monotonic() + 30
        while open_files(server) > files + 12 or health(server)['queries']['running'] + health(server)['queries']['waiting'] > 0:
            assert time.monotonic() < deadline, f'{open_files(server)} files are open, {files} were before; {health(server)["queries"]}'
            time.sleep(0.2)
        ledger.check(server)
        assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'large answer'") == 4000


@pytest.mark.faults_full
def test_senders_that_never_finish_hold_no_memory(data: Path) -> None:
    """Requests whose bodies come byte by byte, or not at all."""
    ledger = Ledger()
    with Server(data) as server:
        before = resident_bytes(server)
        host, port = server.url.removeprefix('http://').split(':')
        held = []
        for _ in range(100):
            connection = socket.create_connection((host, int(port)), timeout=5)
            head = f'POST /v1/traces HTTP/1.1\r\nhost: {host}:{port}\r\ncontent-type: application/x-protobuf\r\ncontent-length: 90000000\r\n\r\n'
            connection.sendall(head.encode() + b'\x0a' * 100)
            held.append(connection)
        try:
            with Senders(server, ledger, count=2) as senders:
                time.sleep(3)
            print(f'{dict(senders.statuses)}, memory {before / 1e6:.0f} -> {resident_bytes(server, "VmHWM") / 1e6:.0f} MB')
            assert senders.statuses[200] > 20
            assert set(senders.statuses) <= {200, 503}
            assert resident_bytes(server, 'VmHWM') - before < GROWTH_LIMIT
        finally:
            for connection in held:
                connection.close()
        ledger.check(server)

"""No file descriptors left: those who come are kept waiting or refused, and everything goes on when there are some again."""

import contextlib
import resource
import socket
import time
from pathlib import Path

import httpx
import pytest

from harness.ledger import Ledger
from harness.process import SOON, PrefixedServer, open_files, query_status, resident_bytes
from harness.senders import Senders, resend
from harness.server import Server


@pytest.mark.faults_full
def test_connections_take_all_descriptors(data: Path) -> None:
    ledger = Ledger()
    with Server(data, *SOON) as server:
        for _ in range(10):
            ledger.new()
        resend(server, ledger)
        before = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (open_files(server) + 30, before[1]))
        host, port = server.url.removeprefix('http://').split(':')
        held: list[socket.socket] = []
        with contextlib.ExitStack() as stack:
            for _ in range(200):
                try:
                    held.append(stack.enter_context(socket.create_connection((host, int(port)), timeout=1)))
                except OSError:
                    break
            with Senders(server, ledger, count=2, timeout=3) as senders:
                time.sleep(3)
            print(f'{len(held)} connections held, {open_files(server)} files open, answers {dict(senders.statuses)}, lost {senders.lost_connections}')
            # Whoever was connected before goes on.
            with contextlib.suppress(httpx.TransportError):
                assert server.http.get('/healthz').status_code == 200
            assert server.process and server.process.poll() is None, server.output()
        deadline = time.monotonic() + 20
        while True:
            with contextlib.suppress(httpx.TransportError):
                if query_status(server) == 200:
                    break
            assert time.monotonic() < deadline, 'no answers after the connections were closed'
            time.sleep(0.2)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, before)
        ledger.check(server)
        resend(server, ledger)
        ledger.check(server)
    with Server(data, *SOON) as server:
        ledger.check(server)


@pytest.mark.faults_full
@pytest.mark.parametrize('spare', [0, 2, 5])
def test_storage_has_no_descriptors(spare: int, data: Path) -> None:
    """Rotation and sealing need files of their own: without descriptors they wait, they do not lose."""
    ledger = Ledger()
    with Server(data, *SOON) as server:
        with Senders(server, ledger, days=tuple(range(20))) as senders:
            time.sleep(0.5)
            before = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (open_files(server) + spare, before[1]))
            time.sleep(5)
            assert server.process and server.process.poll() is None, f'ended with {server.process.returncode}:\n{server.output()[-3000:]}'
            during = server.http.get('/healthz')
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, before)
            time.sleep(1)
        print(f'answers {dict(senders.statuses)}, lost connections {senders.lost_connections}')
        assert during.status_code == 200
        assert set(senders.statuses) <= {200, 503}
        deadline = time.monotonic() + 30
        resend(server, ledger)
        ledger.check(server)
        while server.http.get('/healthz', params={'settled': '1'}).status_code != 200:
            assert time.monotonic() < deadline, f'sealing does not end: {server.output()[-2000:]}'
            time.sleep(0.2)
        ledger.check(server)
        assert resident_bytes(server, 'VmHWM') < 900_000_000
    with Server(data, *SOON) as server:
        ledger.check(server)


@pytest.mark.faults_full
def test_few_descriptors_from_the_start(data: Path) -> None:
    ledger = Ledger()
    with PrefixedServer(data, *SOON, prefix=('prlimit', '--nofile=96:96')) as server:
        with Senders(server, ledger, days=tuple(range(40))) as senders:
            time.sleep(5)
        print(f'answers {dict(senders.statuses)}, lost connections {senders.lost_connections}, {open_files(server)} files open')
        assert senders.statuses[200] > 10
        ledger.check(server)
    with PrefixedServer(data, *SOON, prefix=('prlimit', '--nofile=96:96')) as server:
        ledger.check(server)
        resend(server, ledger)
        ledger.check(server)

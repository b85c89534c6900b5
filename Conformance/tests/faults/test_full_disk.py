"""A disk without space, or one that has become read-only: 503 with Retry-After, nothing acknowledged is lost, and it goes on when space returns."""

import time
from pathlib import Path

import pytest

from harness.ledger import Ledger
from harness.process import SOON, PrefixedServer, SmallDisk, health, query_status, resident_bytes, small_disk, warnings
from harness.senders import Senders, deliver, resend

MEGABYTES = 48
MEMORY_LIMIT = 900_000_000


def refused_within(senders: Senders, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not senders.unavailable:
        assert time.monotonic() < deadline, f'no 503 within {seconds} s: {senders.statuses}'
        time.sleep(0.05)


def assert_refuses_politely(senders: Senders) -> None:
    assert set(senders.statuses) <= {200, 503}, senders.statuses
    for answer in senders.unavailable:
        assert int(answer.headers['retry-after']) >= 1
    # The sender is told what is wrong and what to do.
    full = sum(b'is full' in answer.content and b'--disk-budget-bytes' in answer.content for answer in senders.unavailable)
    assert full > len(senders.unavailable) / 2, senders.unavailable[-1].content
    print(f'answers: {dict(senders.statuses)}, lost connections: {senders.lost_connections}; {senders.unavailable[-1].content!r}')


def accepted_again_within(server: PrefixedServer, ledger: Ledger, seconds: float) -> None:
    item = ledger.new()
    deadline = time.monotonic() + seconds
    while not (item.spans_acknowledged and item.points_acknowledged):
        deliver(server.http, item)
        assert time.monotonic() < deadline, f'still refused {seconds} s after the disk was good again: {server.output()[-2000:]}'
        time.sleep(0.2)


@pytest.mark.parametrize('mode', ['hot', pytest.param('sealing', marks=pytest.mark.faults_full)])
def test_full_disk(mode: str, tmp_path: Path) -> None:
    ledger = Ledger()
    settings = SOON if mode == 'sealing' else ()
    with small_disk(tmp_path / 'disk', MEGABYTES) as disk:
        data = disk.folder / 'data'
        with PrefixedServer(data, *settings, prefix=disk.prefix) as server:
            with Senders(server, ledger, pause=0.02) as senders:
                time.sleep(1)
                ballast = disk.fill()
                refused_within(senders, 20)
                time.sleep(3)
                assert query_status(server) == 200
            assert_refuses_politely(senders)
            ledger.check(server)
            assert any(code in warnings(server) for code in ('disk_nearly_full', 'engine_reopened')), warnings(server)
            ballast.unlink()
            accepted_again_within(server, ledger, 30)
            ledger.check(server)
            resend(server, ledger)
            ledger.check(server)
            assert resident_bytes(server, 'VmHWM') < MEMORY_LIMIT
        with PrefixedServer(data, *settings, prefix=disk.prefix) as server:
            ledger.check(server)


@pytest.mark.faults_full
def test_filled_by_telemetry_itself(tmp_path: Path) -> None:
    """Nobody else takes the space: the folder grows until the disk is full, then somebody makes it larger."""
    ledger = Ledger()
    with small_disk(tmp_path / 'disk', 24) as disk, PrefixedServer(disk.folder / 'data', *SOON, prefix=disk.prefix) as server:
        with Senders(server, ledger, pause=0, count=4, characters=40_000) as senders:
            refused_within(senders, 60)
            time.sleep(2)
        assert_refuses_politely(senders)
        ledger.check(server)
        disk.remount('size=400m')
        accepted_again_within(server, ledger, 30)
        resend(server, ledger)
        ledger.check(server)
        assert resident_bytes(server, 'VmHWM') < MEMORY_LIMIT


@pytest.mark.faults_full
def test_kill_and_start_on_a_full_disk(tmp_path: Path) -> None:
    ledger = Ledger()
    with small_disk(tmp_path / 'disk', MEGABYTES) as disk:
        server = PrefixedServer(disk.folder / 'data', *SOON, prefix=disk.prefix).start()
        with Senders(server, ledger) as senders:
            time.sleep(1.5)
            ballast = disk.fill()
            refused_within(senders, 20)
            time.sleep(0.5)
            server.kill()
        # It starts and answers, or says in few words that there is no space.
        server = PrefixedServer(disk.folder / 'data', *SOON, prefix=disk.prefix)
        try:
            server.start()
        except AssertionError:
            said = server.output()
            print(said)
            assert any(word in said for word in ('space', 'full', 'not writable')), said
            assert len(said.splitlines()) < 20, said
        else:
            ledger.check(server)
            server.kill()
        ballast.unlink()
        with PrefixedServer(disk.folder / 'data', *SOON, prefix=disk.prefix) as server:
            ledger.check(server)
            resend(server, ledger)
            ledger.check(server)


def read_only(disk: SmallDisk) -> None:
    """Remounting is refused while a file is open for writing; an overlay of the same folder, read-only, would not reach the process."""
    disk.remount('ro')


@pytest.mark.faults_full
def test_read_only_start_is_refused_with_a_reason(tmp_path: Path) -> None:
    ledger = Ledger()
    with small_disk(tmp_path / 'disk', MEGABYTES) as disk:
        with PrefixedServer(disk.folder / 'data', prefix=disk.prefix) as server:
            for _ in range(5):
                ledger.new()
            resend(server, ledger)
        read_only(disk)
        server = PrefixedServer(disk.folder / 'data', prefix=disk.prefix)
        try:
            server.start()
        except AssertionError:
            said = server.output()
            assert 'not writable' in said and str(disk.folder / 'data') in said, said
            assert len(said.splitlines()) <= 3, said
        else:
            server.kill()
            raise AssertionError('started on a read-only disk')
        disk.remount('rw')
        with PrefixedServer(disk.folder / 'data', prefix=disk.prefix) as server:
            ledger.check(server)


@pytest.mark.faults_full
def test_writes_denied_while_running(tmp_path: Path) -> None:
    """Files may not grow any more (RLIMIT_FSIZE of the running process): what a quota or a file system with errors does."""
    import resource

    ledger = Ledger()
    with PrefixedServer(tmp_path / 'data', *SOON) as server:
        with Senders(server, ledger) as senders:
            time.sleep(1)
            before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
            refused_within(senders, 20)
            time.sleep(2)
            assert query_status(server) == 200
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)
        assert_refuses_politely(senders)
        accepted_again_within(server, ledger, 30)
        ledger.check(server)
        resend(server, ledger)
        ledger.check(server)
        assert health(server)['storage']['queue_requests'] == 0
    with PrefixedServer(tmp_path / 'data') as server:
        ledger.check(server)

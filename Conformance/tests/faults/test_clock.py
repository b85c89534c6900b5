"""The clock jumps by hours, forward and back, while the server runs and between two runs."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.ledger import Ledger
from harness.process import SOON, PrefixedServer, is_settled, query_status
from harness.senders import Senders, resend

SOURCE = Path(__file__).parents[2] / 'harness' / 'native' / 'clock.c'
HOUR = 3600


@pytest.fixture
def clock(tmp_path: Path) -> 'Clock':
    compiler = shutil.which('cc') or shutil.which('gcc')
    if not compiler or sys.platform != 'linux':
        pytest.skip('the clock is moved by a library that takes Linux and a C compiler')
    library = tmp_path / 'clock.so'
    subprocess.run([compiler, '-shared', '-fPIC', '-O1', '-o', str(library), str(SOURCE), '-ldl'], check=True)
    made = Clock(library, tmp_path / 'clock')
    made.set(400 * 24 * HOUR)
    said = subprocess.run([*made.prefix, 'date', '+%Y'], capture_output=True, text=True, check=True).stdout.strip()
    assert said != time.strftime('%Y'), 'the library has no effect'
    made.set(0)
    return made


class Clock:
    """The wall clock that a server sees; the monotonic clock goes on as it does."""

    def __init__(self, library: Path, file: Path):
        self.file = file
        self.set(0)
        self.prefix = ('env', f'LD_PRELOAD={library}', f'CLOCK_OFFSET_FILE={file}')

    def set(self, seconds: int) -> None:
        """The difference to the real time."""
        fresh = self.file.with_suffix('.new')
        fresh.write_text(f'{seconds}\n')
        fresh.rename(self.file)


def assert_settles(server: PrefixedServer) -> None:
    """Work that waits for a quiet time is not put off for the hours that the clock went back."""
    deadline = time.monotonic() + 60
    while not is_settled(server):
        assert time.monotonic() < deadline, 'background work waits for the clock'
        time.sleep(0.2)


def test_back_while_nothing_happens(clock: Clock, data: Path) -> None:
    ledger = Ledger()
    clock.set(5 * HOUR)
    with PrefixedServer(data, *SOON, prefix=clock.prefix) as server:
        for _ in range(3):
            with Senders(server, ledger, count=2):
                time.sleep(1)
            # The writer waits for what does not come.
            time.sleep(0.3)
        clock.set(0)
        assert_settles(server)
        ledger.check(server)


def test_jumps_while_running(clock: Clock, full: bool, data: Path) -> None:
    ledger = Ledger()
    hours = (5, -7, 72, -72, 0, 9600, -9600, 0) if full else (5, -7, 0)
    with PrefixedServer(data, *SOON, prefix=clock.prefix) as server:
        with Senders(server, ledger, count=2) as senders:
            for jump in hours:
                clock.set(jump * HOUR)
                time.sleep(1.2)
                assert query_status(server) == 200, jump
                began = time.monotonic()
                assert server.http.get('/healthz').status_code == 200
                # A timer that follows the wall clock waits for hours, a busy machine for seconds.
                assert time.monotonic() - began < 10, jump
        assert set(senders.statuses) == {200}, senders.statuses
        ledger.check(server)
        assert_settles(server)
        ledger.check(server)
    print(f'{len(hours)} jumps, {dict(senders.statuses)}')


@pytest.mark.faults_full
def test_jumps_between_runs(clock: Clock, full: bool, data: Path) -> None:
    ledger = Ledger()
    for jump in (0, 9, -9, 960, -960, 0) if full else (0, 9, -9):
        clock.set(jump * HOUR)
        server = PrefixedServer(data, *SOON, prefix=clock.prefix).start()
        try:
            ledger.check(server, bodies=[])
            with Senders(server, ledger, count=2) as senders:
                time.sleep(1.5)
            assert set(senders.statuses) == {200}, f'{jump}: {senders.statuses}'
            ledger.check(server)
        finally:
            server.kill()
    clock.set(0)
    with PrefixedServer(data, *SOON, prefix=clock.prefix) as server:
        ledger.check(server)
        resend(server, ledger, everything=True)
        ledger.check(server)

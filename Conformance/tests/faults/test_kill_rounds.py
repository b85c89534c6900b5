"""kill -9 at random points and aimed at rotation, sealing and start: nothing acknowledged is lost, nothing is there twice."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from harness.ledger import Ledger
from harness.process import SOON
from harness.senders import Senders, resend
from harness.server import Server, clean_environment

MODES = ('random', 'rotation', 'sealing', 'sealed', 'quiet', 'start')
ROUNDS_PER_FOLDER = 10
FULL_ROUNDS = int(os.environ.get('HEARTH_FAULT_ROUNDS', '120'))
SMALL_ROUNDS = 4


def names(folder: Path) -> dict[str, tuple[int, int]]:
    """The storage's files that say where rotation and sealing are: hot files by existence, segments and pages by size and time."""
    found = {}
    for path in folder.rglob('*'):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        if path.parent == folder:
            found[path.name] = (0, 0)
        else:
            found[str(path.relative_to(folder))] = (status.st_size, status.st_mtime_ns)
    return found


def wait_for(mode: str, folder: Path, seconds: float) -> bool:
    """Waits until what the mode aims at begins; false when it did not within the time."""
    before = names(folder)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(0.001)
        now = names(folder)
        appeared, gone = now.keys() - before.keys(), before.keys() - now.keys()
        if mode == 'rotation' and any(name.startswith('hot-') for name in appeared):
            return True
        if mode == 'sealed' and any(name.startswith('hot-') for name in gone):
            return True
        if mode == 'sealing' and any(now[name] != before.get(name) for name in now if '/' in name):
            return True
        before = now
    return False


def killed_while_starting(data: Path) -> None:
    """A start that ends in the middle of reading the log, or of removing what was sealed."""
    server = Server(data, *SOON)
    process = subprocess.Popen(server.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean_environment())
    time.sleep(random.uniform(0.02, 0.5))
    process.send_signal(signal.SIGKILL)
    process.wait()


def one_round(data: Path, ledger: Ledger, mode: str) -> bool:
    """Sends, kills, starts again and compares. Returns whether the kill met what it aimed at."""
    sent_before = set(ledger.parcels)
    server = Server(data, *SOON).start()
    hit = True
    try:
        with Senders(server, ledger) as senders:
            if mode in ('random', 'start'):
                time.sleep(random.uniform(0.05, 1.2))
            elif mode == 'quiet':
                time.sleep(random.uniform(0.2, 0.6))
                senders.stop()
                time.sleep(random.uniform(0.9, 1.6))  # the quiet time is over after one second, then sealing begins
            else:
                hit = wait_for(mode, data / 'telemetry', 4)
                time.sleep(random.choice((0, random.uniform(0, 0.01), random.uniform(0, 0.15))))
            server.kill()
            senders.stop()
    finally:
        server.kill()
    if mode == 'start':
        killed_while_starting(data)
    with Server(data, *SOON) as server:
        fresh = [item for item in ledger.acknowledged if item.key not in sent_before]
        ledger.check(server, bodies=fresh)
        resend(server, ledger)
        if random.random() < 0.5:
            ledger.check(server, bodies=fresh)
    return hit


def run_rounds(data: Path, rounds: int, first: int) -> dict[str, int]:
    ledger = Ledger()
    hits = dict.fromkeys(MODES, 0)
    for number in range(rounds):
        mode = MODES[(first + number) % len(MODES)]
        hits[mode] += one_round(data, ledger, mode)
    assert len(ledger.acknowledged) > rounds
    with Server(data, *SOON) as server:
        ledger.check(server)
        resend(server, ledger, everything=True)
        ledger.check(server)
        deadline = time.monotonic() + 30
        while server.http.get('/healthz', params={'settled': '1'}).status_code != 200:
            assert time.monotonic() < deadline, 'sealing does not end'
            time.sleep(0.2)
        ledger.check(server)
        assert not server.http.get('/api/v1/health').json()['warnings']
    print(f'{rounds} rounds, {len(ledger.parcels)} parcels, {len(ledger.acknowledged)} acknowledged, aimed kills that met: {hits}')
    return hits


def test_kill9_while_hot_rotating_sealing_and_starting(data: Path) -> None:
    hits = run_rounds(data, SMALL_ROUNDS, first=1)
    assert sum(hits.values()) >= SMALL_ROUNDS - 1


@pytest.mark.faults_full
@pytest.mark.parametrize('series', range(FULL_ROUNDS // ROUNDS_PER_FOLDER))
def test_kill9_rounds(series: int, data: Path) -> None:
    random.seed()
    hits = run_rounds(data, ROUNDS_PER_FOLDER, first=series)
    assert sum(hits.values()) >= ROUNDS_PER_FOLDER - 2

"""A Redis server of a test's own."""

import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any


class Redis:
    """`redis-server` on a free loopback port, without persistence."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = 0
        self.process: 'subprocess.Popen[bytes] | None' = None

    def __enter__(self) -> 'Redis':
        program = shutil.which('redis-server')
        assert program, 'redis-server is missing; install it (apt-get install redis-server)'
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [program, '--bind', '127.0.0.1', '--port', str(self.port), '--save', '', '--appendonly', 'no', '--dir', str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(('127.0.0.1', self.port), timeout=1).close()
                return self
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, 'redis-server did not start'
                time.sleep(0.02)

    def __exit__(self, *_: Any) -> None:
        assert self.process
        self.process.terminate()
        self.process.wait(10)

"""A server started through another program, and what the kernel says about its process."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from .query import EARLIEST
from .server import Server

SOON = ('--storage-rotation-bytes', str(512 << 10), '--storage-idle-seconds', '1', '--storage-idle-rotation-bytes', '0', '--storage-rotation-seconds', '2')
"""Settings with which rotation and sealing happen all the time."""


class PrefixedServer(Server):
    """`hearth serve` run by a program that replaces itself with it, such as env or prlimit."""

    def __init__(self, data: Path, *arguments: str, prefix: tuple[str, ...] = ()):
        super().__init__(data, *arguments)
        self.prefix = prefix

    def command(self) -> list[str]:
        return [*self.prefix, *super().command()]


def resident_bytes(server: Server, field: str = 'VmRSS') -> int:
    status = Path(f'/proc/{server.pid}/status').read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(f'{field}:'))


def open_files(server: Server) -> int:
    return len(os.listdir(f'/proc/{server.pid}/fd'))


def health(server: Server) -> dict:
    answer = server.http.get('/api/v1/health')
    assert answer.status_code == 200, answer.text
    return answer.json()


def warnings(server: Server) -> dict[str, str]:
    return {item['code']: item['message'] for item in health(server)['warnings']}


def is_settled(server: Server) -> bool:
    return server.http.get('/healthz', params={'settled': '1'}).status_code == 200


def query_status(server: Server, sql: str = 'SELECT count(*) AS n FROM records') -> int:
    """The status of a query on a connection of its own."""
    return httpx.post(f'{server.url}/v2/query', json={'sql': sql, 'min_timestamp': EARLIEST}, timeout=30, trust_env=False).status_code


class SmallDisk:
    """A file system of its own in memory, with a given size, that servers see at `folder`; it outlives them."""

    def __init__(self, folder: Path, megabytes: int):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        script = f'mount -t tmpfs -o size={megabytes}m none "$1" && echo ready && exec sleep infinity'
        self.keeper = subprocess.Popen(['unshare', '-m', 'sh', '-c', script, 'sh', str(folder)], stdout=subprocess.PIPE, text=True)
        assert self.keeper.stdout
        if self.keeper.stdout.readline().strip() != 'ready':
            self.keeper.wait()
            pytest.skip('file systems cannot be mounted here (that takes root and Linux)')

    @property
    def inside(self) -> Path:
        """The same folder, seen from this process."""
        return Path(f'/proc/{self.keeper.pid}/root{self.folder}')

    @property
    def prefix(self) -> tuple[str, ...]:
        return ('nsenter', '-t', str(self.keeper.pid), '-m')

    def remount(self, options: str) -> None:
        subprocess.run([*self.prefix, 'mount', '-o', f'remount,{options}', str(self.folder)], check=True, capture_output=True)

    def fill(self) -> Path:
        """Takes all the space there is with a file, and returns it."""
        ballast = self.inside / 'ballast'
        with ballast.open('wb', buffering=0) as file:
            try:
                while True:
                    file.write(bytes(64 << 10))
            except OSError:
                pass
        return ballast

    def close(self) -> None:
        self.keeper.kill()
        self.keeper.wait()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    if shutil.which('unshare') is None or shutil.which('nsenter') is None:
        pytest.skip('unshare and nsenter are not installed')
    disk = SmallDisk(folder, megabytes)
    try:
        yield disk
    finally:
        disk.close()

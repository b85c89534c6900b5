"""Programs of the examples that are written in Swift."""

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Protocol

EXAMPLE = Path(__file__).resolve().parents[2] / 'Examples' / 'Quickstart'


class HasURL(Protocol):
    @property
    def url(self) -> str: ...


@cache
def swift_program(name: str) -> Path:
    """A program of the quickstart package, built in debug mode beside the SDK's own build."""
    base = os.environ.get('HEARTH_SDK_BUILD')
    scratch = Path(base + '-quickstart') if base else EXAMPLE / '.build'
    command = ['swift', 'build', '--package-path', str(EXAMPLE), '--scratch-path', str(scratch)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=1200)
    path = subprocess.run([*command, '--show-bin-path'], check=True, capture_output=True, text=True).stdout.strip()
    return Path(path) / name


def variables(server: HasURL, **environment: str) -> dict[str, str]:
    result = {'PATH': os.environ['PATH'], 'LOGFIRE_BASE_URL': server.url, 'LOGFIRE_TOKEN': 'pylf_v1_local_test', **environment}
    if 'LD_LIBRARY_PATH' in os.environ:
        result['LD_LIBRARY_PATH'] = os.environ['LD_LIBRARY_PATH']
    return result


def run(program: Path, server: HasURL, *arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *arguments],
        env=variables(server, **environment),
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )

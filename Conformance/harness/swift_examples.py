"""The programs of the package Examples, built in debug mode when they are first asked for, and run against a server."""

import os
import subprocess
from functools import lru_cache
from pathlib import Path

from .server import Server

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / 'Examples'


@lru_cache
def example(product: str) -> Path:
    """The path of a program; what it needs is built once for all of them. HEARTH_EXAMPLES_PRODUCTS names the folder of programs that are built already."""
    if built := os.environ.get('HEARTH_EXAMPLES_PRODUCTS'):
        return Path(built) / product
    base = os.environ.get('HEARTH_SDK_BUILD')
    scratch = Path(base + '-examples') if base else PACKAGE / '.build'
    command = ['swift', 'build', '--package-path', str(PACKAGE), '--scratch-path', str(scratch)]
    subprocess.run([*command, '--product', product], check=True, stdin=subprocess.DEVNULL, timeout=3600)
    path = subprocess.run([*command, '--show-bin-path'], check=True, capture_output=True, text=True).stdout.strip()
    return Path(path) / product


def environment(server: Server, **variables: str) -> dict[str, str]:
    """What a program finds in its environment: the server, and nothing of the tests' own."""
    result = {'PATH': os.environ['PATH'], 'LOGFIRE_BASE_URL': server.url, 'LOGFIRE_TOKEN': 'pylf_v1_local_test', **variables}
    if 'LD_LIBRARY_PATH' in os.environ:
        result['LD_LIBRARY_PATH'] = os.environ['LD_LIBRARY_PATH']
    return result


def run_example(product: str, server: Server, *arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end; a failure shows what it wrote."""
    result = subprocess.run(
        [str(example(product)), *arguments],
        env=environment(server, **variables),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert result.returncode == 0, f'{product} ended with {result.returncode}\n{result.stdout}\n{result.stderr}'
    return result

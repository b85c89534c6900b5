"""Programs of the examples that are written in Swift: built in debug mode when they are first asked for, and run against a server."""

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Protocol

EXAMPLES = Path(__file__).resolve().parents[2] / 'Examples'


class HasURL(Protocol):
    @property
    def url(self) -> str: ...


@cache
def products(package: Path, suffix: str) -> Path:
    """The folder with the programs of a package, built beside the SDK's own build."""
    base = os.environ.get('HEARTH_SDK_BUILD')
    scratch = Path(base + suffix) if base else package / '.build'
    command = ['swift', 'build', '--package-path', str(package), '--scratch-path', str(scratch)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=3600)
    return Path(subprocess.run([*command, '--show-bin-path'], check=True, capture_output=True, text=True).stdout.strip())


def swift_program(name: str) -> Path:
    """A program of the package without traits."""
    return products(EXAMPLES / 'Quickstart', '-quickstart') / name


def example(name: str) -> Path:
    """A program of the package with all traits. HEARTH_EXAMPLES_PRODUCTS names the folder of programs that are built already."""
    built = os.environ.get('HEARTH_EXAMPLES_PRODUCTS')
    return (Path(built) if built else products(EXAMPLES, '-examples')) / name


def variables(server: HasURL, **environment: str) -> dict[str, str]:
    """What a program finds in its environment: the server, and nothing of the tests' own."""
    result = {'PATH': os.environ['PATH'], 'LOGFIRE_BASE_URL': server.url, 'LOGFIRE_TOKEN': 'pylf_v1_local_test', **environment}
    if 'LD_LIBRARY_PATH' in os.environ:
        result['LD_LIBRARY_PATH'] = os.environ['LD_LIBRARY_PATH']
    return result


def run(program: Path, server: HasURL, *arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end; a failure shows what it wrote."""
    result = subprocess.run(
        [str(program), *arguments],
        env=variables(server, **environment),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert result.returncode == 0, f'{program.name} ended with {result.returncode}\n{result.stdout}\n{result.stderr}'
    return result


def run_example(name: str, server: HasURL, *arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(example(name), server, *arguments, folder=folder, **environment)

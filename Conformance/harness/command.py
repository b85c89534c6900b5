"""The command line of the product, as a person or a script runs it."""

import subprocess
from collections.abc import Mapping

from .server import PROGRAM, Server, clean_environment


def hearth(
    *arguments: str, text: str | None = None, status: int | None = 0, environment: Mapping[str, str] | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Runs the program to its end, which must have the exit code `status`."""
    done = subprocess.run(
        [str(PROGRAM), *arguments],
        input=text if text is not None else '',
        capture_output=True,
        text=True,
        timeout=timeout,
        env=clean_environment() | dict(environment or {}),
    )
    assert status is None or done.returncode == status, f'exit code {done.returncode}\n{done.stdout}\n{done.stderr}'
    return done


def on(server: Server) -> list[str]:
    """Flags that name a server."""
    return ['--url', server.url]

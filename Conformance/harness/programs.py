"""Client programs run as processes of their own, as their users run them."""

import subprocess
import sys
from pathlib import Path

from .server import Server, clean_environment

FOLDER = Path(__file__).parents[1]
TOKEN = 'pylf_v1_local_conformance'


def run_text(text: str, folder: Path, environment: dict[str, str], timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Runs a program given as text; as a file, because logfire reads its caller's source."""
    file = folder / 'program.py'
    file.write_text(text)
    return python(str(file), environment=environment, timeout=timeout)


def python(*arguments: str, environment: dict[str, str], timeout: float = 120, executable: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Runs Python to its end; a non-zero exit code fails the test."""
    ended = subprocess.run(
        [executable, *arguments], cwd=FOLDER, env=clean_environment() | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout
    )
    assert ended.returncode == 0, f'exit code {ended.returncode}\n{ended.stdout}\n{ended.stderr}'
    return ended


def logfire_environment(server: Server) -> dict[str, str]:
    """All that a user of the logfire SDK sets."""
    return {'LOGFIRE_TOKEN': TOKEN, 'LOGFIRE_BASE_URL': server.url}

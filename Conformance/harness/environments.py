"""The Python environments of the client programs: packages that do not fit together live apart."""

import os
import subprocess
from functools import cache
from pathlib import Path

CONFORMANCE = Path(__file__).parents[1]


@cache
def interpreter(name: str) -> str:
    """The Python of the environment that `requirements-<name>.txt` describes; it is made when it is missing."""
    script = CONFORMANCE.parent / 'Scripts' / 'setup-python.sh'
    made = subprocess.run([script, CONFORMANCE / f'requirements-{name}.txt'], env=os.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return f'{made.stdout.strip()}/bin/python'

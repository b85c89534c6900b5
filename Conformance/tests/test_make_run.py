"""B4: `make run`, as the README says it, in this very clone."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import httpx
import pytest

from harness.server import LISTENING, clean_environment

CLONE = Path(__file__).parents[2]
# The program is built already when this runs; a first build takes longer than a test should.
LIMIT = 300.0


@pytest.mark.skipif('HEARTH_PROGRAM' in os.environ, reason='the program under test is not the one that make run builds')
def test_B4_make_run_prints_an_address_that_answers(tmp_path: Path) -> None:
    environment = {**clean_environment(), 'HEARTH_DATA': str(tmp_path / 'data')}
    for name in ('HEARTH_DEPS', 'HEARTH_BUILD', 'HEARTH_DUCKDB'):
        if name in os.environ:
            environment[name] = os.environ[name]
    run = subprocess.Popen(
        ['make', 'run', 'ARGS=--http 127.0.0.1:0'], cwd=CLONE, env=environment, text=True, bufsize=1, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    watchdog = threading.Timer(LIMIT, lambda: os.killpg(run.pid, signal.SIGKILL))
    watchdog.start()
    output = []
    try:
        assert run.stdout
        url = None
        for line in run.stdout:
            output.append(line)
            if match := LISTENING.search(line):
                url = match.group(1)
                break
        assert url, f'make run printed no address:\n{"".join(output)}'
        assert httpx.get(f'{url}/healthz', trust_env=False).status_code == 200
        page = httpx.get(f'{url}/', headers={'Accept': 'text/html'}, trust_env=False)
        assert page.status_code == 200
        assert '<div id="root">' in page.text
    finally:
        watchdog.cancel()
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGTERM)
        run.wait(10)

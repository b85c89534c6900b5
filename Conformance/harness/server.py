"""The server under test as a process of its own, started and stopped as a user would."""

import os
import re
import signal
import ssl
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import httpx

PROGRAM = Path(os.environ.get('HEARTH_PROGRAM') or Path(__file__).parents[2] / 'bin' / 'hearth')
LISTENING = re.compile(r'Hearth is listening on (https?://\S+)')
GRPC = re.compile(r'OTLP/gRPC\s+https?://(\S+)')
READY = re.compile(r'OTLP/gRPC\s')
START_LIMIT = 30.0
STOP_LIMIT = 30.0


def clean_environment() -> dict[str, str]:
    """The environment without what could configure the server or a client behind the test's back."""
    # PYTEST_: logfire sends nothing when it believes that it runs within a test.
    prefixes = ('HEARTH_', 'LOGFIRE_', 'OTEL_', 'OPENAI_', 'PYTEST_')
    return {key: value for key, value in os.environ.items() if not key.startswith(prefixes)}


class Server:
    """`hearth serve` on a data folder. Use it as a context manager, or call start and stop."""

    def __init__(self, data: Path, *arguments: str, verify: ssl.SSLContext | bool = True):
        self.data = data
        self.verify = verify
        self.arguments = arguments
        self.url = ''
        self.grpc = ''
        """`host:port` of OTLP over gRPC; empty when it is off."""
        self.started_at = 0.0
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        self.client: httpx.Client | None = None

    def command(self) -> list[str]:
        return [str(PROGRAM), 'serve', '--data', str(self.data), '--http', '127.0.0.1:0', '--grpc', '127.0.0.1:0', *self.arguments]

    def launch(self) -> None:
        """Starts the process and returns as soon as it has printed its address."""
        self.lines = []
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1, env=clean_environment()
        )
        found = threading.Event()
        threading.Thread(target=self._read, args=(self.process, found), daemon=True).start()
        if not found.wait(START_LIMIT) or not self.url:
            self.kill()
            raise AssertionError(f'the server printed no address within {START_LIMIT} s; it said:\n{self.output()}')
        self.client = httpx.Client(base_url=self.url, timeout=60, trust_env=False, verify=self.verify)

    def _read(self, process: 'subprocess.Popen[str]', found: threading.Event) -> None:
        assert process.stdout
        for line in process.stdout:
            self.lines.append(line)
            if match := LISTENING.search(line):
                self.url = match.group(1).rstrip('/')
            if match := GRPC.search(line):
                self.grpc = match.group(1)
            if READY.search(line):
                found.set()
        found.set()

    def start(self) -> 'Server':
        self.launch()
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        deadline = self.started_at + START_LIMIT
        while True:
            try:
                if self.http.get('/healthz').status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < deadline, f'/healthz did not answer 200 within {START_LIMIT} s; the server said:\n{self.output()}'
            time.sleep(0.01)

    def stop(self) -> None:
        """SIGTERM; the server must be gone within 5 s, and end without an error."""
        assert self.process
        if self.process.poll() is not None:
            raise AssertionError(f'the server had already ended with exit code {self.process.returncode}; it said:\n{self.output()}')
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f'the server did not end within {STOP_LIMIT} s of SIGTERM; it said:\n{self.output()}') from None
        self._close()
        assert code == 0, f'the server ended with exit code {code}; it said:\n{self.output()}'

    def kill(self) -> None:
        """SIGKILL, as a crash or an out-of-memory killer would."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._close()

    def _close(self) -> None:
        self.url = ''
        self.grpc = ''
        if self.client:
            self.client.close()
            self.client = None

    @property
    def http(self) -> httpx.Client:
        assert self.client, 'the server is not running'
        return self.client

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def output(self) -> str:
        return ''.join(self.lines)

    def __enter__(self) -> 'Server':
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        if kind is not None:
            self.kill()
        else:
            self.stop()

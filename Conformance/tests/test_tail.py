"""`hearth tail`: records as they are stored."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from harness.command import hearth, on
from harness.otlp import send, span, traces
from harness.server import PROGRAM, Server, clean_environment


class Tail:
    """`hearth tail` while it runs."""

    def __init__(self, *arguments: str):
        self.process = subprocess.Popen(
            [str(PROGRAM), 'tail', *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment()
        )
        self.lines: list[str] = []
        self.errors: list[str] = []
        for stream, lines in ((self.process.stdout, self.lines), (self.process.stderr, self.errors)):
            threading.Thread(target=self._read, args=(stream, lines), daemon=True).start()

    @staticmethod
    def _read(stream, lines: list[str]) -> None:
        for line in stream:
            lines.append(line.rstrip('\n'))

    def wait_for(self, condition, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not condition(self):
            assert time.monotonic() < deadline, f'{self.lines}\n{self.errors}'
            assert self.process.poll() is None or condition(self), f'ended with {self.process.returncode}: {self.errors}'
            time.sleep(0.02)

    def names(self) -> list[str]:
        return [json.loads(line)['span_name'] for line in self.lines]

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(5)


@contextmanager
def tail(*arguments: str) -> Iterator[Tail]:
    running = Tail(*arguments)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait()


def test_stored_records_then_new_ones_until_interrupted(server: Server) -> None:
    send(server, traces([span('before')], service='shop'))
    with tail(*on(server)) as running:
        running.wait_for(lambda t: len(t.lines) == 1)
        send(server, traces([span('after', seconds=1.5, status=2)], service='shop'))
        running.wait_for(lambda t: len(t.lines) == 2)
        assert running.interrupt() == 0
    first, second = (line.split() for line in running.lines)
    assert first[1:4] == ['info', 'shop', 'before']
    assert second[1:] == ['error', 'shop', 'after', '1.50', 's']


def test_conditions(server: Server) -> None:
    with tail(*on(server), '--json', '--service', 'shop', '--level', 'warn', '--filter', "attributes->>'n' <> '2' -- not that one") as running:
        time.sleep(0.5)
        send(server, traces([span('info', values={'n': 1})], service='shop'))
        send(server, traces([span('other service', values={'n': 1}, status=2)], service='stock'))
        send(server, traces([span('number 2', values={'n': 2}, status=2)], service='shop'))
        send(server, traces([span('wanted', values={'n': 3}, status=2)], service='shop'))
        running.wait_for(lambda t: 'wanted' in t.names())
        time.sleep(0.3)
        assert running.names() == ['wanted']


def test_a_wrong_condition_is_marked(server: Server) -> None:
    refused = hearth('tail', '--filter', "level > 'warn' AND no_such = 1", *on(server), status=1)
    line, mark = refused.stderr.splitlines()[-2:]
    assert line == "  level > 'warn' AND no_such = 1"
    assert line[mark.index('^') :].startswith('no_such')


def test_colours_only_when_asked_or_in_a_terminal(server: Server) -> None:
    send(server, traces([span('bad', status=2)]))
    with tail(*on(server), '--color', 'always') as running:
        running.wait_for(lambda t: len(t.lines) == 1)
        assert '\x1b[31merror' in running.lines[0]
    with tail(*on(server)) as running:
        running.wait_for(lambda t: len(t.lines) == 1)
        assert '\x1b' not in running.lines[0]


class Relay:
    """Passes connections on to a server, and can cut them."""

    def __init__(self, port: int):
        self.target = port
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.pairs: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(('127.0.0.1', self.target))
            self.pairs += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    @staticmethod
    def _copy(source: socket.socket, sink: socket.socket) -> None:
        try:
            while part := source.recv(1000):
                sink.sendall(part)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self) -> None:
        for end in self.pairs:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.pairs.clear()


def test_lost_connections_leave_no_gap_and_no_double(server: Server) -> None:
    relay = Relay(int(server.url.rsplit(':', 1)[1]))
    sent: list[str] = []
    with tail('--url', f'http://127.0.0.1:{relay.port}', '--json', '--lines', '0') as running:
        time.sleep(1)
        for number in range(60):
            names = [f'{number} {os.urandom(4).hex()}' for _ in range(5)]
            send(server, traces([span(name) for name in names]))
            sent += names
            if number % 15 == 7:
                relay.cut()
            time.sleep(0.02)
        running.wait_for(lambda t: len(t.lines) >= len(sent))
        time.sleep(1)
        assert sorted(running.names()) == sorted(sent)
        assert any('lost' in line for line in running.errors)


def test_a_server_that_starts_again_is_followed(server: Server) -> None:
    with tail(*on(server), '--json', '--lines', '0') as running:
        time.sleep(0.5)
        send(server, traces([span('one')]))
        running.wait_for(lambda t: t.names() == ['one'])
        port = server.url.rsplit(':', 1)[1]
        server.stop()
        server.arguments = ('--http', f'127.0.0.1:{port}')
        server.start()
        send(server, traces([span('two')]))
        running.wait_for(lambda t: t.names() == ['one', 'two'])


def test_no_server() -> None:
    assert 'no server answers' in hearth('tail', '--url', 'http://127.0.0.1:9', status=69).stderr

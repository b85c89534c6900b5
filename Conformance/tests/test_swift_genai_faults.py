"""The Swift SDK in front of servers that misbehave: the application gets what it would get anyway, and the call says what went wrong."""

import json
import socket
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.query import one, rows
from harness.server import Server
from harness.swift import run_example

EVENTS = b'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n'
JSON = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n'
DELTA = '{"id":"c1","model":"gpt-4o","choices":[{"index":0,"delta":{"content":%s},"finish_reason":null}]}'
END = 'data: {"id":"c1","model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2}}\n\ndata: [DONE]\n\n'


def delta(text: str) -> str:
    return 'data: ' + DELTA % json.dumps(text) + '\n\n'


class RogueServer:
    """Answers every request with the same bytes and closes the connection."""

    def __init__(self, answer: bytes):
        self.answer = answer
        self.socket = socket.create_server(('127.0.0.1', 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f'http://127.0.0.1:{self.socket.getsockname()[1]}'

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            received = b''
            while b'\r\n\r\n' not in received:
                received += connection.recv(65536)
            head, _, body = received.partition(b'\r\n\r\n')
            length = next((int(line.split(b':')[1]) for line in head.split(b'\r\n') if line.lower().startswith(b'content-length')), 0)
            while len(body) < length:
                body += connection.recv(65536)
            connection.sendall(self.answer)

    def __enter__(self) -> 'RogueServer':
        return self

    def __exit__(self, *_: Any) -> None:
        self.socket.close()


@pytest.fixture(scope='module')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp('rogue') / 'data') as server:
        yield server


def ask(server: Server, folder: Path, answer: bytes, *mode: str) -> tuple[str, dict[str, Any]]:
    """What the application printed, and the call's row."""
    service = f'rogue-{uuid.uuid4().hex[:8]}'
    # Two calls with one response id would be one call.
    with RogueServer(answer.replace(b'"c1"', f'"{service}"'.encode())) as rogue:
        ended = run_example(
            'MarketAgent', server, 'ask', 'openai', 'Hello', *mode, folder=folder, HEARTH_MODELS=rogue.url, LOGFIRE_SERVICE_NAME=service
        )
    return ended.stdout.strip(), one(server, f"SELECT * FROM llm_calls WHERE service_name = '{service}'")


def test_a_stream_of_odd_events_is_read(server: Server, tmp_path: Path) -> None:
    body = '\ufeff: hello\r\n\r\nretry: 7\n\nevent: x\ndata\n\n' + delta('Hal') + 'data: nonsense\n\ndata: [1,2]\n\n' + delta('lo') + END
    printed, call = ask(server, tmp_path, EVENTS + b'\r\n' + body.encode(), 'stream')
    assert printed == 'Hallo'
    assert (call['is_error'], call['input_tokens'], call['output_tokens'], call['finish_reasons']) == (False, 5, 2, ['stop'])
    assert call['attributes']['gen_ai.output.messages'][0]['parts'] == [{'type': 'text', 'content': 'Hallo'}]


@pytest.mark.parametrize('framing', ['until close', 'cut length', 'cut chunk'])
def test_a_stream_that_breaks_keeps_what_came(server: Server, tmp_path: Path, framing: str) -> None:
    body = (delta('Half') + delta(' an ans')).encode()
    head = {
        'until close': EVENTS + b'\r\n',
        'cut length': EVENTS + b'content-length: 5000\r\n\r\n',
        'cut chunk': EVENTS + b'transfer-encoding: chunked\r\n\r\n2000\r\n',
    }[framing]
    _, call = ask(server, tmp_path, head + body, 'stream')
    assert call['is_error']
    assert call['error_type'] == 'incomplete_response' or framing != 'until close'
    assert call['error_type']
    assert call['attributes']['gen_ai.output.messages'][0]['parts'] == [{'type': 'text', 'content': 'Half an ans'}]
    assert (call['input_tokens'], call['cost'], call['refusal']) == (None, None, None)


def test_bytes_that_are_no_text(server: Server, tmp_path: Path) -> None:
    body = b'data: ' + (DELTA % '"caf\xff\xfe"').encode('latin-1') + b'\n\n' + END.encode()
    _, call = ask(server, tmp_path, EVENTS + b'\r\n' + body, 'stream')
    assert not call['is_error']
    assert call['attributes']['gen_ai.output.messages'][0]['parts'][0]['content'] == 'caf\ufffd\ufffd'


def test_a_large_answer_is_bounded(server: Server, tmp_path: Path) -> None:
    text = 'x' * (10 * 1024 * 1024)
    answer = {'id': 'big', 'model': 'gpt-4o', 'choices': [{'index': 0, 'message': {'role': 'assistant', 'content': text}, 'finish_reason': 'stop'}]}
    answer['usage'] = {'prompt_tokens': 3, 'completion_tokens': 4}
    body = json.dumps(answer).encode()
    printed, call = ask(server, tmp_path, JSON + f'content-length: {len(body)}\r\n\r\n'.encode() + body)
    assert len(printed) == len(text)
    assert (call['input_tokens'], call['output_tokens'], call['is_error']) == (3, 4, False)


@pytest.mark.parametrize('answer', [b'garbage\r\n\r\n', b'', JSON + b'content-length: 3\r\n\r\n{{{', JSON + b'content-length: 4\r\n\r\nnull'])
def test_answers_that_are_none(server: Server, tmp_path: Path, answer: bytes) -> None:
    printed, call = ask(server, tmp_path, answer)
    assert call['model'] == 'gpt-4o'
    assert call['input_tokens'] is None
    if not answer.startswith(JSON):
        assert 'failed' in printed
        assert call['is_error'] and call['error_type']
        assert call['retry_count'] == 2
        attempts = rows(server, f"SELECT is_exception FROM records WHERE parent_span_id = '{call['span_id']}' AND kind = 'span'")
        assert [attempt['is_exception'] for attempt in attempts] == [True] * 3

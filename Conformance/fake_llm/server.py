"""The HTTP side: `/v1/chat/completions` (plain and streamed), and the two look-ups the weather agent's tools make."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .script import Reply, Script

CREATED = 1_700_000_000
PLACES = {'London': (51.5, -0.1), 'Wiltshire': (51.3, -2.0)}
WEATHER = {(51.5, -0.1): ('21 °C', 'Sunny'), (51.3, -2.0): ('17 °C', 'Rain')}


class FakeModelServer:
    """Runs on a free port of the loopback interface between `start` and `stop`. `requests` holds every chat request."""

    def __init__(self, script: Script, port: int = 0):
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self._numbers = iter(range(1, 10**9))
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(('127.0.0.1', port), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f'http://127.0.0.1:{self._server.server_address[1]}'

    def start(self) -> 'FakeModelServer':
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def serve(self) -> None:
        self._server.serve_forever()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> 'FakeModelServer':
        return self.start()

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def next_id(self) -> str:
        with self._lock:
            return f'chatcmpl-{next(self._numbers):04d}'

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(_Handler):
            server_state = fake

        return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    server_state: FakeModelServer

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path == '/lat_lng' and query.get('location') in PLACES:
            lat, lng = PLACES[query['location']]
            self._json(200, {'lat': lat, 'lng': lng})
        elif url.path == '/weather' and (found := WEATHER.get((float(query.get('lat', 0)), float(query.get('lng', 0))))):
            self._json(200, {'temperature': found[0], 'description': found[1]})
        else:
            self._json(404, {'error': {'message': f'nothing at {self.path}', 'type': 'invalid_request_error'}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get('content-length') or 0))
        if urlsplit(self.path).path != '/v1/chat/completions':
            self._json(404, {'error': {'message': f'nothing at {self.path}', 'type': 'invalid_request_error'}})
            return
        request = json.loads(body)
        self.server_state.requests.append(request)
        reply = self.server_state.script.reply(request)
        if reply is None:
            error = {'message': 'Rate limit reached', 'type': 'requests', 'code': 'rate_limit_exceeded'}
            self._json(429, {'error': error}, {'retry-after-ms': '10'})
            return
        time.sleep(reply.delay)
        if request.get('stream'):
            self._stream(request, reply)
        else:
            self._json(200, self._completion(request, reply))

    def _json(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        for name, content in {'content-type': 'application/json', 'content-length': str(len(body)), **(headers or {})}.items():
            self.send_header(name, content)
        self.end_headers()
        self.wfile.write(body)

    def _completion(self, request: dict[str, Any], reply: Reply) -> dict[str, Any]:
        message: dict[str, Any] = {'role': 'assistant', 'content': reply.text or None}
        if calls := self._tool_calls(request, reply):
            message['tool_calls'] = calls
        return {
            'id': self.server_state.next_id(),
            'object': 'chat.completion',
            'created': CREATED,
            'model': request['model'],
            'choices': [{'index': 0, 'message': message, 'finish_reason': reply.reason}],
            'usage': reply.usage(),
        }

    @staticmethod
    def _tool_calls(request: dict[str, Any], reply: Reply) -> list[dict[str, Any]]:
        turn = len(request['messages'])
        return [
            {'id': f'call_{turn}_{index}', 'type': 'function', 'function': {'name': call.name, 'arguments': json.dumps(call.arguments)}}
            for index, call in enumerate(reply.tool_calls)
        ]

    def _stream(self, request: dict[str, Any], reply: Reply) -> None:
        self.send_response(200)
        self.send_header('content-type', 'text/event-stream')
        self.send_header('connection', 'close')
        self.end_headers()
        self.close_connection = True
        head = {'id': self.server_state.next_id(), 'object': 'chat.completion.chunk', 'created': CREATED, 'model': request['model']}
        deltas: list[dict[str, Any]] = [{'role': 'assistant', 'content': ''}]
        deltas += [{'content': piece} for piece in re.findall(r'\s*\S+|\s+$', reply.text)]
        deltas += [{'tool_calls': [{'index': index} | call]} for index, call in enumerate(self._tool_calls(request, reply))]
        for delta in deltas:
            self._event(head | {'choices': [{'index': 0, 'delta': delta, 'finish_reason': None}]})
            time.sleep(reply.chunk_delay)
        self._event(head | {'choices': [{'index': 0, 'delta': {}, 'finish_reason': reply.reason}]})
        if (request.get('stream_options') or {}).get('include_usage'):
            self._event(head | {'choices': [], 'usage': reply.usage()})
        self.wfile.write(b'data: [DONE]\n\n')

    def _event(self, value: Any) -> None:
        self.wfile.write(f'data: {json.dumps(value, ensure_ascii=False)}\n\n'.encode())
        self.wfile.flush()

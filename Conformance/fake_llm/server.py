"""The HTTP side: the model APIs, plain and streamed, and the two look-ups the weather agent's tools make."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .apis import APIS, Answer, ModelAPI, find_api
from .apis.openai_chat import openai_error
from .ledger import Ledger, Served, key_of
from .script import Script

PLACES = {'London': (51.5, -0.1), 'Wiltshire': (51.3, -2.0)}
WEATHER = {(51.5, -0.1): ('21 °C', 'Sunny'), (51.3, -2.0): ('17 °C', 'Rain')}


class FakeModelServer:
    """Runs on a free port of the loopback interface between `start` and `stop`.

    `ledger` says what it served, `requests` holds the body of every request to a model, `headers` their headers.
    `name` becomes part of the ids of its responses: two servers whose answers meet in one project need two names.
    `pages` are further look-ups: the JSON at a path.
    """

    def __init__(self, script: Script, port: int = 0, name: str = '', pages: dict[str, Any] | None = None):
        self.script = script
        self.name = name
        self.pages = pages or {}
        self.ledger = Ledger()
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
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
            return f'{self.name}{next(self._numbers):04d}'

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(_Handler):
            server_state = fake

        return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
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
        elif url.path in self.server_state.pages:
            self._json(200, self.server_state.pages[url.path])
        else:
            self._json(404, openai_error(404, f'nothing at {self.path}'))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get('content-length') or 0))
        received = time.monotonic()
        state, path = self.server_state, urlsplit(self.path).path
        api = find_api(APIS, path)
        if api is None:
            self._json(404, openai_error(404, f'nothing at {self.path}'))
            return
        request = json.loads(body)
        state.requests.append(request)
        state.headers.append({name.lower(): value for name, value in self.headers.items()})
        model = api.model(path, request)
        entry = state.ledger.add(Served(api.name, api.provider, model, key_of(path, request)))
        reply = state.script.reply({'messages': api.conversation(request)})
        if reply is None:
            entry.status = 429
            self._json(429, api.error(429, 'Rate limit reached'), {'retry-after-ms': '10'})
            return
        entry.reply = reply
        time.sleep(reply.delay)
        entry.first_byte_after = time.monotonic() - received
        if reply.status != 200:
            entry.status = reply.status
            self._json(reply.status, api.error(reply.status, 'The request cannot be answered'))
            return
        answer = Answer(request, reply, api.response_id(state.next_id()), model)
        entry.response_id = answer.id
        entry.is_streamed = api.is_streamed(path, request)
        if entry.is_streamed:
            self._stream(api, answer)
        else:
            self._json(200, api.whole(answer))

    def _json(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        for name, content in {'content-type': 'application/json', 'content-length': str(len(body)), **(headers or {})}.items():
            self.send_header(name, content)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, api: ModelAPI, answer: Answer) -> None:
        self.send_response(200)
        self.send_header('content-type', 'text/event-stream')
        self.send_header('connection', 'close')
        self.end_headers()
        self.close_connection = True
        for name, data in api.events(answer):
            text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
            self.wfile.write(((f'event: {name}\n' if name else '') + f'data: {text}\n\n').encode())
            self.wfile.flush()
            if answer.reply.chunk_delay:
                time.sleep(answer.reply.chunk_delay)

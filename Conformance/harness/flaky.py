"""A proxy between a client and the server that refuses some requests, as an overloaded server does."""

import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from .server import Server


class FlakyProxy:
    """Forwards to the server; `verdict` says of each OTLP request, by its number from 0, what becomes of it:
    `pass`, `refuse` (503, not forwarded) or `lose` (forwarded, but the client is told 503)."""

    def __init__(self, server: Server, verdict: Callable[[int], str]):
        self.target = urlsplit(server.url)
        self.verdict = verdict
        self.seen: list[str] = []
        self.lock = threading.Lock()
        self.httpd: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self.httpd
        return f'http://127.0.0.1:{self.httpd.server_port}'

    def __enter__(self) -> 'FlakyProxy':
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self) -> None:
                self.forward(None)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get('content-length') or 0))
                with proxy.lock:
                    verdict = proxy.verdict(len(proxy.seen))
                    proxy.seen.append(verdict)
                if verdict == 'refuse':
                    return self.answer(503, b'busy', 'text/plain')
                self.forward(body, hide=verdict == 'lose')

            def forward(self, body: bytes | None, hide: bool = False) -> None:
                connection = http.client.HTTPConnection(proxy.target.hostname or '', proxy.target.port, timeout=30)
                headers = {key: value for key, value in self.headers.items() if key.lower() not in ('host', 'connection')}
                connection.request(self.command, self.path, body, headers)
                response = connection.getresponse()
                content = response.read()
                connection.close()
                if hide:
                    return self.answer(503, b'busy', 'text/plain')
                self.answer(response.status, content, response.getheader('content-type') or 'application/octet-stream')

            def answer(self, status: int, content: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header('content-type', kind)
                self.send_header('content-length', str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self.httpd = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.httpd.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        assert self.httpd
        self.httpd.shutdown()
        self.httpd.server_close()

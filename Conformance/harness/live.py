"""A reader of the live stream (`/ui/live/stream`, Server-Sent Events) that notes when each batch came."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from .server import Server


@dataclass(frozen=True)
class Batch:
    """One event of the stream."""

    id: int
    received_at: float
    """`time.time()` when it came."""
    data: dict[str, Any]

    @property
    def records(self) -> list[dict[str, Any]]:
        return self.data['records']


class LiveReader:
    """Reads the stream in a thread between `with` and its end."""

    def __init__(self, server: Server, after: int | None = None, last_event_id: int | None = None, query: str | None = None):
        self.batches: list[Batch] = []
        self.error: BaseException | None = None
        self._changed = threading.Condition()
        parameters: dict[str, Any] = {} if after is None else {'after': after}
        if query is not None:
            parameters['q'] = query
        headers = {} if last_event_id is None else {'last-event-id': str(last_event_id)}
        self._client = httpx.Client(base_url=server.url, timeout=httpx.Timeout(15, read=30), trust_env=False)
        self._context = self._client.stream('GET', '/ui/live/stream', params=parameters, headers=headers | {'accept': 'text/event-stream'})
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._closed = False

    def __enter__(self) -> 'LiveReader':
        self._response = self._context.__enter__()
        assert self._response.status_code == 200, self._response.read()
        assert self._response.headers['content-type'].startswith('text/event-stream')
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        """Closes the connection, as a browser tab that goes away."""
        self._closed = True
        with contextlib.suppress(OSError):  # the server may have closed it already
            self._response.extensions['network_stream'].get_extra_info('socket').shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._response.close()
        self._client.close()

    def _read(self) -> None:
        fields: dict[str, str] = {}
        try:
            for line in self._response.iter_lines():
                if line.startswith(':'):
                    continue
                if line:
                    name, _, content = line.partition(':')
                    fields[name] = fields.get(name, '') + content.removeprefix(' ')
                elif fields:
                    if fields.get('event') == 'batch':
                        self._add(Batch(int(fields['id']), time.time(), json.loads(fields['data'])))
                    fields = {}
        except (httpx.HTTPError, httpx.StreamError) as error:
            if not self._closed:
                self.error = error

    def _add(self, batch: Batch) -> None:
        with self._changed:
            self.batches.append(batch)
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[list[Batch]], bool], timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: condition(self.batches), timeout)

    def records(self) -> list[dict[str, Any]]:
        return [record for batch in list(self.batches) for record in batch.records]

"""Concurrent senders that remember what was acknowledged, and behave as exporters do: 503 means later, a lost connection means again."""

import threading
import time
from collections import Counter
from types import TracebackType

import httpx

from .ledger import Ledger, Parcel
from .otlp import PROTOBUF
from .server import Server


def deliver(client: httpx.Client, item: Parcel) -> list[httpx.Response]:
    """Sends what is not acknowledged of a parcel; notes what is."""
    answers = []
    if not item.spans_acknowledged:
        answers.append(client.post('/v1/traces', content=item.spans, headers=PROTOBUF))
        item.spans_acknowledged = answers[-1].status_code == 200
    if not item.points_acknowledged:
        answers.append(client.post('/v1/metrics', content=item.points, headers=PROTOBUF))
        item.points_acknowledged = answers[-1].status_code == 200
    return answers


def resend(server: Server, ledger: Ledger, *, everything: bool = False) -> None:
    """What a client does that lost its connection: it sends again whatever was not acknowledged (or simply everything)."""
    for item in list(ledger.parcels.values()) if everything else ledger.unsure:
        for path, body in (('/v1/traces', item.spans), ('/v1/metrics', item.points)):
            answer = server.http.post(path, content=body, headers=PROTOBUF)
            assert answer.status_code == 200, f'{answer.status_code} {answer.text}'
        item.spans_acknowledged = item.points_acknowledged = True


class Senders:
    """A context in which threads send parcels; ends when left, when the server is gone, or after `stop`."""

    def __init__(self, server: Server, ledger: Ledger, *, count: int = 3, pause: float = 0.02, days: tuple[int, ...] = (0, 0, 1, 3), characters: int = 1500, timeout: float = 30):
        self.url = server.url
        self.ledger = ledger
        self.pause = pause
        self.days = days
        self.characters = characters
        self.timeout = timeout
        self.statuses: Counter[int] = Counter()
        self.unavailable: list[httpx.Response] = []
        """Answers with 503."""
        self.lost_connections = 0
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]

    def _run(self) -> None:
        with httpx.Client(base_url=self.url, timeout=self.timeout, trust_env=False) as client:
            while not self.ended.is_set():
                item = self.ledger.new(self.days, self.characters)
                try:
                    for answer in deliver(client, item):
                        self.statuses[answer.status_code] += 1
                        if answer.status_code == 503:
                            self.unavailable.append(answer)
                            time.sleep(0.1)
                except httpx.TransportError:
                    self.lost_connections += 1
                    time.sleep(0.05)
                time.sleep(self.pause)

    def stop(self) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def __enter__(self) -> 'Senders':
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

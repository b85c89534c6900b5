"""What was sent, what was acknowledged, and the exact comparison with what is stored."""

import json
import os
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import md5

from opentelemetry.proto.metrics.v1 import metrics_pb2 as pb

from . import otlp
from .query import rows_soon
from .server import Server

CALLS = 3
PLAIN = 5
SPANS = CALLS + PLAIN
POINTS = 4
DAY = 86_400 * 10**9
INPUT, OUTPUT = 'gen_ai.input.messages', 'gen_ai.output.messages'


@dataclass
class Parcel:
    """Two requests of one trace: spans with model calls, and metric points. What is acknowledged has to be stored exactly once."""

    key: str
    """The trace id, also the attribute `parcel` of the metric points."""
    spans: bytes
    points: bytes
    texts: dict[str, tuple[str, str, str]]
    """By span id: input messages, output messages, payload, as they were sent."""
    days_ago: int = 0
    spans_acknowledged: bool = False
    points_acknowledged: bool = False

    @property
    def digests(self) -> dict[str, str]:
        return {name: digest(*texts) for name, texts in self.texts.items()}


def digest(*texts: str) -> str:
    return md5('|'.join(texts).encode()).hexdigest()


def messages(role: str, characters: int) -> str:
    """Messages with a text that no other span has, beyond ASCII and with escapes."""
    content = f'„{os.urandom(characters // 2).hex()}“ \\ "quoted"\n\tÄ 漢字 🙂'
    return json.dumps([{'role': role, 'parts': [{'type': 'text', 'content': content}]}], ensure_ascii=False)


def parcel(days_ago: int = 0, characters: int = 1500) -> Parcel:
    trace = os.urandom(16)
    begin = time.time_ns() - days_ago * DAY
    texts: dict[str, tuple[str, str, str]] = {}
    spans = []
    for number in range(SPANS):
        made = otlp.span(f'step {number}', trace=trace, start=begin + number * 1000, seconds=0.25)
        payload = os.urandom(40).hex()
        values: dict[str, object] = {'payload': payload}
        if number < CALLS:
            texts[made.span_id.hex()] = (messages('user', characters), messages('assistant', 200), payload)
            values |= {
                'gen_ai.operation.name': 'chat',
                'gen_ai.provider.name': 'openai',
                'gen_ai.request.model': 'gpt-4o',
                'gen_ai.usage.input_tokens': 1000 + number,
                'gen_ai.usage.output_tokens': 10,
                INPUT: texts[made.span_id.hex()][0],
                OUTPUT: texts[made.span_id.hex()][1],
            }
        else:
            texts[made.span_id.hex()] = ('', '', payload)
        made.attributes.extend(otlp.attributes(values))
        spans.append(made)
    points = [
        pb.NumberDataPoint(time_unix_nano=begin + number, as_int=number + 1, attributes=otlp.attributes({'parcel': trace.hex(), 'n': number}))
        for number in range(POINTS)
    ]
    metric = pb.Metric(name='parcels', gauge=pb.Gauge(data_points=points))
    return Parcel(
        trace.hex(), otlp.traces(spans).SerializeToString(), otlp.metrics([metric]).SerializeToString(), texts, days_ago=days_ago
    )


@dataclass
class Stored:
    """What a server has, by parcel."""

    spans: dict[str, tuple[int, int]]
    """Rows and distinct span ids."""
    calls: dict[str, tuple[int, int]]
    """Calls and the sum of their input tokens."""
    points: dict[str, tuple[int, float]]
    """Points and the sum of their values."""

    WHOLE_SPANS = (SPANS, SPANS)
    WHOLE_CALLS = (CALLS, sum(1000 + number for number in range(CALLS)))
    WHOLE_POINTS = (POINTS, float(sum(range(1, POINTS + 1))))

    def is_partial(self, item: 'Parcel') -> bool:
        """Whether some of a parcel's spans and calls are there, or some of its points, but not all."""
        spans = (self.spans.get(item.key), self.calls.get(item.key))
        points = self.points.get(item.key)
        return spans not in ((None, None), (self.WHOLE_SPANS, self.WHOLE_CALLS)) or points not in (None, self.WHOLE_POINTS)


def stored(server: Server, where: str = 'true') -> Stored:
    def pages(sql: str) -> list[dict]:
        found = []
        for digit in '0123456789abcdef':
            page = rows_soon(server, sql.format(digit=digit))
            assert len(page) < 10_000
            found += page
        return found

    spans = pages(
        "SELECT trace_id AS k, count(*) AS n, count(DISTINCT span_id) AS d FROM records "
        f"WHERE trace_id LIKE '{{digit}}%' AND span_name LIKE 'step%' AND {where} GROUP BY 1"
    )
    calls = pages(
        f"SELECT trace_id AS k, count(*) AS n, sum(input_tokens) AS t FROM llm_calls WHERE trace_id LIKE '{{digit}}%' AND {where} GROUP BY 1"
    )
    points = []
    if where == 'true':
        points = pages(
            "SELECT attributes->>'parcel' AS k, count(*) AS n, sum(scalar_value) AS v FROM metrics "
            "WHERE metric_name = 'parcels' AND (attributes->>'parcel') LIKE '{digit}%' GROUP BY 1"
        )
    return Stored(
        {row['k']: (row['n'], row['d']) for row in spans},
        {row['k']: (row['n'], int(row['t'])) for row in calls},
        {row['k']: (row['n'], float(row['v'])) for row in points},
    )


@dataclass
class Ledger:
    """Everything that was ever sent to one data folder."""

    parcels: dict[str, Parcel] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def new(self, days: tuple[int, ...] = (0, 0, 1, 3), characters: int = 1500) -> Parcel:
        made = parcel(random.choice(days), characters)
        with self.lock:
            self.parcels[made.key] = made
        return made

    @property
    def acknowledged(self) -> list[Parcel]:
        return [item for item in list(self.parcels.values()) if item.spans_acknowledged]

    @property
    def unsure(self) -> list[Parcel]:
        """Parcels with a request that was not acknowledged."""
        return [item for item in list(self.parcels.values()) if not (item.spans_acknowledged and item.points_acknowledged)]

    def check(self, server: Server, *, bodies: list[Parcel] | None = None) -> None:
        """Everything acknowledged is there exactly once; what was not is there whole or not at all.

        - bodies: the parcels whose texts are compared too; all that are acknowledged by default.
        """
        found = stored(server)
        # A request whose sender gave up may be stored between the statements of one look.
        deadline = time.monotonic() + 5
        while any(found.is_partial(item) for item in self.unsure) and time.monotonic() < deadline:
            time.sleep(0.2)
            found = stored(server)
        for item in list(self.parcels.values()):
            spans, calls, points = (table.get(item.key) for table in (found.spans, found.calls, found.points))
            told = f'{item.key} of {item.days_ago} days ago (spans acknowledged: {item.spans_acknowledged}, points: {item.points_acknowledged})'
            if item.spans_acknowledged or spans is not None or calls is not None:
                assert spans == Stored.WHOLE_SPANS, f'spans of {told}: {spans}; {self.summary(found)}'
                assert calls == Stored.WHOLE_CALLS, f'calls of {told}: {calls}; {self.summary(found)}'
            if item.points_acknowledged or points is not None:
                assert points == Stored.WHOLE_POINTS, f'points of {told}: {points}; {self.summary(found)}'
        foreign = (found.spans.keys() | found.points.keys()) - self.parcels.keys()
        assert not foreign, f'nobody sent {foreign}'
        self.check_bodies(server, self.acknowledged if bodies is None else bodies)

    def summary(self, found: Stored) -> str:
        lost = [item.key for item in self.acknowledged if item.key not in found.spans]
        doubled = [key for key, (n, _) in found.spans.items() if n > SPANS]
        return f'of {len(self.acknowledged)} acknowledged parcels {len(lost)} are not there, {len(doubled)} more than once'

    def check_bodies(self, server: Server, parcels: list[Parcel]) -> None:
        """The texts of all spans are what was sent, byte for byte."""
        wanted = sorted(parcels, key=lambda item: item.key)
        groups: list[list[Parcel]] = [[]]
        for item in wanted:
            # A few megabytes at a time.
            if len(groups[-1]) == 200 or sum(len(other.spans) for other in groups[-1]) > 4 << 20:
                groups.append([])
            groups[-1].append(item)
        for some in groups:
            if not some:
                continue
            keys = ', '.join(f"'{item.key}'" for item in some)
            texts = ', '.join(f"coalesce(attributes->>'{name}', '')" for name in (INPUT, OUTPUT, 'payload'))
            # Only their days: the others need not be looked at.
            since = datetime.now(UTC) - timedelta(days=max(item.days_ago for item in some) + 2)
            sql = f"SELECT span_id, md5(concat_ws('|', {texts})) AS digest FROM records WHERE trace_id IN ({keys}) AND span_name LIKE 'step%'"
            answer = rows_soon(server, sql, min_timestamp=since.isoformat())
            got = {row['span_id']: row['digest'] for row in answer}
            for item in some:
                for name, expected in item.digests.items():
                    told = f'the texts of span {name} of {item.key} ({item.days_ago} days ago) are not what was sent: {got.get(name)}'
                    assert got.get(name) == expected, told
        # The digest is the engine's own; a few are read as text.
        for item in random.sample(wanted, min(3, len(wanted))):
            answer = rows_soon(server, f"SELECT span_id, attributes FROM records WHERE trace_id = '{item.key}' AND span_name LIKE 'step%'")
            for row in answer:
                sent = item.texts[row['span_id']]
                assert tuple(row['attributes'].get(name, '') for name in (INPUT, OUTPUT, 'payload')) == sent

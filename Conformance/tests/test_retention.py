"""Retention by age, by size and by keep rules (D3): days go, what rules keep stays whole, and no query fails meanwhile."""

import contextlib
import json
import random
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from opentelemetry.proto.metrics.v1.metrics_pb2 import Gauge, Metric, NumberDataPoint
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from harness.otlp import metrics, send, span, traces
from harness.query import post_query, rows, value
from harness.server import PROGRAM, Server, clean_environment

FAST = ('--storage-idle-seconds', '1', '--storage-idle-rotation-bytes', '1')
TRACES_A_DAY = 200
KEY = 'gen_ai.input.messages'


def retention(server: Server) -> str:
    return f'/api/v1/projects/{server.http.get("/api/v1/projects/").json()[0]["id"]}/retention/'


def put(server: Server, **settings: Any) -> dict[str, Any]:
    response = server.http.put(retention(server), json=settings)
    assert response.status_code == 200, response.text
    return response.json()


def preview(server: Server, **settings: Any) -> dict[str, Any]:
    response = server.http.post(retention(server) + 'preview/', json={'settings': settings})
    assert response.status_code == 200, response.text
    return response.json()


def wait(condition: Callable[[], bool], seconds: float, what: Callable[[], str]) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what()
        time.sleep(0.1)


def settled(server: Server, records: int) -> None:
    """Everything is in segments."""
    wait(lambda: server.http.get(retention(server)).json()['stored']['records'] == records, 60, lambda: 'the records are not sealed')


def noon(days_ago: int) -> datetime:
    return datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)


class Loaded:
    """Days of traces of two spans with long messages; every tenth trace has an error in its second span."""

    def __init__(self, server: Server, days: range) -> None:
        self.bodies: dict[tuple[int, int], str] = {}
        generator = random.Random(7)
        for day in days:
            spans: list[Span] = []
            for number in range(TRACES_A_DAY):
                text = f'[{{"role":"user","content":"phrase-{day}-{number}- {generator.randbytes(5_000).hex()}"}}]'
                self.bodies[day, number] = text
                start = int(noon(day).timestamp() * 1e9) + number * 1_000_000_000
                trace = generator.randbytes(16)
                root = span(f'root {day} {number}', trace=trace, start=start, values={KEY: text})
                failed = Status.STATUS_CODE_ERROR if number % 10 == 0 else Status.STATUS_CODE_UNSET
                spans += [root, span('work', trace=trace, parent=root.span_id, start=start + 1_000, status=failed)]
            send(server, traces(spans))
        self.records = len(days) * TRACES_A_DAY * 2
        settled(server, self.records)


class Reader:
    """Asks again and again, also for messages and their search; no answer may fail."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.answers = 0
        self.failures: list[str] = []
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(sql,)) for sql in self.queries()]

    def queries(self) -> list[str]:
        return [
            f"SELECT sum(length(attributes->>'{KEY}')) AS n, count(*) AS c FROM records",
            f"SELECT count(*) AS n FROM records WHERE attributes->>'{KEY}' ILIKE '%PHRASE-9-10-%'",
        ]

    def run(self, sql: str) -> None:
        while not self.ended.is_set():
            response = post_query(self.server, sql)
            self.answers += 1
            if response.status_code != 200:
                self.failures.append(f'{response.status_code} {response.text}')

    def __enter__(self) -> 'Reader':
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()
        if kind is None:
            assert self.answers > 5
            assert not self.failures, self.failures[:3]


def folder_bytes(server: Server) -> int:
    total = 0
    for file in Path(server.data).glob('telemetry/segments/1/*'):
        # Files come and go.
        with contextlib.suppress(FileNotFoundError):
            total += file.stat().st_size
    return total


def day_rows(server: Server, day: int) -> dict[str, Any]:
    start, end = noon(day) - timedelta(hours=12), noon(day) + timedelta(hours=12)
    found = rows(
        server,
        f"SELECT count(*) AS records, count(DISTINCT trace_id) AS traces, count(*) FILTER (WHERE otel_status_code = 'ERROR') AS errors FROM records",
        min_timestamp=start.isoformat(), max_timestamp=end.isoformat(),
    )
    return found[0]


ERRORS = {'name': 'errors', 'condition': 'error', 'days': 90}
KEPT = {'records': TRACES_A_DAY // 5, 'traces': TRACES_A_DAY // 10, 'errors': TRACES_A_DAY // 10}
WHOLE = {'records': TRACES_A_DAY * 2, 'traces': TRACES_A_DAY, 'errors': TRACES_A_DAY // 10}


def kept_is_whole(server: Server, loaded: Loaded, day: int) -> None:
    """The kept traces of a day with their messages, byte for byte, and found by search."""
    for number in range(0, TRACES_A_DAY, 10):
        found = rows(server, f"SELECT attributes->>'{KEY}' AS body FROM records WHERE span_name = 'root {day} {number}'")
        assert [row['body'] for row in found] == [loaded.bodies[day, number]]
        assert value(server, f"SELECT count(*) AS n FROM records WHERE attributes->>'{KEY}' ILIKE '%phrase-{day}-{number}-%'") == 1
    assert value(server, f"SELECT count(*) AS n FROM records WHERE attributes->>'{KEY}' ILIKE '%phrase-{day}-11-%'") == 0


def test_D3_the_oldest_days_go_and_what_a_rule_keeps_stays(server_with: Callable[..., Server]) -> None:
    server = server_with(*FAST)
    loaded = Loaded(server, range(10))
    stored = server.http.get(retention(server)).json()['stored']
    assert stored['days'] == 10 and stored['bytes'] == folder_bytes(server)
    cap = stored['bytes'] // 2
    told = preview(server, bytes=cap, rules=[ERRORS])
    assert told['kept'] == [{'rule': 'errors', 'records': KEPT['records'] * len(told['days'])}] and not told['is_estimate']
    assert day_rows(server, 9) == WHOLE, 'a preview changes nothing'
    with Reader(server):
        started = time.monotonic()
        put(server, bytes=cap, rules=[ERRORS])
        wait(
            lambda: folder_bytes(server) < cap and day_rows(server, 9) == KEPT, 60,
            lambda: f'{folder_bytes(server)} bytes, not {cap}; {day_rows(server, 9)}; {server.output()}',
        )
        assert time.monotonic() - started < 60
        wait(lambda: not server.http.get(retention(server) + 'status/').json()['work'], 30, lambda: 'retention does not end')
    cut = [day for day in range(10) if day_rows(server, day) == KEPT]
    assert cut == list(range(10 - len(cut), 10)) and 4 <= len(cut) <= 7, cut
    assert len(cut) == len(told['days'])
    for day in range(10 - len(cut)):
        assert day_rows(server, day) == WHOLE
    kept_is_whole(server, loaded, 9)
    # What was told is what was done.
    log = server.http.get(retention(server) + 'status/').json()['log']
    assert sorted(entry['day'] for entry in log) == sorted(day['day'] for day in told['days'])
    assert sum(entry['records'] for entry in log) == told['records'] == len(cut) * (WHOLE['records'] - KEPT['records'])
    # The same after a restart.
    server.stop()
    server = server_with(*FAST)
    assert day_rows(server, 9) == KEPT and day_rows(server, 0) == WHOLE
    kept_is_whole(server, loaded, 9)
    assert server.http.get('/api/v1/health').json()['storage']['records'] == loaded.records - sum(entry['records'] for entry in log)


def test_by_age_with_rules_of_every_condition(server_with: Callable[..., Server]) -> None:
    server = server_with(*FAST)
    start = int(noon(20).timestamp() * 1e9)
    names = ['plain', 'level', 'service', 'environment', 'tag', 'span name', 'attribute', 'sql', 'exception', 'child of error']
    spans = {name: span(name, start=start) for name in names}
    spans['level'].attributes.extend(span(values={'logfire.level_num': 17}).attributes)
    spans['tag'].attributes.extend(span(values={'logfire.tags': ['vip', 'x']}).attributes)
    spans['attribute'].attributes.extend(span(values={'user.id': 'u-7'}).attributes)
    spans['sql'].end_time_unix_nano = start + 60 * 10**9
    spans['exception'].events.extend([Span.Event(name='exception', time_unix_nano=start)])
    send(server, traces([item for name, item in spans.items() if name != 'service']))
    send(server, traces([spans['service']], service='check-out'))
    send(server, metrics([
        Metric(name=name, gauge=Gauge(data_points=[NumberDataPoint(time_unix_nano=start, as_int=1)])) for name in ('kept.one', 'other')
    ]))
    settled(server, len(names))
    rules = [
        {'name': 'level', 'condition': 'level', 'level': 'error'},
        {'name': 'service', 'condition': 'service', 'value': 'check*'},
        {'name': 'environment', 'condition': 'environment', 'value': 'production'},
        {'name': 'tag', 'condition': 'tag', 'value': 'v*'},
        {'name': 'span name', 'condition': 'span_name', 'value': 'span name'},
        {'name': 'attribute', 'condition': 'attribute', 'key': 'user.id', 'value': 'u-*'},
        {'name': 'sql', 'condition': 'sql', 'sql': "duration > 30 AND span_name IN (SELECT span_name FROM records WHERE kind = 'span')"},
        {'name': 'exception', 'condition': 'exception'},
        {'name': 'logs', 'condition': 'kind', 'value': 'log'},
        {'name': 'metric', 'condition': 'metric', 'value': 'kept.*'},
    ]
    told = preview(server, days=10, rules=rules)
    assert {kept['rule']: kept['records'] for kept in told['kept']} == {
        'level': 1, 'service': 1, 'environment': 0, 'tag': 1, 'span name': 1, 'attribute': 1, 'sql': 1, 'exception': 1, 'logs': 0, 'metric': 1
    }
    put(server, days=10, rules=rules)
    wait(lambda: value(server, 'SELECT count(*) AS n FROM records') == 7, 60, lambda: f'nothing goes: {server.output()}')
    left = {row['span_name'] for row in rows(server, 'SELECT span_name FROM records')}
    assert left == {'level', 'service', 'tag', 'span name', 'attribute', 'sql', 'exception'}
    assert [row['metric_name'] for row in rows(server, 'SELECT metric_name FROM metrics')] == ['kept.one']
    # Without rules the rest goes too, and the day with it.
    put(server, days=10)
    wait(lambda: server.http.get(retention(server)).json()['stored']['days'] == 0, 30, lambda: 'the rest does not go')
    assert value(server, 'SELECT count(*) AS n FROM records') == 0 and value(server, 'SELECT count(*) AS n FROM metrics') == 0
    assert not list(Path(server.data).glob('telemetry/segments/1/*'))


def test_settings_are_checked_and_nothing_goes_by_default(server_with: Callable[..., Server]) -> None:
    server = server_with(*FAST)
    address = retention(server)
    answer = server.http.get(address).json()
    assert (answer['days'], answer['bytes'], answer['rules'], answer['server']) == (None, None, [], {'days': None, 'disk_budget_bytes': None})
    loaded = Loaded(server, range(400, 401))
    for rules, path in [
        ([{'name': 'a', 'condition': 'sql', 'sql': 'nonsense > 1'}], 'rules[0].sql'),
        ([{'name': 'a', 'condition': 'sql', 'sql': 'true) OR (true'}], 'rules[0].sql'),
        ([{'name': 'a', 'condition': 'sql', 'sql': "read_text('/etc/passwd') > ''"}], 'rules[0].sql'),
        ([{'name': 'a', 'condition': 'level', 'level': 'loud'}], 'rules[0].level'),
        ([{'name': 'a', 'condition': 'whatever'}], 'rules[0].condition'),
        ([ERRORS, ERRORS], 'rules[1].name'),
    ]:
        for response in (
            server.http.put(address, json={'days': 1, 'rules': rules}),
            server.http.post(address + 'preview/', json={'settings': {'days': 1, 'rules': rules}}),
        ):
            assert response.status_code == 422, response.text
            assert [error['path'].removeprefix('settings.') for error in response.json()['errors']] == [path], response.text
    time.sleep(6)
    assert value(server, 'SELECT count(*) AS n FROM records') == loaded.records


def test_the_servers_limits(server_with: Callable[..., Server]) -> None:
    server = server_with(*FAST)
    loaded = Loaded(server, range(8))
    before = folder_bytes(server)
    server.stop()
    server = server_with(*FAST, '--retention-days', '5', '--disk-budget-bytes', str(16 << 20))
    # A rule ends where the server does.
    put(server, rules=[ERRORS])
    wait(lambda: server.http.get(retention(server)).json()['stored']['days'] == 6, 30, lambda: 'days do not go')
    assert folder_bytes(server) < before and day_rows(server, 5) == WHOLE
    assert server.http.get('/api/v1/health').json()['storage']['records'] == loaded.records * 6 // 8


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(PROGRAM), 'retention', *arguments], capture_output=True, text=True, env=clean_environment(), check=False)


def test_at_the_terminal(server_with: Callable[..., Server], tmp_path: Path) -> None:
    server = server_with(*FAST)
    loaded = Loaded(server, range(20, 22))
    data, url = ('--data', str(server.data)), ('--url', server.url)
    assert 'No keep rules.' in command('show', *data).stdout
    file = tmp_path / 'retention.json'
    file.write_text(json.dumps({'days': 5, 'rules': [ERRORS]}))
    told = command('preview', *url, '--file', str(file))
    assert f'{(WHOLE["records"] - KEPT["records"]) * 2} records' in told.stdout and f'Kept by errors: {KEPT["records"] * 2}' in told.stdout, told
    assert json.loads(command('preview', *url, '--file', str(file), '--json').stdout)['kept'] == [{'rule': 'errors', 'records': KEPT['records'] * 2}]
    assert command('preview', *url).stdout == 'Nothing would be removed now.\n'
    assert value(server, 'SELECT count(*) AS n FROM records') == loaded.records
    assert command('set', *data, '--file', str(file)).returncode == 0
    changed = command('set', *data, '--size', '1.5GB', '--json')
    assert json.loads(changed.stdout) == {'days': 5, 'bytes': 1_500_000_000, 'rules': [ERRORS]}
    assert json.loads(command('show', *data, '--json').stdout) == json.loads(changed.stdout)
    # The running server takes it over.
    wait(lambda: value(server, 'SELECT count(*) AS n FROM records') == KEPT['records'] * 2, 60, lambda: f'nothing goes: {server.output()}')
    for arguments, code, said in [
        (('set', *data), 64, '--file, --days or --size'),
        (('set', *data, '--days', 'many'), 64, '--days must be'),
        (('set', *data, '--days', '-3'), 64, ''),
        (('set', *data, '--size', '5'), 1, 'bytes: must be between'),
        (('set', *data, '--file', '/nowhere'), 1, 'cannot read'),
        (('preview', *url, '--project', 'local/none'), 64, 'no project local/none'),
        (('preview', '--url', 'http://127.0.0.1:1'), 69, 'no server answers'),
    ]:
        ended = command(*arguments)
        assert ended.returncode == code and said in ended.stderr, (arguments, ended)


def test_killed_at_any_moment_a_day_is_whole_or_cut(server_with: Callable[..., Server]) -> None:
    server = server_with(*FAST)
    days = range(20, 28)
    loaded = Loaded(server, days)
    put(server, days=5, rules=[ERRORS])
    generator = random.Random(3)
    for _ in range(6):
        # It begins five seconds after the start.
        time.sleep(4.9 + generator.random() * 0.8)
        server.kill()
        server.start()
        for day in days:
            now = day_rows(server, day)
            assert now in (WHOLE, KEPT), (day, now, server.output())
        kept_bodies(server, loaded, days)
    wait(lambda: all(day_rows(server, day) == KEPT for day in days), 60, lambda: server.output())
    for day in days:
        kept_is_whole(server, loaded, day)
    assert len(list(Path(server.data).glob('telemetry/segments/1/*.db'))) == len(days)
    server.stop()
    doctor = subprocess.run([str(PROGRAM), 'doctor', '--data', str(server.data)], capture_output=True, text=True, env=clean_environment(), check=False)
    assert doctor.returncode == 0, doctor.stdout


def kept_bodies(server: Server, loaded: Loaded, days: range) -> None:
    found = rows(server, f"SELECT span_name, attributes->>'{KEY}' AS body FROM records WHERE span_name LIKE 'root % 10' OR span_name LIKE 'root % 50'")
    assert {row['span_name']: row['body'] for row in found} == {f'root {day} {n}': loaded.bodies[day, n] for day in days for n in (10, 50)}

"""`hearth export` and `hearth import`: what comes out and goes in again is the same."""

import csv
import json
import struct
import time
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToDict, Parse
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1 import metrics_pb2
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from harness import metrics
from harness.command import hearth, on
from harness.fixtures import SCENARIOS, requests
from harness.otlp import any_value, exception_event, logs, send, span, traces
from harness.query import rows, value
from harness.server import Server

TYPES = {'traces': ExportTraceServiceRequest, 'logs': ExportLogsServiceRequest, 'metrics': ExportMetricsServiceRequest}
# The ids of logs are made from what was received, in which times are exact to the nanosecond.
COMPARED = {
    'records': "SELECT * EXCLUDE (created_at, span_id) FROM records WHERE kind = 'log' ORDER BY ALL",
    'spans': "SELECT * EXCLUDE (created_at) FROM records WHERE kind <> 'log' ORDER BY ALL",
    'unfinished': "SELECT * EXCLUDE (created_at) FROM records_all WHERE kind = 'pending_span' ORDER BY ALL",
    'llm_calls': 'SELECT * FROM llm_calls ORDER BY ALL',
    'agent_runs': 'SELECT * FROM agent_runs ORDER BY ALL',
    'tool_calls': 'SELECT * FROM tool_calls ORDER BY ALL',
    'conversations': 'SELECT * FROM conversations ORDER BY ALL',
    'exceptions': 'SELECT * FROM exceptions ORDER BY ALL',
    'experiments': 'SELECT * FROM experiments ORDER BY ALL',
    'metrics': 'SELECT * EXCLUDE (created_at, value) FROM metrics ORDER BY ALL',
}


def answers(server: Server) -> dict[str, list[dict]]:
    return {name: rows(server, sql) for name, sql in COMPARED.items()}


def same(column: str, one: object, other: object) -> bool:
    """Equal; but for what is the difference of two times, which the query API has in whole microseconds."""
    if column == 'time_to_first_token' and isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 1.1e-6
    return one == other


def transfer(source: Server, folder: Path, tmp_path: Path, *arguments: str) -> dict[str, list[dict]]:
    """The answers of an empty server after an export of `source` was imported, twice."""
    hearth('export', '--to', str(folder), *arguments, *on(source))
    with Server(tmp_path / 'second') as target:
        hearth('import', str(folder), *on(target))
        first = answers(target)
        hearth('import', str(folder), *on(target))
        assert answers(target) == first, 'importing again changed something'
    return first


def test_round_trip_of_everything_real_clients_send(server: Server, tmp_path: Path) -> None:
    for scenario in SCENARIOS:
        for request in requests(scenario):
            request.send(server)
    before = answers(server)
    assert all(len(before[name]) > 5 for name in ('records', 'spans', 'llm_calls', 'agent_runs', 'tool_calls', 'metrics'))
    after = transfer(server, tmp_path / 'export', tmp_path, '--page-rows', '500')
    for name, wanted in before.items():
        got = after[name]
        assert len(got) == len(wanted), name
        for one, other in zip(got, wanted, strict=True):
            different = {key: (one[key], other[key]) for key in other if not same(key, one[key], other[key])}
            assert not different, f'{name}: {different}'


def map_value(**values: object) -> AnyValue:
    return AnyValue(kvlist_value=KeyValueList(values=[KeyValue(key=key, value=any_value(item)) for key, item in values.items()]))


def test_attribute_types_survive(server: Server, tmp_path: Path) -> None:
    work = span('typed', values={'int': 1, 'double': 1.0, 'big': 2**53 + 1, 'text': '1', 'true': True, 'list': ['a', 2, 2.5, False]})
    work.attributes.append(KeyValue(key='map', value=map_value(inner=1.0, other='x')))
    work.attributes.append(KeyValue(key='empty', value=AnyValue()))
    work.attributes.append(KeyValue(key='nested', value=AnyValue(array_value=ArrayValue(values=[map_value(a=1)]))))
    work.attributes.append(KeyValue(key='doc', value=any_value('{"a":  [1, 2.0],\n "b": "ü"}')))
    work.attributes.append(KeyValue(key='logfire.json_schema', value=any_value('{"type":"object","properties":{"doc":{"type":"object"}}}')))
    work.attributes.append(KeyValue(key='logfire.tags', value=any_value(['one', 'two'])))
    work.attributes.append(KeyValue(key='logfire.msg', value=any_value('a message')))
    work.trace_state, work.flags, work.dropped_attributes_count = 'vendor=1', 0x301, 3
    work.events.append(exception_event())
    work.events.append(Span.Event(name='chunk', time_unix_nano=work.start_time_unix_nano + 123456789, dropped_attributes_count=2))
    work.links.append(Span.Link(trace_id=b'1' * 16, span_id=b'2' * 8, trace_state='x=y'))
    send(server, traces([work, span('plain')]))
    record = LogRecord(time_unix_nano=time.time_ns(), severity_number=13, body=any_value('first\nsecond'), trace_id=b'3' * 16, span_id=b'4' * 8)
    named = LogRecord(time_unix_nano=time.time_ns(), severity_number=9, body=map_value(a=1), event_name='my.event')
    send(server, logs([record, named, LogRecord(time_unix_nano=time.time_ns(), severity_number=17, body=any_value('alone'))]))
    before = answers(server)
    raw = "SELECT attributes::VARCHAR AS a FROM records WHERE span_name = 'typed'"
    sent = value(server, raw)
    folder = tmp_path / 'export'
    assert transfer(server, folder, tmp_path) == before
    exported = Parse(json.dumps(next(json.loads(line) for line in (folder / 'traces.jsonl').read_text().splitlines())), ExportTraceServiceRequest())
    found = next(s for r in exported.resource_spans for sc in r.scope_spans for s in sc.spans if s.name == 'typed')
    assert (found.trace_id, found.span_id) == (work.trace_id, work.span_id) or len(found.trace_id) > 8
    kept = {item.key: item.value for item in found.attributes}
    assert {key: kept[key].WhichOneof('value') for key in ('int', 'double', 'big', 'text', 'true', 'list', 'map', 'empty', 'doc')} == {
        'int': 'int_value', 'double': 'double_value', 'big': 'int_value', 'text': 'string_value', 'true': 'bool_value', 'list': 'array_value',
        'map': 'kvlist_value', 'empty': None, 'doc': 'string_value',
    }
    assert kept['doc'].string_value == '{"a":  [1, 2.0],\n "b": "ü"}'
    assert (found.trace_state, found.flags, found.dropped_attributes_count) == ('vendor=1', 0x301, 3)
    assert '"doc":{"a":  [1, 2.0]' in sent


def test_metrics_of_every_kind_survive(server: Server, tmp_path: Path) -> None:
    exponential = metrics_pb2.ExponentialHistogramDataPoint(
        start_time_unix_nano=metrics.nano(0), time_unix_nano=metrics.nano(60), count=6, sum=12.5, scale=2, zero_count=1, zero_threshold=0.001, min=0, max=9
    )
    exponential.positive.offset, exponential.negative.offset = -2, 3
    exponential.positive.bucket_counts.extend([1, 0, 2])
    exponential.negative.bucket_counts.extend([2])
    summary = metrics_pb2.SummaryDataPoint(time_unix_nano=metrics.nano(61), count=4, sum=10)
    summary.quantile_values.add(quantile=0.5, value=2.5)
    exemplar = metrics.number(62, 5, start=0)
    exemplar.exemplars.add(time_unix_nano=metrics.nano(61), as_int=5, trace_id=b'1' * 16, span_id=b'2' * 8)
    metrics.send(
        server,
        metrics.counter('requests', metrics.DELTA, [exemplar, metrics.number(63, None, flags=1)]),
        metrics.counter('requests.total', metrics.CUMULATIVE, [metrics.number(60, 2.5, start=0, route='/a')], monotonic=False),
        metrics.gauge('temperature', [metrics.number(60, 20)]),
        metrics.histogram('latency', metrics.DELTA, [metrics.explicit_point(60, [0.1, 0.4, 3], [0.2, 1], 0), metrics.explicit_point(90, [], [0.2, 1], 60)]),
        metrics_pb2.Metric(
            name='sizes', exponential_histogram=metrics_pb2.ExponentialHistogram(aggregation_temporality=metrics.DELTA, data_points=[exponential])
        ),
        metrics_pb2.Metric(name='old', description='a summary', summary=metrics_pb2.Summary(data_points=[summary])),
    )
    before = answers(server)
    assert len(before['metrics']) == 8
    assert transfer(server, tmp_path / 'export', tmp_path)['metrics'] == before['metrics']


def test_windows_pages_and_equal_times(server: Server, tmp_path: Path) -> None:
    now = time.time_ns() // 1000 * 1000
    send(server, traces([span(f'same {n}', start=now - 3_600_000_000_000) for n in range(30)] + [span(f'old {n}', start=now - 10**9 * (90_000 + n)) for n in range(5)]))
    send(server, traces([span(f'new {n}', start=now - 10**9 * n) for n in range(25)]))
    said = hearth('export', '--to', str(tmp_path / 'day'), '--since', '1d', '--page-rows', '7', *on(server)).stdout
    lines = (tmp_path / 'day' / 'traces.jsonl').read_text().splitlines()
    names = [s['name'] for line in lines for r in json.loads(line)['resourceSpans'] for sc in r['scopeSpans'] for s in sc['spans']]
    assert sorted(names) == sorted([f'same {n}' for n in range(30)] + [f'new {n}' for n in range(25)])
    assert len(lines) > 3 and 'traces' in said
    hearth('export', '--to', str(tmp_path / 'csv'), '--format', 'csv', '--table', 'records', '--table', 'llm_calls', *on(server))
    with (tmp_path / 'csv' / 'records' / 'part-00001.csv').open() as file:
        assert len(list(csv.DictReader(file))) == 60
    assert 'not empty' in hearth('export', '--to', str(tmp_path / 'csv'), *on(server), status=74).stderr


def test_nanoseconds_of_spans_and_logs_survive(server: Server, tmp_path: Path) -> None:
    begun = time.time_ns() // 1000 * 1000 + 123
    send(server, traces([span('exact', start=begun)]))
    send(server, logs([LogRecord(time_unix_nano=begun + 333, severity_number=9, body=any_value('exact'))]))
    hearth('export', '--to', str(tmp_path / 'exact'), *on(server))
    spans = [
        s
        for line in (tmp_path / 'exact' / 'traces.jsonl').read_text().splitlines()
        for r in json.loads(line)['resourceSpans']
        for sc in r['scopeSpans']
        for s in sc['spans']
    ]
    assert [int(s['startTimeUnixNano']) for s in spans] == [begun]
    records = [
        s
        for line in (tmp_path / 'exact' / 'logs.jsonl').read_text().splitlines()
        for r in json.loads(line)['resourceLogs']
        for sc in r['scopeLogs']
        for s in sc['logRecords']
    ]
    assert [int(s['timeUnixNano']) for s in records] == [begun + 333]


def framed(messages: list, *, varint: bool) -> bytes:
    """Protobuf requests with a length before each."""
    out = b''
    for message in messages:
        body = message.SerializeToString()
        if varint:
            length, head = len(body), b''
            while length >= 0x80:
                head += bytes([length & 0x7F | 0x80])
                length >>= 7
            out += head + bytes([length]) + body
        else:
            out += struct.pack('>I', len(body)) + body
    return out


@pytest.mark.parametrize('kind', ['lines', 'varint', 'big-endian'])
def test_files_of_the_collector(server: Server, tmp_path: Path, kind: str) -> None:
    """The file exporter writes requests without the names of their types; each file holds one signal."""
    sent = [traces([span(f'{n} {k}') for k in range(n % 4 + 1)], service=f's{n}') for n in range(40)]
    if kind == 'lines':
        file = tmp_path / 'anything.json'
        # Ids are hexadecimal in OTLP/JSON, unlike in JSON of protobuf.
        documents = []
        for message in sent:
            document = MessageToDict(message)
            for found, original in zip(document['resourceSpans'][0]['scopeSpans'][0]['spans'], message.resource_spans[0].scope_spans[0].spans, strict=True):
                found['traceId'], found['spanId'] = original.trace_id.hex(), original.span_id.hex()
            documents.append(json.dumps(document))
        file.write_text('\n'.join(documents))
    else:
        file = tmp_path / 'traces.binpb'
        file.write_bytes(framed(sent, varint=kind == 'varint'))
    assert '40 requests' in hearth('import', str(file), *on(server)).stdout
    assert value(server, 'SELECT count(*) AS n FROM records') == sum(n % 4 + 1 for n in range(40))


def test_mistakes_name_the_place(server: Server, tmp_path: Path) -> None:
    file = tmp_path / 'mixed.jsonl'
    good = json.dumps({'resourceLogs': [{'scopeLogs': [{'logRecords': [{'timeUnixNano': '1767225600000000001', 'body': {'stringValue': 'x'}}]}]}]})
    file.write_text(good + '\n{"resourceLogs": 7}\n' + good.replace('0001"', '0002"') + '\n')
    refused = hearth('import', str(file), *on(server), status=1)
    assert 'line 2' in refused.stderr
    assert json.loads(hearth('import', str(file), '--keep-going', '--json', *on(server), status=1).stdout)['refused'] == 1
    assert value(server, "SELECT count(*) AS n FROM records WHERE message = 'x'") == 2
    file.write_text('{"nothing": 1}\n')
    assert 'line 1' in hearth('import', str(file), *on(server), status=65).stderr
    cut = tmp_path / 'logs.binpb'
    cut.write_bytes(framed([logs([LogRecord(body=any_value('cut'))])], varint=False)[:-1])
    assert 'ends in the middle' in hearth('import', str(cut), *on(server), status=65).stderr
    unnamed = tmp_path / 'unnamed.binpb'
    unnamed.write_bytes(framed([logs([LogRecord(time_unix_nano=time.time_ns(), body=any_value('unnamed'))])], varint=False))
    assert '--signal' in hearth('import', str(unnamed), *on(server), status=65).stderr
    hearth('import', str(unnamed), '--signal', 'logs', *on(server))
    assert value(server, "SELECT count(*) AS n FROM records WHERE message = 'unnamed'") == 1
    hearth('import', str(tmp_path / 'missing'), *on(server), status=66)


def test_parquet_has_what_the_tables_have(server: Server, tmp_path: Path) -> None:
    parquet = pytest.importorskip('pyarrow.parquet')
    for request in requests('multi-agent'):
        request.send(server)
    said = json.loads(hearth('export', '--to', str(tmp_path / 'out'), '--format', 'parquet', '--json', *on(server)).stdout)
    for written in said:
        if written['rows'] == 0:
            continue
        table = parquet.read_table(tmp_path / 'out' / written['table'])
        assert table.num_rows == written['rows'] == value(server, f'SELECT count(*) AS n FROM {written["table"]}'), written
    calls = parquet.read_table(tmp_path / 'out' / 'llm_calls')
    wanted = rows(server, 'SELECT span_id, input_tokens, cost FROM llm_calls ORDER BY span_id')
    assert calls.select(['span_id', 'input_tokens', 'cost']).sort_by('span_id').to_pylist() == wanted

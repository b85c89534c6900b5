"""D7: the answers of one query are equal in every format, on both versions of the query API."""

import csv
import io
import json
import math
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import httpx
import pyarrow
import pyarrow.parquet
import pytest

from harness.otlp import exception_event, send, span, traces
from harness.query import EARLIEST, post_query
from harness.server import Server

ARROW = 'application/vnd.apache.arrow.stream'
PARQUET = 'application/vnd.apache.parquet'
NDJSON = 'application/x-ndjson'

# One row of each of these, a row of NULLs in between, and the first again.
TYPES = """
    SELECT i AS n,
        CASE WHEN i % 3 <> 1 THEN true END AS boolean,
        CASE WHEN i % 3 <> 1 THEN (-128)::TINYINT END AS tiny, CASE WHEN i % 3 <> 1 THEN 255::UTINYINT END AS utiny,
        CASE WHEN i % 3 <> 1 THEN (-32768)::SMALLINT END AS small, CASE WHEN i % 3 <> 1 THEN 65535::USMALLINT END AS usmall,
        CASE WHEN i % 3 <> 1 THEN (-2147483648)::INTEGER END AS whole, CASE WHEN i % 3 <> 1 THEN 4294967295::UINTEGER END AS uwhole,
        CASE WHEN i % 3 <> 1 THEN (-9223372036854775807)::BIGINT END AS big, CASE WHEN i % 3 <> 1 THEN 18446744073709551615::UBIGINT END AS ubig,
        CASE WHEN i % 3 <> 1 THEN (-5)::HUGEINT END AS huge, CASE WHEN i % 3 <> 1 THEN 5::UHUGEINT END AS uhuge,
        CASE WHEN i % 3 <> 1 THEN 0.1::FLOAT END AS single, CASE WHEN i % 3 <> 1 THEN 1e300::DOUBLE END AS double,
        CASE WHEN i % 3 <> 1 THEN (-1.05)::DECIMAL(4, 2) END AS decimal4, CASE WHEN i % 3 <> 1 THEN 123456789.125::DECIMAL(12, 3) END AS decimal12,
        CASE WHEN i % 3 <> 1 THEN (-123456789012345678901234567.89)::DECIMAL(38, 2) END AS decimal38,
        CASE WHEN i % 3 <> 1 THEN 'é "quoted", ' || chr(10) || i END AS text, CASE WHEN i % 3 = 1 THEN '' END AS empty,
        CASE WHEN i % 3 <> 1 THEN '{"a": [1, "x"]}'::JSON END AS document,
        CASE WHEN i % 3 <> 1 THEN 'a\\x00b'::BLOB END AS bytes, CASE WHEN i % 3 <> 1 THEN '0101'::BIT END AS bits,
        CASE WHEN i % 3 <> 1 THEN '550e8400-e29b-41d4-a716-446655440000'::UUID END AS identifier,
        CASE WHEN i % 3 <> 1 THEN 'happy'::ENUM('sad', 'happy') END AS mood,
        CASE WHEN i % 3 <> 1 THEN DATE '1969-12-31' END AS day, CASE WHEN i % 3 <> 1 THEN TIME '10:11:12.500001' END AS clock,
        CASE WHEN i % 3 <> 1 THEN TIMESTAMP '1969-12-31 23:59:59.5' END AS stamp,
        CASE WHEN i % 3 <> 1 THEN TIMESTAMPTZ '2026-05-27 15:16:36.517321+02' END AS stamp_utc,
        CASE WHEN i % 3 <> 1 THEN TIMESTAMP_S '2026-01-01 00:00:01' END AS stamp_seconds,
        CASE WHEN i % 3 <> 1 THEN TIMESTAMP_MS '2026-01-01 00:00:00.5' END AS stamp_milliseconds,
        CASE WHEN i % 3 <> 1 THEN TIMESTAMP_NS '2026-01-01 00:00:00.123456000' END AS stamp_nanoseconds,
        CASE WHEN i % 3 = 0 THEN 'infinity'::TIMESTAMPTZ ELSE TIMESTAMPTZ '2026-01-01 00:00:00Z' END AS endless,
        CASE WHEN i % 3 <> 1 THEN INTERVAL '14 months 3 days 4 hours 5.5 seconds' END AS span,
        CASE WHEN i % 3 <> 1 THEN [i, NULL, 3] END AS list, CASE WHEN i % 3 <> 1 THEN [['a', NULL], [], NULL] END AS lists, [] AS nothing,
        [1.5, i]::DOUBLE[2] AS pair,
        CASE WHEN i % 3 <> 1 THEN {'a': i, 'b': [true, NULL], 'c': {'d': NULL::VARCHAR, 'e': 'f'}} END AS structure,
        CASE WHEN i % 3 <> 1 THEN [{'k': 'x', 'v': [1]}, NULL, {'k': NULL, 'v': NULL}] END AS structures,
        CASE WHEN i % 3 <> 1 THEN MAP {'k': [1, NULL], 'l': NULL} END AS pairs, CASE WHEN i % 3 <> 1 THEN MAP {1: {'x': 'y'}} END AS numbered,
        union_value(num := 2) AS either
    FROM range({rows}) t(i) ORDER BY i
"""


@pytest.fixture(scope='module')
def server(shared_server: Server) -> Server:
    values = {'k': 'v', 'n': 3, 'list': ['a', 'b'], 'text': 'a,"b"\n'}
    send(shared_server, traces([span(f'span {i}', values=values | {'i': i}, events=[exception_event()] if i % 7 == 0 else []) for i in range(5_000)]))
    return shared_server


def ask(server: Server, sql: str, accept: str, version: int = 2, **fields: Any) -> httpx.Response:
    if version == 2:
        body = {'sql': sql, 'min_timestamp': EARLIEST, 'limit': 10_000} | fields
        answer = server.http.post('/v2/query', json=body, headers={'accept': accept})
    else:
        answer = server.http.get('/v1/query', params={'sql': sql, 'limit': 10_000} | fields, headers={'accept': accept})
    assert answer.status_code == 200, answer.text
    return answer


def arrow(answer: httpx.Response) -> pyarrow.Table:
    with pyarrow.ipc.open_stream(answer.content) as reader:
        table = reader.read_all()
    table.validate(full=True)
    return table


def parquet(answer: httpx.Response) -> pyarrow.Table:
    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    table.validate(full=True)
    return table


def plain(value: Any) -> Any:
    """A value of pyarrow as JSON has it."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return float(value)
        case bytes():
            return value.hex()
        case datetime():
            text = value.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%f') + 'Z' if value.tzinfo else value.isoformat(timespec='microseconds')
            return text
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec='microseconds')
        case pyarrow.MonthDayNano():
            return f'P{value.months // 12}Y{value.months % 12}M{value.days}DT{value.nanoseconds // 3_600_000_000_000}H{value.nanoseconds % 60_000_000_000 / 1e9:.6f}S'
        case list() if value and all(isinstance(item, tuple) for item in value):
            if all(isinstance(key, str) for key, _ in value):
                return {key: plain(item) for key, item in value}
            return [{'key': plain(key), 'value': plain(item)} for key, item in value]
        case list():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
    raise AssertionError(f'{type(value)} {value!r}')


def columns_of(table: pyarrow.Table) -> dict[str, list[Any]]:
    found = {}
    for name in table.column_names:
        column = table.column(name)
        if pyarrow.types.is_float32(column.type):
            # The shortest text of a single-precision number is not the number itself.
            found[name] = [None if item is None else float(f'{item:.7g}') for item in column.to_pylist()]
        else:
            if pyarrow.types.is_timestamp(column.type) and column.type.unit == 'ns':
                column = column.cast(pyarrow.timestamp('us'))
            found[name] = [plain(item) for item in column.to_pylist()]
    return found


def texts(values: list[Any], documents: bool) -> list[Any]:
    """Documents as text, and numbers as JSON text has them."""
    return [json.loads(value) if documents and value is not None else value for value in values]


DOCUMENTS = {'document', 'either', 'attributes', 'otel_resource_attributes', 'otel_events', 'otel_scope_attributes', 'otel_links', 'log_body'}


def normal(name: str, value: Any) -> Any:
    """JSON's value with the digits that pyarrow gives: times have microseconds."""
    if isinstance(value, str) and name in ('stamp_seconds', 'stamp_milliseconds', 'stamp_nanoseconds'):
        return datetime.fromisoformat(value[:26]).isoformat(timespec='microseconds')
    return value


def wanted(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [normal(name, row[name]) for row in rows] for name in (rows[0] if rows else {})}


def check_tables(found: pyarrow.Table, rows: list[dict[str, Any]], names: list[str]) -> None:
    assert found.column_names == names and found.num_rows == len(rows)
    columns = columns_of(found)
    for name, expected in wanted(rows).items():
        assert texts(columns[name], name in DOCUMENTS) == expected, name


def csv_text(name: str, value: Any) -> str:
    """A JSON value as a field."""
    match value:
        case None:
            return ''
        case bool():
            return str(value).lower()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


@pytest.mark.parametrize('rows', [3, 5_000, 0], ids=['few rows', 'more than a chunk', 'no row'])
def test_d7_every_format_has_the_same_answer(server: Server, rows: int) -> None:
    sql = TYPES.replace('{rows}', str(rows))
    answer = ask(server, sql, 'application/json').json()
    fields = answer['schema']['fields']
    names = [field['name'] for field in fields]
    data = answer['data']
    assert len(data) == rows and all(list(row) == names for row in data)

    lines = [json.loads(line) for line in ask(server, sql, NDJSON).text.splitlines()]
    assert lines[0] == {'type': 'schema', 'schema': {'fields': fields}} and lines[-1] == {'type': 'end', 'row_count': rows}
    assert all(line['type'] == 'data' for line in lines[1:-1])
    assert [row for line in lines[1:-1] for row in line['rows']] == data

    check_tables(arrow(ask(server, sql, ARROW)), data, names)
    check_tables(parquet(ask(server, sql, PARQUET)), data, names)

    head, *records = csv.reader(io.StringIO(ask(server, sql, 'text/csv').text, newline=''))
    assert head == names and len(records) == rows
    for record, row in zip(records, data, strict=True):
        for name, field in zip(names, record, strict=True):
            value = row[name]
            if isinstance(value, (dict, list)):
                assert json.loads(field) == value, name
            elif isinstance(value, float):
                assert float(field) == value, name
            else:
                assert field == csv_text(name, value), name

    old = ask(server, sql, 'application/json', version=1).json()['columns']
    assert [column['name'] for column in old] == names
    assert [column['datatype'] for column in old] == [field['data_type'] for field in fields]
    assert {column['name']: column['values'] for column in old} == {name: [row[name] for row in data] for name in names}
    rows_v1 = ask(server, sql, 'application/json', version=1, json_rows='true').json()
    assert rows_v1['rows'] == data and [column['name'] for column in rows_v1['columns']] == names
    for accept, read in ((ARROW, arrow), (PARQUET, parquet)):
        assert read(ask(server, sql, accept, version=1)).equals(read(ask(server, sql, accept)))


def test_d7_types_of_the_columns(server: Server) -> None:
    """What a data frame is made of."""
    sql = TYPES.replace('{rows}', '3')
    types = {name: str(arrow(ask(server, sql, ARROW)).schema.field(name).type) for name in arrow(ask(server, sql, ARROW)).column_names}
    assert types['huge'] == 'int64' and types['ubig'] == 'uint64' and types['tiny'] == 'int8' and types['utiny'] == 'uint8'
    assert types['stamp_utc'] == 'timestamp[us, tz=UTC]' and types['stamp'] == 'timestamp[us]' and types['stamp_nanoseconds'] == 'timestamp[ns]'
    assert types['decimal38'] == 'decimal128(38, 2)' and types['document'] == 'string' and types['bytes'] == 'binary'
    assert types['list'] == 'list<item: int64>' and types['structure'] == 'struct<a: int64, b: list<item: bool>, c: struct<d: string, e: string>>'
    assert types['pairs'].startswith('map<string, list<item: int32>') and types['span'] == 'month_day_nano_interval'
    stored = parquet(ask(server, sql, PARQUET)).schema
    for name, type_ in types.items():
        if name in ('span', 'stamp_seconds'):
            continue
        assert str(stored.field(name).type).replace('element', 'item').replace(f" ('{name}')", '') == type_, name


@pytest.mark.parametrize('table', ['records', 'records_all', 'metrics', 'llm_calls', 'agent_runs', 'tool_calls', 'exceptions', 'evaluations'])
def test_d7_whole_tables(server: Server, table: str) -> None:
    sql = f'SELECT * FROM {table} ORDER BY ALL LIMIT 4000'
    answer = ask(server, sql, 'application/json').json()
    names = [field['name'] for field in answer['schema']['fields']]
    if table == 'records':
        assert len(answer['data']) == 4_000
    for found in (arrow(ask(server, sql, ARROW)), parquet(ask(server, sql, PARQUET))):
        assert found.column_names == names and found.num_rows == len(answer['data'])
        columns = columns_of(found)
        for name in names:
            values = [row[name] for row in answer['data']]
            got = columns[name]
            if any(isinstance(value, (dict, list)) for value in values) and all(isinstance(value, str) or value is None for value in got):
                got = texts(got, True)
            assert got == values, name


def test_numbers_beyond_the_format_are_an_error(server: Server) -> None:
    sql = 'SELECT 170141183460469231731687303715884105727 AS n'
    assert ask(server, sql, 'application/json').json()['data'] == [{'n': 170141183460469231731687303715884105727}]
    for accept in (ARROW, PARQUET):
        answer = server.http.post('/v2/query', json={'sql': sql, 'min_timestamp': EARLIEST}, headers={'accept': accept})
        assert answer.status_code == 400 and 'DECIMAL(38,0)' in answer.json()['detail']


@pytest.mark.parametrize('accept', [NDJSON, 'text/csv', ARROW, PARQUET])
def test_errors_before_the_first_row_have_their_status(server: Server, accept: str) -> None:
    answer = server.http.post('/v2/query', json={'sql': 'SELECT nothing FROM records', 'min_timestamp': EARLIEST}, headers={'accept': accept})
    assert answer.status_code == 400 and answer.headers['content-type'] == 'application/problem+json'
    assert post_query(server, 'SELECT 1', limit=10_001).status_code == 422


def test_explain(server: Server) -> None:
    sql = "SELECT span_name, count(*) AS n FROM records WHERE service_name = 'conformance' GROUP BY 1 ORDER BY 2 DESC LIMIT 3"
    answer = ask(server, sql, 'application/json', explain=True).json()
    assert answer['data'][0]['n'] >= 1 and 'FROM records' in answer['logical_plan'] and 'GROUP_BY' in answer['physical_plan']
    assert 'Total Time' in answer['physical_plan_with_metrics'] and 'GROUP_BY' in answer['physical_plan_with_metrics']
    lines = [json.loads(line) for line in ask(server, sql, NDJSON, explain=True).text.splitlines()]
    assert [line['type'] for line in lines] == ['schema', 'explain', 'data', 'end']
    assert lines[1]['logical_plan'] == answer['logical_plan'] and 'Total Time' in lines[3]['physical_plan_with_metrics']

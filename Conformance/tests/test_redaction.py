"""Redaction by the server: planted secrets reach no file, log, answer or stream, and each is counted once (C9)."""

import base64
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import Exemplar, Gauge, Metric, NumberDataPoint
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from harness.grpc_client import call
from harness.live import LiveReader
from harness.otlp import any_value, attributes, logs, metrics, path_of, send, span, traces
from harness.query import one, rows
from harness.server import Server

SETTINGS = {
    'scrub_defaults': True,
    'detectors': {'email': 'replace', 'credit_card': 'hash', 'openai_key': 'drop', 'jwt': 'replace', 'url_password': 'replace'},
    'rules': [{'name': 'customer', 'target': 'value', 'pattern': 'CUST-[0-9]{6}-[a-z]{8}', 'action': 'replace'}],
}


class Planter:
    """Makes secrets of several kinds and remembers them."""

    def __init__(self) -> None:
        self.secrets: list[str] = []

    def __call__(self) -> str:
        number = len(self.secrets)
        letters = ''.join(chr(97 + byte % 26) for byte in os.urandom(8))
        kinds = [
            f'{letters}.{number}@planted.example',
            f'CUST-{number:06}-{letters}',
            f'eyJhbGciOiJIUzI1NiJ9{letters}.eyJzdWIi{letters}.{letters}{letters}',
        ]
        return self.keep(kinds[number % len(kinds)])

    def word(self) -> str:
        """A value that only the name of its attribute gives away."""
        return self.keep(f'hunter-{os.urandom(6).hex()}')

    def keep(self, secret: str) -> str:
        self.secrets.append(secret)
        return secret


def key_values(**values: AnyValue) -> list[KeyValue]:
    return [KeyValue(key=key, value=value) for key, value in values.items()]


def planted_requests(plant: Planter) -> list[Message]:
    """A trace, a log and a metric request with 26 secrets."""
    now = time.time_ns()
    password = plant.word()
    record = span(
        f'call {plant()}',
        values={
            'logfire.msg': f'hello {plant()} and {password}',
            'logfire.msg_template': 'hello {name} and {password}',
            'contact': f'write to {plant()} soon',
            'document': json.dumps({'a': [{'b': f'x {plant()} y'}]}),
            'people': ['nobody', plant()],
            'password': password,
            'gen_ai.system': 'openai',
            'gen_ai.request.model': 'gpt-4o',
            'gen_ai.input.messages': json.dumps([{'role': 'user', 'parts': [{'type': 'text', 'content': f'I am {plant()}'}]}]),
            'harmless': 'stays',
        },
    )
    record.attributes.extend(
        key_values(
            nested=AnyValue(kvlist_value=KeyValueList(values=attributes({'deep': plant()}))),
            raw=AnyValue(bytes_value=f'bytes {plant()}'.encode()),
        )
    )
    record.trace_state = f'vendor={plant()}'
    record.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message=f'failed for {plant()}'))
    record.events.append(Span.Event(name='note', time_unix_nano=now, attributes=attributes({'text': plant()})))
    record.events.append(
        Span.Event(
            name='exception',
            time_unix_nano=now,
            attributes=attributes({'exception.type': 'E', 'exception.message': plant(), 'exception.stacktrace': f'Trace\n  at {plant()}\nE'}),
        )
    )
    record.links.append(Span.Link(trace_id=os.urandom(16), span_id=os.urandom(8), attributes=attributes({'because': plant()})))
    first = traces([record])
    first.resource_spans[0].resource.attributes.extend(attributes({'owner': plant()}))
    first.resource_spans[0].scope_spans[0].scope.CopyFrom(InstrumentationScope(name=f'scope {plant()}', attributes=attributes({'by': plant()})))

    text = LogRecord(time_unix_nano=now, severity_number=9, body=any_value(f'user {plant()} came'), attributes=attributes({'who': plant()}))
    body = AnyValue(array_value=ArrayValue(values=[AnyValue(kvlist_value=KeyValueList(values=attributes({'in': plant()})))]))
    second = logs([text, LogRecord(time_unix_nano=now, severity_number=9, body=body)])
    second.resource_logs[0].resource.attributes.extend(attributes({'log.owner': plant()}))

    point = NumberDataPoint(time_unix_nano=now, as_int=1, attributes=attributes({'for': plant()}))
    point.exemplars.append(Exemplar(time_unix_nano=now, as_int=1, filtered_attributes=attributes({'seen': plant()})))
    third = metrics([Metric(name='planted', description=f'count of {plant()}', gauge=Gauge(data_points=[point]))])
    third.resource_metrics[0].resource.attributes.extend(attributes({'metric.owner': plant()}))
    return [first, second, third]


def send_json(server: Server, request: Message) -> None:
    """Sends a request as OTLP/JSON, whose ids are hexadecimal."""

    def with_hex_ids(value: Any) -> Any:
        if isinstance(value, list):
            return [with_hex_ids(item) for item in value]
        if not isinstance(value, dict):
            return value
        ids = ('traceId', 'spanId', 'parentSpanId')
        return {key: base64.b64decode(item).hex() if key in ids else with_hex_ids(item) for key, item in value.items()}

    response = server.http.post(path_of(request), json=with_hex_ids(MessageToDict(request)))
    assert response.status_code == 200, response.text


def redaction(server: Server) -> str:
    return f'/api/v1/projects/{server.http.get("/api/v1/projects/").json()[0]["id"]}/redaction/'


def send_grpc(server: Server, request: Message) -> None:
    services = {'/v1/traces': 'trace.v1.TraceService', '/v1/logs': 'logs.v1.LogsService', '/v1/metrics': 'metrics.v1.MetricsService'}
    answer = call(server, f'/opentelemetry.proto.collector.{services[path_of(request)]}/Export', request.SerializeToString())
    assert answer.code == grpc.StatusCode.OK, answer


def put(server: Server, **settings: Any) -> dict[str, Any]:
    response = server.http.put(redaction(server), json=settings)
    assert response.status_code == 200, response.text
    return response.json()


def audit(server: Server) -> dict[str, Any]:
    return server.http.get(redaction(server) + 'audit/').json()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob('*') if path.is_file()]


def found_in_files(folder: Path, secrets: list[str]) -> list[str]:
    contents = {path: path.read_bytes() for path in files(folder)}
    needles = {secret: [secret.encode(), base64.b64encode(f'bytes {secret}'.encode())] for secret in secrets}
    return [f'{secret} in {path.name}' for path, content in contents.items() for secret, forms in needles.items() if any(form in content for form in forms)]


def everything(server: Server) -> str:
    """Every column of every table, as the query API gives it."""
    return ''.join(json.dumps(rows(server, f'SELECT * FROM {table}')) for table in ('records_all', 'metrics', 'llm_calls', 'agent_runs', 'tool_calls'))


def transports(server: Server) -> list[Callable[[Message], Any]]:
    return [lambda request: send(server, request), lambda request: send_json(server, request), lambda request: send_grpc(server, request)]


def test_C9_planted_secrets_reach_nothing_over_three_transports(server_with: Callable[..., Server], tmp_path: Path) -> None:
    server = server_with('--log-level', 'debug')
    put(server, **SETTINGS)
    plant = Planter()
    with LiveReader(server) as live:
        for sending in transports(server):
            for request in planted_requests(plant):
                sending(request)
        assert live.wait_for(lambda batches: sum(len(batch.records) for batch in batches) >= 9, 10)
        streamed = json.dumps([batch.data for batch in live.batches])
    secrets = plant.secrets
    assert len(secrets) == 78
    while_open = tmp_path / 'while-open'
    shutil.copytree(server.data, while_open)
    answers = everything(server)
    assert 'stays' in answers
    assert [secret for secret in secrets if secret in answers] == []
    assert [secret for secret in secrets if secret in streamed] == []
    assert audit(server)['total'] == len(secrets), audit(server)
    assert [secret for secret in secrets if secret in server.http.get('/ui/live', params={'limit': 100}).text] == []
    server.stop()
    assert [secret for secret in secrets if secret in server.output()] == []
    assert found_in_files(while_open, secrets) == []
    assert found_in_files(server.data, secrets) == []


def test_C9_the_search_would_find_them(server: Server) -> None:
    """The same requests without redaction: what the test above looks for is there to be found."""
    plant = Planter()
    for request in planted_requests(plant):
        send(server, request)
    answers = everything(server)
    missing = [secret for secret in plant.secrets if secret not in answers]
    assert len(missing) == 1, missing  # the one within bytes, which are shown as base64
    assert len(found_in_files(server.data, plant.secrets)) >= 25
    assert audit(server)['total'] == 0


def test_A4_a_redacted_request_that_comes_twice_is_stored_once_and_counted_once(server: Server) -> None:
    put(server, **SETTINGS)
    plant = Planter()
    for request in planted_requests(plant):
        send(server, request)
        send(server, request)
    assert one(server, "SELECT count(*) AS n FROM records WHERE kind <> 'span_event'")['n'] == 3
    assert one(server, 'SELECT count(*) AS n FROM metrics')['n'] == 1
    assert audit(server)['total'] == 26


def test_rules_and_counts_survive_a_restart(server_with: Callable[..., Server]) -> None:
    server = server_with()
    put(server, **SETTINGS)
    send(server, traces([span(values={'card': '4111 1111 1111 1111'})]))
    hashed = one(server, "SELECT attributes->>'card' AS card FROM records")['card']
    assert hashed.startswith('[credit_card:')
    server.stop()
    server.start()
    assert server.http.get(redaction(server)).json()['detectors'] == SETTINGS['detectors']
    send(server, traces([span(values={'card': 'again 4111 1111 1111 1111', 'other': 4111111111111111})]))
    assert one(server, "SELECT attributes->>'card' AS card FROM records WHERE attributes->>'card' LIKE 'again%'")['card'] == f'again {hashed}'
    assert audit(server)['total'] == 3


def test_what_was_replaced_is_noted_on_the_record(server: Server) -> None:
    put(server, scrub_defaults=True, detectors={'email': 'replace'})
    send(server, traces([span('login {user}', values={'logfire.msg': 'login Ann', 'user': 'Ann', 'api_key': 'k', 'mail': 'a@b.example'})]))
    row = one(server, 'SELECT message, attributes FROM records')
    assert row['message'] == 'login Ann'
    assert row['attributes']['api_key'] == "[Scrubbed due to 'api_key']"
    assert row['attributes']['mail'] == '[Redacted: email]'
    assert json.loads(row['attributes']['logfire.scrubbed']) == [
        {'path': ['attributes', 'api_key'], 'matched_substring': 'api_key'},
        {'path': ['attributes', 'mail'], 'matched_substring': 'email'},
    ]


def test_message_content_can_be_left_out(server: Server) -> None:
    put(server, drop_message_content=True)
    messages = [{'role': 'user', 'parts': [{'type': 'text', 'content': 'a private question'}]}]
    answer = [{'role': 'assistant', 'parts': [{'type': 'tool_call', 'id': 'c1', 'name': 'look_up', 'arguments': {'who': 'private'}}]}]
    values = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.usage.input_tokens': 12,
        'gen_ai.usage.output_tokens': 3,
        'gen_ai.input.messages': json.dumps(messages),
        'gen_ai.output.messages': json.dumps(answer),
    }
    tool = {'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'look_up', 'gen_ai.tool.call.arguments': '{"who": "private"}'}
    send(server, traces([span('chat gpt-4o', values=values), span('execute_tool look_up', values=tool)]))
    assert 'private' not in everything(server)
    call = one(server, 'SELECT input_tokens, output_tokens, tool_call_count, attributes FROM llm_calls')
    assert (call['input_tokens'], call['output_tokens'], call['tool_call_count']) == (12, 3, 1)
    kept = call['attributes']['gen_ai.output.messages']
    kept = json.loads(kept) if isinstance(kept, str) else kept
    assert kept[0]['role'] == 'assistant'
    assert kept[0]['parts'][0]['name'] == 'look_up'
    assert one(server, 'SELECT tool_name FROM tool_calls')['tool_name'] == 'look_up'


def test_a_trial_says_what_would_change_and_stores_nothing(server: Server) -> None:
    send(server, traces([span('mail someone@planted.example', values={'a': 'x@y.example', 'b': 'clean'}), span('clean')]))
    trial = server.http.post(redaction(server) + 'test/', json={'settings': {'detectors': {'email': 'replace'}}, 'records': {'limit': 10}}).json()
    assert (trial['records'], trial['changed_records'], trial['total']) == (2, 1, 2)
    assert trial['counts'] == [{'rule': 'email', 'count': 2}]
    assert {(change['path'][0], change['after']) for change in trial['changes']} == {('span_name', '[Redacted: email]'), ('attributes', '[Redacted: email]')}
    assert server.http.get(redaction(server)).json()['detectors'] == {}
    assert audit(server)['total'] == 0
    pasted = server.http.post(redaction(server) + 'test/', json={'settings': {'detectors': {'email': 'hash'}}, 'sample': 'to x@y.example'}).json()
    assert pasted['sample'].startswith('to [email:')


def test_rules_that_cannot_be_used_are_refused(server: Server) -> None:
    rule = {'name': 'r', 'target': 'value', 'pattern': 'abc'}
    for settings, path in [
        ({'rules': [rule, rule | {'name': 's', 'pattern': '(a'}]}, 'rules[1].pattern'),
        ({'rules': [rule | {'pattern': '(?<=a)b'}]}, 'rules[0].pattern'),
        ({'rules': [rule | {'pattern': 'a*'}]}, 'rules[0].pattern'),
        ({'rules': [rule | {'action': 'encrypt'}]}, 'rules[0].action'),
        ({'detectors': {'unheard_of': 'replace'}}, 'detectors.unheard_of'),
        ({'rulez': []}, 'rulez'),
    ]:
        response = server.http.put(redaction(server), json=settings)
        assert response.status_code == 422, response.text
        assert response.json()['errors'][0]['path'] == path
    assert server.http.get(redaction(server)).json()['rules'] == []

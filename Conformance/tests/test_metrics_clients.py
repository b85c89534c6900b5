"""C5: what real clients send as metrics, and the published dashboards over it."""

import bisect
import json
from pathlib import Path
from typing import Any

import pytest

from harness.fixtures import expected, requests
from harness.metrics import FIGURES, percentile
from harness.programs import logfire_environment, run_text
from harness.query import one, rows, value
from harness.server import Server

# Real exporters

EXPORTERS = """
import json, os, random
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation
from opentelemetry.sdk.resources import Resource

endpoint = os.environ['ENDPOINT'] + '/v1/metrics'
chance = random.Random(1)
delta = {Counter: AggregationTemporality.DELTA, Histogram: AggregationTemporality.DELTA}
exporters = {
    'cumulative-explicit': OTLPMetricExporter(endpoint=endpoint),
    'delta-exponential': OTLPMetricExporter(
        endpoint=endpoint, preferred_temporality=delta, preferred_aggregation={Histogram: ExponentialBucketHistogramAggregation()}
    ),
}
happened = {}
for name, exporter in exporters.items():
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000)
    provider = MeterProvider([reader], resource=Resource.create({'service.name': name}))
    meter = provider.get_meter('conformance')
    counter, histogram, level = meter.create_counter('hits'), meter.create_histogram('latency'), meter.create_up_down_counter('open')
    values, hits, up = [], 0, 0
    for _ in range(5):
        for _ in range(40):
            item = chance.lognormvariate(4, 1)
            values.append(item)
            histogram.record(item)
            hits += 2
            counter.add(2, {'route': chance.choice(['/a', '/b'])})
        up += 1
        level.add(1)
        provider.force_flush()
    provider.shutdown()
    happened[name] = {'values': values, 'hits': hits, 'open': up}
print(json.dumps(happened))
"""


def test_C5_python_sdk_exporters(server: Server, tmp_path: Path) -> None:
    ended = run_text(EXPORTERS, tmp_path, {'ENDPOINT': server.url})
    happened = json.loads(ended.stdout.splitlines()[-1])
    kinds = rows(server, "SELECT service_name AS s, metric_type AS t, aggregation_temporality AS a FROM metrics WHERE metric_name = 'latency' GROUP BY ALL ORDER BY 1")
    assert [tuple(kind.values()) for kind in kinds] == [('cumulative-explicit', 'histogram', 'CUMULATIVE'), ('delta-exponential', 'exponential_histogram', 'DELTA')]
    for service, truth in happened.items():
        named = f"FROM metrics WHERE service_name = '{service}' AND metric_name"
        assert value(server, f"SELECT metric_increase(value, recorded_timestamp) {named} = 'hits'") == truth['hits']
        routes = rows(server, f"SELECT attributes->>'route' AS r, metric_increase(value, recorded_timestamp) AS i {named} = 'hits' GROUP BY r")
        assert sum(row['i'] for row in routes) == truth['hits']
        assert value(server, f"SELECT metric_sum(metric_merge(value)) {named} = 'open'") == truth['open']
        values = truth['values']
        merged = one(server, f"SELECT {FIGURES} FROM (SELECT metric_merge(value) AS v {named} = 'latency')")
        assert merged == {
            'n': len(values), 's': pytest.approx(sum(values)), 'a': pytest.approx(sum(values) / len(values)), 'low': min(values), 'high': max(values),
        }
        assert value(server, f"SELECT metric_increase(value, recorded_timestamp) {named} = 'latency'") == len(values)
        for share in (0.5, 0.9, 0.99):
            found = value(server, f"SELECT metric_quantile({share}, value) {named} = 'latency'")
            if service == 'cumulative-explicit':
                bounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000]
                place = bisect.bisect_left(bounds, percentile(values, share))
                assert bounds[max(place - 2, 0)] <= found <= bounds[min(place + 1, len(bounds) - 1)], share
            else:
                assert found == pytest.approx(percentile(values, share), rel=0.1), share


LOGFIRE = """
import logfire
logfire.configure(service_name='shop', console=False)
orders, worth, carts = logfire.metric_counter('orders'), logfire.metric_histogram('worth'), logfire.metric_up_down_counter('carts')
for item in range(1, 101):
    orders.add(3)
    worth.record(item)
    carts.add(1 if item % 3 else -1)
    if item % 25 == 0:
        logfire.force_flush()
logfire.shutdown()
"""


def test_C5_logfire_sdk(server: Server, tmp_path: Path) -> None:
    run_text(LOGFIRE, tmp_path, logfire_environment(server))
    named = "FROM metrics WHERE metric_name = '{}'"
    assert value(server, 'SELECT metric_increase(value, recorded_timestamp) ' + named.format('orders')) == 300
    assert value(server, 'SELECT metric_sum(metric_merge(value)) ' + named.format('carts')) == 67 - 33
    merged = one(server, f'SELECT {FIGURES} FROM (SELECT metric_merge(value) AS v ' + named.format('worth') + ')')
    assert merged == {'n': 100, 's': 5050, 'a': 50.5, 'low': 1, 'high': 100}
    assert value(server, 'SELECT metric_quantile(0.9, value) ' + named.format('worth')) == pytest.approx(90.1, rel=0.1)


# Queries as dashboards use them


@pytest.fixture(scope='module')
def dashboards(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Server(tmp_path_factory.mktemp('dashboards') / 'data') as server:
        for scenario in ('weather-agent', 'multi-agent', 'distributed', 'system-metrics', 'otel-openai-v2'):
            for request in requests(scenario):
                request.send(server)
        yield server


def test_dashboard_tokens_and_costs(dashboards: Server) -> None:
    tokens = rows(
        dashboards,
        """
        SELECT service_name, attributes->>'gen_ai.token.type' AS token_type, metric_sum(metric_merge(value)) AS tokens
        FROM metrics WHERE metric_name = 'gen_ai.client.token.usage' GROUP BY service_name, token_type ORDER BY tokens DESC
        """,
    )
    wanted = sum(expected()[name]['metrics']['gen_ai.client.token.usage']['total'] for name in ('weather-agent', 'multi-agent', 'distributed', 'otel-openai-v2'))
    assert sum(row['tokens'] for row in tokens) == wanted
    costs = rows(
        dashboards,
        """
        SELECT time_bucket('1 minute', recorded_timestamp) AS x, coalesce(attributes->>'gen_ai.request.model', 'unknown') AS model,
            sum(metric_sum(value)) AS cost, metric_sum(metric_merge(value)) AS merged
        FROM metrics WHERE metric_name = 'operation.cost' GROUP BY x, model ORDER BY x, model
        """,
    )
    wanted_cost = sum(expected()[name]['metrics']['operation.cost']['total'] for name in ('weather-agent', 'multi-agent', 'distributed'))
    assert sum(row['cost'] for row in costs) == pytest.approx(wanted_cost)
    assert all(row['cost'] == pytest.approx(row['merged']) for row in costs)


def test_dashboard_web_server(dashboards: Server) -> None:
    answer = rows(
        dashboards,
        """
        WITH requests AS (
            SELECT *, coalesce(attributes->>'http.route', attributes->>'http.target') AS endpoint,
                coalesce(attributes->>'http.response.status_code', attributes->>'http.status_code') AS status
            FROM metrics WHERE metric_name IN ('http.server.duration', 'http.server.request.duration')
        )
        SELECT endpoint, metric_count(metric_merge(value)) AS total, metric_avg(metric_merge(value)) AS average, metric_quantile(0.95, value) AS p95,
            metric_count(metric_merge(value) FILTER (WHERE status LIKE '2%')) AS ok, metric_count(metric_merge(value) FILTER (WHERE status LIKE '5%')) AS failed,
            metric_rate(value, recorded_timestamp) AS per_second
        FROM requests GROUP BY endpoint ORDER BY total DESC
        """,
    )
    assert sum(row['total'] for row in answer) == 8
    assert all(row['average'] > 0 and row['p95'] > 0 and row['per_second'] > 0 for row in answer)
    assert sum((row['ok'] or 0) + (row['failed'] or 0) for row in answer) <= 8


def test_dashboard_system_metrics(dashboards: Server) -> None:
    gauges = rows(
        dashboards,
        """
        SELECT time_bucket('1 minute', recorded_timestamp) AS x, metric_name, avg(scalar_value) AS value, max(metric_max(value)) AS highest
        FROM metrics WHERE metric_name IN ('system.cpu.simple_utilization', 'process.cpu.utilization', 'system.swap.utilization')
        GROUP BY x, metric_name ORDER BY x
        """,
    )
    assert {row['metric_name'] for row in gauges} == {'system.cpu.simple_utilization', 'process.cpu.utilization', 'system.swap.utilization'}
    merged = one(dashboards, "SELECT metric_avg(v) AS a, metric_max(v) AS m FROM (SELECT metric_merge(value) AS v FROM metrics WHERE metric_name = 'process.cpu.utilization')")
    plain = one(dashboards, "SELECT avg(scalar_value) AS a, max(scalar_value) AS m FROM metrics WHERE metric_name = 'process.cpu.utilization'")
    assert merged == pytest.approx(plain)
    disk = value(dashboards, "SELECT metric_rate(value, recorded_timestamp) FROM metrics WHERE metric_name = 'system.disk.io' AND attributes->>'direction' = 'write'")
    assert disk >= 0

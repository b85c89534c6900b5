"""C5: metrics of every kind, and what the `metric_*` functions say of them, against the raw points in Python."""

import bisect
import random
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.metrics.v1 import metrics_pb2 as pb

from harness import otlp
from harness.fixtures import expected, requests
from harness.metrics import (
    CUMULATIVE,
    DELTA,
    FIGURES,
    SECOND,
    START,
    bucket_index,
    counter,
    explicit_point,
    exponential,
    exponential_point,
    gauge,
    histogram,
    nano,
    number,
    percentile,
    refused,
    send,
    summary_point,
)
from harness.query import one, rows, value
from harness.server import Server

# Increase and rate


def increase(points: list[tuple[float, float, float]]) -> tuple[float, float]:
    """What cumulative points of one series (start, time, value) add up to, and the seconds that they cover."""
    total = 0.0
    covered = []
    last: dict[float, tuple[float, float]] = {}
    for start, at, count in sorted(points):
        before = last.get(start)
        if before is None:
            total += count
            covered.append(start)
        elif count < before[1]:
            total += count
            covered.append(before[0])
        else:
            total += count - before[1]
            covered.append(before[0])
        last[start] = (at, count)
    return total, max(at for _, at, _ in points) - min(covered)


RESETS = {
    'steady': [(0, 10, 5), (0, 20, 9), (0, 30, 9), (0, 40, 14)],
    'value-drops': [(0, 10, 5), (0, 20, 9), (0, 30, 3), (0, 40, 4)],
    'start-moves': [(0, 10, 5), (0, 20, 9), (25, 30, 3), (25, 40, 4)],
    'start-moves-and-value-grows': [(0, 10, 5), (0, 20, 9), (22, 30, 12), (22, 40, 15)],
    'two-processes': [(0, 10, 5), (3, 12, 50), (0, 20, 9), (3, 22, 60), (0, 30, 10), (3, 32, 61)],
    'single': [(0, 10, 7)],
    'fractions': [(0, 10, 0.1), (0, 20, 0.3), (0, 30, 0.2), (0, 40, 0.7)],
}


@pytest.mark.parametrize('order', ['in-order', 'reversed', 'shuffled', 'twice'])
@pytest.mark.parametrize('case', RESETS.keys())
def test_C5_increase_and_rate(case: str, order: str, shared_server: Server) -> None:
    points = RESETS[case]
    arrival = {'in-order': points, 'reversed': points[::-1], 'shuffled': random.Random(7).sample(points, len(points)), 'twice': points * 2}[order]
    name = f'requests.{case}.{order}'
    for start, at, count in arrival:
        send(shared_server, counter(name, CUMULATIVE, [number(at, count, start)]))
    wanted, seconds = increase(points)
    sql = f"SELECT metric_increase(value, recorded_timestamp) AS i, metric_rate(value, recorded_timestamp) AS r FROM metrics WHERE metric_name = '{name}'"
    answer = one(shared_server, sql)
    assert answer['i'] == pytest.approx(wanted, rel=1e-12)
    assert answer['r'] == pytest.approx(wanted / seconds, rel=1e-12)
    # However it is cut into groups, the parts add up.
    for width in ('10 seconds', '15 seconds', '1 minute'):
        parts = rows(
            shared_server,
            f"SELECT time_bucket('{width}', recorded_timestamp) AS t, metric_increase(value, recorded_timestamp) AS i FROM metrics "
            f"WHERE metric_name = '{name}' GROUP BY t ORDER BY t",
        )
        assert sum(part['i'] for part in parts) == pytest.approx(wanted, rel=1e-12), width


@pytest.mark.parametrize('case', ['steady', 'start-moves', 'two-processes', 'single', 'fractions'])
def test_C5_delta_and_cumulative_say_the_same(case: str, shared_server: Server) -> None:
    """The same events counted both ways."""
    events = [(at, amount, series) for at, amount, series in zip(range(1, 60), [1, 3, 2, 5] * 15, 'abcab' * 12)]
    for temporality, name in ((DELTA, f'delta.{case}'), (CUMULATIVE, f'cumulative.{case}')):
        totals: dict[str, float] = defaultdict(float)
        points = []
        for end in range(10, 61, 10):
            for series in 'abc':
                new = sum(amount for at, amount, of in events if of == series and end - 10 < at <= end)
                totals[series] += new
                start = 0 if temporality == CUMULATIVE else end - 10
                points.append(number(end, totals[series] if temporality == CUMULATIVE else new, start, series=series))
        random.Random(case).shuffle(points)
        for point in points:
            send(shared_server, counter(name, temporality, [point]))
    columns = 'metric_increase(value, recorded_timestamp) AS i, metric_rate(value, recorded_timestamp) AS r'
    for group in ('1', "attributes->>'series'", "time_bucket('20 seconds', recorded_timestamp)"):
        one_way, other_way = (
            rows(shared_server, f"SELECT {group} AS g, {columns} FROM metrics WHERE metric_name = '{kind}.{case}' GROUP BY g ORDER BY g")
            for kind in ('delta', 'cumulative')
        )
        assert one_way == other_way
    total = value(shared_server, f"SELECT metric_increase(value, recorded_timestamp) FROM metrics WHERE metric_name = 'delta.{case}'")
    assert total == sum(amount for _, amount, _ in events)


def test_first_point_of_a_longer_series_is_not_counted_in_a_window(server: Server) -> None:
    """A process that has run for a week: only what the window saw counts."""
    week = 7 * 86_400
    send(server, counter('old', CUMULATIVE, [number(week + at, 1_000_000 + at, 0) for at in (0, 10, 20, 30)]))
    sql = 'SELECT metric_increase(value, recorded_timestamp) AS i, metric_rate(value, recorded_timestamp) AS r FROM metrics'

    def since(seconds: float) -> dict[str, Any]:
        at = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime((START // SECOND) + week + seconds))
        return rows(server, sql, min_timestamp=at)[0]

    assert since(-5) == {'i': 30, 'r': 1}
    # The point before lies outside of the window, and counts.
    assert since(15) == {'i': 20, 'r': 1}
    assert since(30) == {'i': 10, 'r': 1}
    assert since(31) == {'i': None, 'r': None}


def test_no_start_no_value_no_number(server: Server) -> None:
    without_start = [number(10, 5), number(20, 8), number(30, 2), number(40, 6)]
    gaps = [number(10, 5, 0), number(20, None, 0, flags=1), number(30, float('nan'), 0), number(40, 9, 0)]
    send(server, counter('without-start', CUMULATIVE, without_start), counter('gaps', CUMULATIVE, gaps))
    send(server, gauge('level', [number(10, 1.5), number(20, None, flags=1), number(30, 2.5)]))
    sql = "SELECT metric_increase(value, recorded_timestamp) AS i, metric_rate(value, recorded_timestamp) AS r FROM metrics WHERE metric_name = '{}'"
    assert one(server, sql.format('without-start')) == {'i': 3 + 2 + 4, 'r': 9 / 30}
    assert one(server, sql.format('gaps')) == {'i': 9, 'r': 9 / 40}
    level = one(server, "SELECT count(*) AS n, count(scalar_value) AS known, metric_count(metric_merge(value)) AS merged FROM metrics WHERE metric_name = 'level'")
    assert level == {'n': 3, 'known': 2, 'merged': 2}
    nothing = one(server, "SELECT metric_increase(value, recorded_timestamp) AS i, metric_merge(value) AS m, metric_quantile(0.5, value) AS q FROM metrics WHERE false")
    assert nothing == {'i': None, 'm': None, 'q': None}


def test_point_without_recorded_value(server: Server) -> None:
    gap = pb.HistogramDataPoint(start_time_unix_nano=START, time_unix_nano=nano(20), flags=1)
    points = [explicit_point(10, [0.1, 0.3], [0.2], 0), gap, explicit_point(30, [0.1, 0.3, 0.5], [0.2], 0)]
    send(server, histogram('latency', CUMULATIVE, points))
    answer = one(server, 'SELECT metric_increase(value, recorded_timestamp) AS i, metric_sum(metric_merge(value)) AS s, count(histogram_count) AS n FROM metrics')
    assert answer == {'i': 3, 's': pytest.approx(0.9), 'n': 2}


def test_order_of_attributes_does_not_matter(server: Server) -> None:
    """The same series, however its attributes are ordered."""
    send(server, counter('c', CUMULATIVE, [number(10, 5, 0, a='1', b='2')]))
    send(server, counter('c', CUMULATIVE, [number(20, 8, 0, b='2', a='1')]))
    assert value(server, 'SELECT metric_increase(value, recorded_timestamp) FROM metrics') == 8
    assert value(server, "SELECT count(DISTINCT attributes::text) FROM metrics") == 1


BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
SHARES = (0.0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)


@pytest.mark.parametrize('temporality', [DELTA, CUMULATIVE], ids=['delta', 'cumulative'])
@pytest.mark.parametrize('seed', range(3))
def test_C5_quantile_of_explicit_buckets_is_within_one_bucket(seed: int, temporality: int, shared_server: Server) -> None:
    chance = random.Random(seed)
    name = f'explicit.{seed}.{temporality}'
    rounds = [[chance.lognormvariate(-2, 1.5) for _ in range(chance.randrange(1, 200))] for _ in range(6)]
    points = []
    for index in range(len(rounds)):
        seen = [item for part in rounds[: index + 1] for item in part] if temporality == CUMULATIVE else rounds[index]
        points.append(explicit_point(10 * (index + 1), seen, BOUNDS, 0 if temporality == CUMULATIVE else 10 * index))
    chance.shuffle(points)
    for point in points:
        send(shared_server, histogram(name, temporality, [point]))

    def bucket(item: float) -> int:
        return sum(bound < item for bound in BOUNDS)

    check_quantiles(shared_server, name, rounds, bucket)


@pytest.mark.parametrize('temporality', [DELTA, CUMULATIVE], ids=['delta', 'cumulative'])
@pytest.mark.parametrize('signs', ['positive', 'mixed'])
def test_C5_quantile_of_exponential_buckets_is_within_one_bucket(signs: str, temporality: int, shared_server: Server) -> None:
    """Points of falling scale, as SDKs send when the range widens."""
    chance = random.Random(11)
    name = f'exponential.{signs}.{temporality}'
    scales = [6, 5, 5, 4, 3]
    rounds = [[chance.lognormvariate(0, 1) * (chance.choice([1, -1]) if signs == 'mixed' else 1) for _ in range(80)] for _ in scales]
    if signs == 'mixed':
        rounds[2] += [0.0] * 10
    points = []
    for index, scale in enumerate(scales):
        seen = [item for part in rounds[: index + 1] for item in part] if temporality == CUMULATIVE else rounds[index]
        points.append(exponential_point(10 * (index + 1), seen, scale, 0 if temporality == CUMULATIVE else 10 * index))
    chance.shuffle(points)
    send(shared_server, exponential(name, temporality, points))

    def bucket(item: float) -> int:
        if item == 0:
            return 0
        # Far enough from zero on either side that the order of buckets is that of values.
        index = bucket_index(abs(item), scales[-1]) + 200
        return index if item > 0 else -index

    check_quantiles(shared_server, name, rounds, bucket)


def check_quantiles(server: Server, name: str, rounds: list[list[float]], bucket: Callable[[float], int]) -> None:
    everything = [item for part in rounds for item in part]
    columns = ', '.join(f'metric_quantile({share}, value) AS "{share}"' for share in SHARES)
    answer = one(server, f"SELECT {columns} FROM metrics WHERE metric_name = '{name}'")
    filled = sorted({bucket(item) for item in everything})
    for share in SHARES:
        wanted, found = bucket(percentile(everything, share)), bucket(answer[str(share)])
        # One bucket that has values at most: between them there is nothing to tell places apart.
        distance = abs(bisect.bisect_left(filled, found) - bisect.bisect_left(filled, wanted))
        assert distance <= 1, (share, answer[str(share)], percentile(everything, share))
    assert [answer[str(share)] for share in SHARES] == sorted(answer[str(share)] for share in SHARES)
    merged = one(server, f"WITH m AS (SELECT metric_merge(value) AS v FROM metrics WHERE metric_name = '{name}') SELECT {FIGURES} FROM m")
    assert merged == {
        'n': len(everything),
        's': pytest.approx(sum(everything), rel=1e-9, abs=1e-9),
        'a': pytest.approx(sum(everything) / len(everything), rel=1e-9, abs=1e-9),
        'low': min(everything),
        'high': max(everything),
    }
    # Each interval by itself: what it added, not what was counted until then.
    parts = rows(
        server,
        f"SELECT time_bucket('10 seconds', recorded_timestamp) AS t, metric_count(metric_merge(value)) AS n, metric_sum(metric_merge(value)) AS s, "
        f"metric_quantile(0.5, value) AS q FROM metrics WHERE metric_name = '{name}' GROUP BY t ORDER BY t",
    )
    assert [part['n'] for part in parts] == [len(part) for part in rounds]
    for part, items in zip(parts, rounds):
        assert part['s'] == pytest.approx(sum(items), rel=1e-9, abs=1e-9)
        inner = sorted({bucket(item) for item in items})
        assert abs(bisect.bisect_left(inner, bucket(part['q'])) - bisect.bisect_left(inner, bucket(percentile(items, 0.5)))) <= 1


def test_scalars_of_single_points(server: Server) -> None:
    summary = pb.Metric(name='summary', summary=pb.Summary(data_points=[summary_point(10, 4, 8.0, 0)]))
    send(server, counter('counter', DELTA, [number(10, 5, 0)]), gauge('gauge', [number(10, 1.5)]), summary)
    send(server, histogram('explicit', DELTA, [explicit_point(10, [1.0, 2.0, 6.0], [1.5], 0)]))
    send(server, exponential('exponential', DELTA, [exponential_point(10, [1.0, 2.0, 6.0], 3, 0)]))
    answer = rows(server, f'SELECT metric_name, {FIGURES} FROM (SELECT metric_name, value AS v FROM metrics) ORDER BY metric_name')
    figures = {row.pop('metric_name'): tuple(row.values()) for row in answer}
    assert figures == {
        'counter': (1, 5, 5, 5, 5),
        'explicit': (3, 9, 3, 1, 6),
        'exponential': (3, 9, 3, 1, 6),
        'gauge': (1, 1.5, 1.5, 1.5, 1.5),
        'summary': (4, 8, 2, None, None),
    }


def test_summaries_and_exemplars_are_kept(server: Server) -> None:
    send(server, pb.Metric(name='rpc', summary=pb.Summary(data_points=[summary_point(10, 4, 8.0, 0), summary_point(20, 10, 30.0, 0)])))
    stored = rows(server, 'SELECT summary_quantiles, histogram_count, histogram_sum, aggregation_temporality FROM metrics ORDER BY recorded_timestamp')
    assert stored[0]['summary_quantiles'] == [{'quantile': 0.5, 'value': 5}, {'quantile': 0.99, 'value': 9.9}]
    assert [(row['histogram_count'], row['histogram_sum']) for row in stored] == [(4, 8), (10, 30)]
    # The count of a summary is cumulative.
    both = one(server, 'SELECT metric_increase(value, recorded_timestamp) AS i, metric_sum(metric_merge(value)) AS s FROM metrics')
    assert both == {'i': 10, 's': 30}
    exemplar = pb.Exemplar(time_unix_nano=nano(9), as_double=1.25, trace_id=bytes(range(16)), span_id=bytes(range(1, 9)))
    exemplar.filtered_attributes.extend(otlp.attributes({'user': 'ann'}))
    point = number(10, 3, 0, route='/a')
    point.exemplars.append(exemplar)
    send(server, counter('hits', DELTA, [point]))
    found = value(server, "SELECT exemplars FROM metrics WHERE metric_name = 'hits'")
    assert found == [
        {
            'timestamp': '2026-01-01T00:00:09.000000Z',
            'value': 1.25,
            'trace_id': bytes(range(16)).hex(),
            'span_id': bytes(range(1, 9)).hex(),
            'attributes': {'user': 'ann'},
        }
    ]


def test_gauges_and_up_down_counters_merge_to_their_newest_values(server: Server) -> None:
    points = [number(at, level, host=host) for host, levels in (('a', [3, 7, 5]), ('b', [10, 20, 30])) for at, level in zip((10, 20, 30), levels)]
    send(server, gauge('temperature', points))
    open_carts = [number(at, level, 0) for at, level in ((10, 2), (20, 5), (30, 4))]
    send(server, counter('open', CUMULATIVE, open_carts, monotonic=False))
    merged = {
        name: one(server, f"SELECT {FIGURES} FROM (SELECT metric_merge(value) AS v FROM metrics WHERE metric_name = '{name}')") for name in ('temperature', 'open')
    }
    assert merged['temperature'] == {'n': 6, 's': 35, 'a': 12.5, 'low': 3, 'high': 30}
    assert merged['open'] == {'n': 3, 's': 4, 'a': pytest.approx(11 / 3), 'low': 2, 'high': 5}
    change = value(server, "SELECT metric_increase(value, recorded_timestamp) FROM metrics WHERE metric_name = 'open' AND recorded_timestamp > '2026-01-01T00:00:10Z'")
    assert change == 2


# What cannot be answered


def test_C5_mixtures_are_errors_that_say_what_to_do(server: Server) -> None:
    send(server, counter('counter', DELTA, [number(10, 5, 0)]), gauge('gauge', [number(10, 1.5)]))
    send(server, histogram('explicit', DELTA, [explicit_point(10, [1.0], [1.5], 0)]), histogram('other', DELTA, [explicit_point(10, [1.0], [2.5], 0)]))
    send(server, exponential('exponential', DELTA, [exponential_point(10, [1.0], 3, 0)]))
    named = "FROM metrics WHERE metric_name IN ('{}', '{}')"
    mixed = refused(server, 'SELECT metric_quantile(0.5, value) ' + named.format('explicit', 'exponential'))
    assert 'mixes exponential histograms and histograms with explicit bounds' in mixed
    assert 'GROUP BY' in mixed
    assert 'mixes' in refused(server, 'SELECT metric_merge(value) ' + named.format('explicit', 'exponential'))
    assert 'different explicit bounds' in refused(server, 'SELECT metric_quantile(0.5, value) ' + named.format('explicit', 'other'))
    assert 'mixes' in refused(server, 'SELECT metric_rate(value, recorded_timestamp) ' + named.format('explicit', 'counter'))
    assert 'gauges do not add up' in refused(server, 'SELECT metric_rate(value, recorded_timestamp) ' + named.format('gauge', 'gauge'))
    assert 'have no buckets' in refused(server, 'SELECT metric_quantile(0.5, value) ' + named.format('gauge', 'gauge'))
    assert 'from 0 to 1' in refused(server, 'SELECT metric_quantile(95, value) ' + named.format('explicit', 'explicit'))
    assert 'DISTINCT' in refused(server, 'SELECT metric_merge(DISTINCT value) FROM metrics')
    assert 'OVER' in refused(server, 'SELECT metric_increase(value, recorded_timestamp) OVER () FROM metrics')
    assert 'takes 2 arguments: metric_rate(value, recorded_timestamp)' in refused(server, 'SELECT metric_rate(value) FROM metrics')
    assert 'takes the column value of the table metrics' in refused(server, 'SELECT metric_rate(scalar_value, recorded_timestamp) FROM metrics')
    # Grouped as the message says, everything is answered.
    parts = rows(server, "SELECT metric_name, metric_sum(metric_merge(value)) AS s FROM metrics GROUP BY metric_name, metric_type ORDER BY 1")
    assert {part['metric_name']: part['s'] for part in parts} == {'counter': 5, 'explicit': 1, 'exponential': 1, 'gauge': 1.5, 'other': 1}


# Shapes of queries


def test_functions_work_in_any_query(server: Server) -> None:
    for service, amount in (('api', 1), ('web', 10)):
        points = [number(at, amount * at, 0, route=route) for at in range(10, 61, 10) for route in ('/a', '/b')]
        send(server, counter('hits', CUMULATIVE, points), service=service)
        for at in range(10, 61, 10):
            send(server, histogram('latency', DELTA, [explicit_point(at, [0.1 * amount, 0.3], [0.2, 0.5], at - 10)]), service=service)
    totals = [{'service_name': 'api', 'i': 120}, {'service_name': 'web', 'i': 1200}]
    hits = "FROM metrics WHERE metric_name = 'hits'"
    increases = 'metric_increase(value, recorded_timestamp)'
    assert rows(server, f'SELECT service_name, {increases} AS i {hits} GROUP BY service_name ORDER BY service_name') == totals
    assert rows(server, f'SELECT service_name, {increases} AS i {hits} GROUP BY 1 HAVING {increases} > 500') == totals[1:]
    assert rows(server, f'SELECT service_name, {increases} AS i {hits} GROUP BY ALL ORDER BY {increases} DESC LIMIT 1') == totals[1:]
    assert value(server, f"SELECT {increases} FILTER (WHERE attributes->>'route' = '/a' AND service_name = 'api') {hits}") == 60
    assert value(server, f"SELECT round({increases} / 2 + 1, 1) {hits}") == 661
    assert rows(server, f'WITH m AS (SELECT * {hits}) SELECT m.service_name, {increases} AS i FROM m GROUP BY m.service_name ORDER BY 1') == totals
    assert rows(server, f'SELECT service_name, max(i) AS i FROM (SELECT service_name, {increases} AS i {hits} GROUP BY 1) GROUP BY 1 ORDER BY 1') == totals
    aliased = 'SELECT a.service_name, metric_increase(a.value, a.recorded_timestamp) AS i FROM metrics AS a WHERE a.metric_name = \'hits\' GROUP BY 1 ORDER BY 1'
    assert rows(server, aliased) == totals
    joined = rows(
        server,
        f"""
        SELECT h.service_name, h.i, q.p FROM (SELECT service_name, {increases} AS i {hits} GROUP BY 1) h
        JOIN (SELECT service_name, metric_quantile(0.5, value) AS p FROM metrics WHERE metric_name = 'latency' GROUP BY 1) q ON q.service_name = h.service_name
        ORDER BY h.i
        """,
    )
    assert [(row['service_name'], row['i']) for row in joined] == [('api', 120), ('web', 1200)]
    correlated = 'SELECT x AS s, (SELECT metric_increase(m.value, m.recorded_timestamp) FROM metrics m WHERE m.metric_name = \'hits\' AND m.service_name = x) AS i FROM (VALUES (\'api\'), (\'web\')) v(x) ORDER BY 1'
    assert [row['i'] for row in rows(server, correlated)] == [120, 1200]
    union = f"SELECT 'a' AS k, {increases} AS i {hits} UNION ALL SELECT 'b', {increases} {hits} AND service_name = 'api' ORDER BY k"
    assert [row['i'] for row in rows(server, union)] == [1320, 120]
    cast = f"SELECT CASE WHEN {increases} > 100 THEN 'busy' ELSE 'idle' END AS state {hits} GROUP BY service_name"
    assert rows(server, cast) == [{'state': 'busy'}] * 2
    rollup = rows(server, f'SELECT service_name, {increases} AS i {hits} GROUP BY ROLLUP (service_name) ORDER BY i')
    assert [row['i'] for row in rollup] == [120, 1200, 1320]
    # Values that were merged can be merged again, and asked for quantiles.
    twice = "SELECT metric_quantile(0.9, v) AS q, metric_count(metric_merge(v)) AS n FROM (SELECT service_name, metric_merge(value) AS v FROM metrics WHERE metric_name = 'latency' GROUP BY 1)"
    direct = "SELECT metric_quantile(0.9, value) AS q, metric_count(metric_merge(value)) AS n FROM metrics WHERE metric_name = 'latency'"
    assert one(server, twice) == one(server, direct)
    assert value(server, "SELECT count(*) FROM (SELECT * FROM metrics) WHERE value IS NOT NULL") == 36


def test_many_groups_and_threads(server: Server) -> None:
    """More groups than fit into one batch of the engine, over several of its threads."""
    points = [number(at, at * (series + 1), 0, series=series) for at in (10, 20, 30) for series in range(4_000)]
    for part in range(0, len(points), 3_000):
        send(server, counter('wide', CUMULATIVE, points[part : part + 3_000]))
    sql = "SELECT attributes->>'series' AS s, metric_increase(value, recorded_timestamp) AS i, metric_sum(metric_merge(value)) AS m FROM metrics GROUP BY 1"
    answer = one(server, f'SELECT count(*) AS n, sum(i) AS i, sum(m) AS m, count(*) FILTER (WHERE i = 30 * (s::int + 1) AND m = i) AS right FROM ({sql})')
    total = sum(30 * (series + 1) for series in range(4_000))
    assert answer == {'n': 4_000, 'i': total, 'm': total, 'right': 4_000}


# Captured requests


def metric_fixtures() -> list[str]:
    return sorted(scenario for scenario, figures in expected().items() if figures['metrics'])


@pytest.mark.parametrize('order', ['in-order', 'twice-shuffled'])
@pytest.mark.parametrize('scenario', metric_fixtures())
def test_totals_of_captured_scenarios(scenario: str, order: str, data: Path) -> None:
    wanted = expected()[scenario]['metrics']
    sent = [request for request in requests(scenario) if request.path.endswith('/metrics')]
    if order == 'twice-shuffled':
        sent = random.Random(3).sample(sent * 2, len(sent) * 2)
    with Server(data) as server:
        for request in sent:
            request.send(server)
        answer = rows(
            server,
            """
            SELECT metric_name, metric_type, unit, aggregation_temporality, is_monotonic, count(*) AS points,
                count(DISTINCT (otel_resource_attributes::text, otel_scope_name, attributes::text)) AS series,
                metric_count(metric_merge(value)) AS n, metric_sum(metric_merge(value)) AS total
            FROM metrics GROUP BY ALL
            """,
        )
    found = {row['metric_name']: row for row in answer}
    assert found.keys() == wanted.keys()
    for name, figures in wanted.items():
        row = found[name]
        assert (row['metric_type'], row['unit'] or '', row['points'], row['series']) == (figures['type'], figures['unit'], figures['points'], figures['series']), name
        if 'temporality' in figures:
            assert row['aggregation_temporality'] == figures['temporality'].upper(), name
        if 'monotonic' in figures:
            assert row['is_monotonic'] == figures['monotonic'], name
        if 'count' in figures:
            assert row['n'] == figures['count'], name
        if 'total' in figures:
            assert row['total'] == pytest.approx(figures['total'], rel=1e-9, abs=1e-9), name

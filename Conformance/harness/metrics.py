"""Metrics as OTLP messages; times are seconds after the beginning of 2026."""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from opentelemetry.proto.metrics.v1 import metrics_pb2 as pb

from . import otlp
from .query import post_query
from .server import Server

START = 1_767_225_600_000_000_000
SECOND = 1_000_000_000
DELTA = pb.AGGREGATION_TEMPORALITY_DELTA
CUMULATIVE = pb.AGGREGATION_TEMPORALITY_CUMULATIVE


def number(at: float, value: float | None, start: float | None = None, flags: int = 0, **attributes: Any) -> pb.NumberDataPoint:
    """A point; times are seconds after the beginning of 2026."""
    point = pb.NumberDataPoint(time_unix_nano=nano(at), flags=flags, attributes=otlp.attributes(attributes))
    if start is not None:
        point.start_time_unix_nano = nano(start)
    if isinstance(value, int):
        point.as_int = value
    elif value is not None:
        point.as_double = value
    return point


def nano(seconds: float) -> int:
    return START + round(seconds * SECOND)


def counter(name: str, temporality: int, points: Iterable[pb.NumberDataPoint], monotonic: bool = True) -> pb.Metric:
    return pb.Metric(name=name, unit='1', sum=pb.Sum(aggregation_temporality=temporality, is_monotonic=monotonic, data_points=points))


def gauge(name: str, points: Iterable[pb.NumberDataPoint]) -> pb.Metric:
    return pb.Metric(name=name, gauge=pb.Gauge(data_points=points))


def explicit_point(at: float, values: list[float], bounds: list[float], start: float) -> pb.HistogramDataPoint:
    counts = [0] * (len(bounds) + 1)
    for item in values:
        counts[sum(bound < item for bound in bounds)] += 1
    point = pb.HistogramDataPoint(
        start_time_unix_nano=nano(start), time_unix_nano=nano(at), count=len(values), sum=sum(values), bucket_counts=counts, explicit_bounds=bounds
    )
    if values:
        point.min, point.max = min(values), max(values)
    return point


def histogram(name: str, temporality: int, points: Iterable[pb.HistogramDataPoint]) -> pb.Metric:
    return pb.Metric(name=name, unit='s', histogram=pb.Histogram(aggregation_temporality=temporality, data_points=points))


def send(server: Server, *metrics: pb.Metric, service: str = 'conformance') -> None:
    otlp.send(server, otlp.metrics(metrics, service=service))


def refused(server: Server, sql: str) -> str:
    response = post_query(server, sql)
    assert response.status_code == 400, response.text
    return response.json()['detail']


# Quantiles and merged values


def percentile(values: list[float], share: float) -> float:
    """The linear percentile, as numpy's default."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    return ordered[low] + (ordered[min(low + 1, len(ordered) - 1)] - ordered[low]) * (place - low)


def exponential_point(at: float, values: list[float], scale: int, start: float, threshold: float = 0.0) -> pb.ExponentialHistogramDataPoint:
    point = pb.ExponentialHistogramDataPoint(
        start_time_unix_nano=nano(start), time_unix_nano=nano(at), count=len(values), sum=sum(values), scale=scale, zero_threshold=threshold
    )
    point.zero_count = sum(abs(item) <= threshold for item in values)
    for buckets, side in ((point.positive, [item for item in values if item > threshold]), (point.negative, [-item for item in values if item < -threshold])):
        counts: dict[int, int] = defaultdict(int)
        for item in side:
            counts[bucket_index(item, scale)] += 1
        if counts:
            buckets.offset = min(counts)
            buckets.bucket_counts.extend(counts[index] for index in range(min(counts), max(counts) + 1))
    if values:
        point.min, point.max = min(values), max(values)
    return point


def bucket_index(item: float, scale: int) -> int:
    """Bucket i holds what is above 2^(i / 2^scale) and not above 2^((i + 1) / 2^scale)."""
    return math.ceil(math.log2(item) * 2**scale) - 1


def exponential(name: str, temporality: int, points: Iterable[pb.ExponentialHistogramDataPoint]) -> pb.Metric:
    return pb.Metric(name=name, unit='s', exponential_histogram=pb.ExponentialHistogram(aggregation_temporality=temporality, data_points=points))


FIGURES = 'metric_count(v) AS n, metric_sum(v) AS s, metric_avg(v) AS a, metric_min(v) AS low, metric_max(v) AS high'


def summary_point(at: float, count: int, total: float, start: float) -> pb.SummaryDataPoint:
    quantiles = [pb.SummaryDataPoint.ValueAtQuantile(quantile=share, value=share * 10) for share in (0.5, 0.99)]
    return pb.SummaryDataPoint(start_time_unix_nano=nano(start), time_unix_nano=nano(at), count=count, sum=total, quantile_values=quantiles)

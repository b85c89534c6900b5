"""Everything the Logfire SDK sends by itself or is asked for: spans, logs of all levels, an exception, tags, metrics, an OpenTelemetry log, baggage,
feedback, system metrics. Works with version 4 and 5 alike; prints what must be found as JSON."""

import json
import os

import logfire
from logfire.experimental.annotations import get_traceparent, record_feedback
from opentelemetry import _logs
from opentelemetry._logs import LogRecord, SeverityNumber

LEVELS = ('trace', 'debug', 'info', 'notice', 'warn', 'error', 'fatal')


def main() -> None:
    options = {'base_url': os.environ['BASE_URL']}
    logfire.configure(
        token=os.environ['TOKENS'].split(','),
        service_name='sdk',
        service_version='1.2.3',
        environment='staging',
        console=False,
        advanced=logfire.AdvancedOptions(**options),
    )
    logfire.instrument_system_metrics()
    counter = logfire.metric_counter('orders', unit='1')
    histogram = logfire.metric_histogram('latency', unit='ms')
    gauge = logfire.metric_gauge('temperature', unit='Cel')
    balance = logfire.metric_up_down_counter('open', unit='1')

    with logfire.span('order {number}', number=7, _tags=['checkout', 'eu']) as order:
        logfire.force_flush()  # while the span is open: it is announced
        for level in LEVELS:
            getattr(logfire, level)('a {kind} message', kind=level)
        try:
            raise ValueError('no stock')
        except ValueError:
            logfire.exception('could not pack')
        with logfire.set_baggage(tenant='acme'):
            logfire.info('with baggage')
        for amount in (1, 2, 3):
            counter.add(amount, {'shop': 'a'})
            histogram.record(amount * 10.0)
        gauge.set(21.5)
        balance.add(5)
        balance.add(-2)
        parent = get_traceparent(order)
    try:
        with logfire.span('fails'):
            raise KeyError('missing')
    except KeyError:
        pass
    record_feedback(parent, 'helpful', True, comment='good answer')
    _logs.get_logger('plain').emit(LogRecord(body='an OpenTelemetry log', severity_number=SeverityNumber.WARN))
    logfire.force_flush()
    logfire.shutdown()
    context = order.get_span_context() or order.context
    print(json.dumps({'trace': f'{context.trace_id:032x}', 'span': f'{context.span_id:016x}'}))


if __name__ == '__main__':
    main()

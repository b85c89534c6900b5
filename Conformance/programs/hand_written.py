"""usage: hand_written.py. Calls written by hand with a plain tracer, under the names that people invent; prints nothing."""

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

ANSWERED = {
    'provider': 'openai',
    'model_name': 'gpt-4o-mini',
    'model_version': '2024-07-18',
    'region': 'eu-west-1',
    'deployment': 'support-eu',
    'prompt_version': 'refund-v7',
    'experiment_bucket': 'treatment',
    'eval_bucket': 'golden',
    'task_type': 'answer',
    'tenant_id': 'acme',
    'user_segment': 'paid',
    'temperature': 0.2,
    'prompt_tokens': 2140,
    'system_message_tokens': 310,
    'retrieved_context_tokens': 1420,
    'tool_result_tokens': 190,
    'completion_tokens': 420,
    'first_token_ms': 780,
    'stop_reason': 'stop',
    'tool_request_count': 2,
    'refusal_flag': False,
    'json_parse_success': True,
    'cache_hit': False,
    'retry_count': 1,
    'retry_cause': 'rate_limit',
    'input_cost_usd': 0.0031,
    'output_cost_usd': 0.0042,
    'total_cost_usd': 0.0073,
}
REFUSED = {
    'model_name': 'gpt-4o-mini',
    'prompt_tokens': '96 tokens',
    'completion_tokens': 8,
    'first_token_ms': '1.2 s',
    'stop_reason': 'length',
    'tool_call_count': 0,
    'refusal_flag': True,
    'json_parse_success': False,
    'cache_hit': True,
    'retry_count': 0,
    'total_cost_usd': '$0.0012',
}
SPARSE = {'model_name': 'gpt-4o-mini', 'prompt_tokens': 5}


def main() -> None:
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    tracer = trace.get_tracer('refunds')
    with tracer.start_as_current_span('answer a question'):
        for values in (ANSWERED, REFUSED, SPARSE):
            with tracer.start_as_current_span('llm.generate', attributes=values):
                pass
        # Names that say nothing of a model: no call.
        with tracer.start_as_current_span('load', attributes={'model_name': 'car', 'region': 'north'}):
            pass
    provider.shutdown()


if __name__ == '__main__':
    main()

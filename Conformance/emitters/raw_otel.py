"""Pydantic AI with OpenTelemetry alone: a tracer provider, a batch processor, an exporter; no logfire."""

import os

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import set_tracer_provider
from pydantic_ai import Agent

import prompts

os.environ['OTEL_EXPORTER_OTLP_ENDPOINT'] = os.environ['BACKEND_URL']
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
set_tracer_provider(provider)

Agent.instrument_all()
agent = Agent('openai-chat:gpt-5', name='raw_agent')
print(agent.run_sync(prompts.PLAIN).output)

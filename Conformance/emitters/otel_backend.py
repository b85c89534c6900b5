"""The logfire SDK with any OpenTelemetry backend: no token, nothing sent to Logfire, the endpoint in the program itself."""

import os

import logfire
from pydantic_ai import Agent

import prompts

os.environ['OTEL_EXPORTER_OTLP_ENDPOINT'] = os.environ['BACKEND_URL']
logfire.configure(send_to_logfire=False)
logfire.instrument_pydantic_ai()
logfire.instrument_httpx(capture_all=True)

agent = Agent('openai-chat:gpt-5', name='backend_agent')
print(agent.run_sync(prompts.PLAIN).output)

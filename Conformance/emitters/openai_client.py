"""usage: openai_client.py INSTRUMENTATION. The openai package under one of the instrumentations below, every API of it."""

import contextlib
import sys

import openai
import prompts

CHAT_TOOL = {'type': 'function', 'function': {'name': prompts.TOOL_NAME, 'description': 'The weather of a city.', 'parameters': prompts.WEATHER_TOOL}}
RESPONSES_TOOL = {'type': 'function', 'name': prompts.TOOL_NAME, 'description': 'The weather of a city.', 'parameters': prompts.WEATHER_TOOL, 'strict': True}
CITY_FORMAT = {'type': 'json_schema', 'json_schema': {'name': 'city', 'strict': True, 'schema': prompts.CITY}}


def instrument(name: str) -> None:
    if name.startswith('logfire'):
        import logfire

        versions = {'logfire': None, 'logfire-1': 1, 'logfire-2': 2, 'logfire-both': [1, 2]}
        logfire.configure(console=False)
        logfire.instrument_openai(**({'version': versions[name]} if versions[name] else {}))
        return
    import telemetry

    provider = telemetry.configure()
    if name == 'otel':
        from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor

        OpenAIInstrumentor().instrument()
    elif name == 'traceloop':
        from opentelemetry.instrumentation.openai import OpenAIInstrumentor as Traceloop

        Traceloop().instrument()
    elif name == 'openinference':
        from openinference.instrumentation.openai import OpenAIInstrumentor as OpenInference

        OpenInference().instrument(tracer_provider=provider)
    else:
        sys.exit(f'{name} is no instrumentation')


def ask(client: openai.OpenAI, prompt: str, model: str = 'gpt-4o-mini', **options):
    return client.chat.completions.create(model=model, messages=[{'role': 'user', 'content': prompt}], **options)


def chat(client: openai.OpenAI) -> None:
    ask(client, prompts.PLAIN, temperature=0.5, max_tokens=100, seed=7)
    ask(client, prompts.CACHED)
    ask(client, prompts.THINK, model='gpt-5')
    tools = {'model': 'gpt-4o-mini', 'tools': [CHAT_TOOL]}
    question = {'role': 'user', 'content': prompts.TOOL}
    message = client.chat.completions.create(messages=[question], **tools).choices[0].message
    results = [{'role': 'tool', 'tool_call_id': call.id, 'content': 'sunny'} for call in message.tool_calls]
    client.chat.completions.create(messages=[question, message.model_dump(exclude_none=True), *results], **tools)
    ask(client, prompts.TWO_TOOLS, tools=[CHAT_TOOL])
    ask(client, prompts.LONG, max_tokens=20)
    ask(client, prompts.REFUSED)
    ask(client, prompts.JSON_GOOD, response_format=CITY_FORMAT)
    ask(client, prompts.JSON_BAD, response_format=CITY_FORMAT)
    ask(client, prompts.BUSY)
    with contextlib.suppress(openai.RateLimitError):
        ask(client.with_options(max_retries=0), prompts.HOPELESS)
    with contextlib.suppress(openai.BadRequestError):
        ask(client, prompts.BROKEN)
    for prompt in (prompts.PLAIN, *8 * [prompts.SLOW]):  # the first stream pays for what is loaded lazily
        for chunk in ask(client, prompt, stream=True, stream_options={'include_usage': True}):
            assert chunk.id
    for chunk in ask(client, prompts.TOOL, tools=[CHAT_TOOL], stream=True, stream_options={'include_usage': True}):
        assert chunk.id


def responses(client: openai.OpenAI) -> None:
    client.responses.create(model='gpt-5', input=prompts.PLAIN, instructions='Be brief.')
    client.responses.create(model='gpt-5', input=prompts.CACHED)
    client.responses.create(model='gpt-5', input=prompts.THINK, reasoning={'effort': 'low'})
    client.responses.create(model='gpt-5', input=prompts.TOOL, tools=[RESPONSES_TOOL])
    client.responses.create(model='gpt-5', input=prompts.LONG, max_output_tokens=20)
    client.responses.create(model='gpt-5', input=prompts.REFUSED)
    with contextlib.suppress(openai.BadRequestError):
        client.responses.create(model='gpt-5', input=prompts.BROKEN)
    for prompt in (prompts.PLAIN, *8 * [prompts.SLOW]):
        for event in client.responses.create(model='gpt-5', input=prompt, stream=True):
            assert event.type


def main(instrumentation: str) -> None:
    instrument(instrumentation)
    client = openai.OpenAI(max_retries=3)
    chat(client)
    responses(client)
    client.embeddings.create(model='text-embedding-3-small', input=prompts.EMBED)


if __name__ == '__main__':
    main(sys.argv[1])

"""usage: anthropic_client.py INSTRUMENTATION. The anthropic package under one of the instrumentations below, or with its own spans alone."""

import contextlib
import sys

import anthropic
import prompts

TOOL = {'name': prompts.TOOL_NAME, 'description': 'The weather of a city.', 'input_schema': prompts.WEATHER_TOOL}
MODEL = 'claude-sonnet-4-5'


def instrument(name: str) -> None:
    if name.startswith('logfire'):
        import logfire

        versions = {'logfire': None, 'logfire-1': 1, 'logfire-2': 2}
        logfire.configure(console=False)
        logfire.instrument_anthropic(**({'version': versions[name]} if versions[name] else {}))
        return
    import telemetry

    provider = telemetry.configure()
    if name == 'traceloop':
        from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor

        AnthropicInstrumentor().instrument()
    elif name == 'openinference':
        from openinference.instrumentation.anthropic import AnthropicInstrumentor as OpenInference

        OpenInference().instrument(tracer_provider=provider)
    elif name != 'none':
        sys.exit(f'{name} is no instrumentation')


def ask(client: anthropic.Anthropic, prompt: str, **options):
    return client.messages.create(**({'model': MODEL, 'max_tokens': 1000, 'messages': [{'role': 'user', 'content': prompt}]} | options))


def main(instrumentation: str) -> None:
    instrument(instrumentation)
    client = anthropic.Anthropic(max_retries=3)
    ask(client, prompts.PLAIN, system='Be brief.')
    ask(client, prompts.CACHED)
    question = {'role': 'user', 'content': prompts.TOOL}
    answer = ask(client, '', messages=[question], tools=[TOOL])
    results = [{'type': 'tool_result', 'tool_use_id': block.id, 'content': 'sunny'} for block in answer.content if block.type == 'tool_use']
    reply = {'role': 'assistant', 'content': [block.model_dump(exclude_none=True) for block in answer.content]}
    ask(client, '', messages=[question, reply, {'role': 'user', 'content': results}], tools=[TOOL])
    ask(client, prompts.TWO_TOOLS, tools=[TOOL])
    ask(client, prompts.LONG, max_tokens=20, model='claude-haiku-4-5')
    ask(client, prompts.REFUSED)
    ask(client, prompts.BUSY)
    with contextlib.suppress(anthropic.RateLimitError):
        ask(client.with_options(max_retries=0), prompts.HOPELESS)
    with contextlib.suppress(anthropic.BadRequestError):
        ask(client, prompts.BROKEN)
    for prompt in (prompts.PLAIN, *8 * [prompts.SLOW]):  # the first stream pays for what is loaded lazily
        for event in ask(client, prompt, stream=True):
            assert event.type
    with client.messages.stream(model=MODEL, max_tokens=1000, messages=[question], tools=[TOOL]) as stream:
        assert stream.get_final_message().stop_reason == 'tool_use'


if __name__ == '__main__':
    main(sys.argv[1])

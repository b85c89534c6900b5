"""usage: litellm_client.py INSTRUMENTATION. LiteLLM calling OpenAI and Anthropic."""

import contextlib
import sys

import litellm
import prompts

CHAT = 'openai/gpt-4o-mini'
TOOL = {'type': 'function', 'function': {'name': prompts.TOOL_NAME, 'description': 'The weather of a city.', 'parameters': prompts.WEATHER_TOOL}}


def instrument(name: str) -> None:
    if name == 'otel':  # LiteLLM's own callback
        import telemetry

        telemetry.configure()
        litellm.callbacks = ['otel']
    elif name == 'openinference':
        import telemetry
        from openinference.instrumentation.litellm import LiteLLMInstrumentor

        LiteLLMInstrumentor().instrument(tracer_provider=telemetry.configure())
    elif name == 'logfire':
        import logfire

        logfire.configure(console=False)
        logfire.instrument_litellm()
    else:
        sys.exit(f'{name} is no instrumentation')


def ask(prompt: str, model: str = CHAT, **options):
    return litellm.completion(model=model, messages=[{'role': 'user', 'content': prompt}], **({'num_retries': 0} | options))


def main(instrumentation: str) -> None:
    instrument(instrumentation)
    ask(prompts.PLAIN)
    ask(prompts.CACHED)
    ask(prompts.THINK, model='openai/gpt-5')
    ask(prompts.TWO_TOOLS, tools=[TOOL])
    ask(prompts.LONG, max_tokens=20)
    ask(prompts.CACHED, model='anthropic/claude-sonnet-4-5')
    with contextlib.suppress(litellm.BadRequestError):
        ask(prompts.BROKEN)
    for prompt in (prompts.PLAIN, *8 * [prompts.SLOW]):  # the first stream pays for what is loaded lazily
        for _ in ask(prompt, stream=True, stream_options={'include_usage': True}):
            pass
    litellm.embedding(model='openai/text-embedding-3-small', input=[prompts.EMBED])


if __name__ == '__main__':
    main(sys.argv[1])

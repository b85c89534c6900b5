"""usage: openai_agents.py INSTRUMENTATION. The OpenAI Agents SDK: a tool, a handoff, chat completions and the Responses API."""

import asyncio
import contextlib
import sys

import openai
import prompts
from agents import Agent, ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, function_tool, set_trace_processors
from openai import AsyncOpenAI


def instrument(name: str) -> None:
    if name == 'logfire':
        import logfire

        logfire.configure(console=False)
        logfire.instrument_openai_agents()
    elif name == 'openinference':
        import telemetry
        from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor

        set_trace_processors([])  # nothing to OpenAI's own collector
        OpenAIAgentsInstrumentor().instrument(tracer_provider=telemetry.configure())
    else:
        sys.exit(f'{name} is no instrumentation')


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f'sunny in {city}'


async def main(instrumentation: str) -> None:
    instrument(instrumentation)
    client = AsyncOpenAI(max_retries=3)
    chat = OpenAIChatCompletionsModel('gpt-4o-mini', openai_client=client)
    responses = OpenAIResponsesModel('gpt-5', openai_client=client)
    settings = ModelSettings(include_usage=True)  # else a chat stream has no usage at all
    for name, model in {'chat': chat, 'responses': responses}.items():
        agent = Agent(name=f'{name}_agent', model=model, tools=[get_weather], instructions='Be brief.', model_settings=settings)
        await Runner.run(agent, prompts.CACHED)
        await Runner.run(agent, prompts.TWO_TOOLS)
        await Runner.run(agent, prompts.BUSY)
        with contextlib.suppress(openai.BadRequestError):
            await Runner.run(agent, prompts.BROKEN)
        result = Runner.run_streamed(agent, prompts.SLOW)
        async for _ in result.stream_events():
            pass


if __name__ == '__main__':
    asyncio.run(main(sys.argv[1]))

"""usage: llama_index_agent.py. LlamaIndex with its OpenAI model under OpenInference: calls, a stream and a function agent."""

import asyncio
import contextlib
import os

import openai
import prompts
import telemetry
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai import OpenAI
from openinference.instrumentation.llama_index import LlamaIndexInstrumentor


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f'sunny in {city}'


async def main() -> None:
    LlamaIndexInstrumentor().instrument(tracer_provider=telemetry.configure())
    model = OpenAI('gpt-4o-mini', api_base=os.environ['OPENAI_BASE_URL'], max_retries=3)
    model.chat([ChatMessage(role='user', content=prompts.CACHED)])
    model.chat([ChatMessage(role='user', content=prompts.LONG)])
    model.chat([ChatMessage(role='user', content=prompts.BUSY)])
    with contextlib.suppress(openai.BadRequestError):
        model.chat([ChatMessage(role='user', content=prompts.BROKEN)])
    for _ in model.stream_chat([ChatMessage(role='user', content=prompts.SLOW)]):
        pass
    agent = FunctionAgent(name='weather_agent', tools=[get_weather], llm=model, streaming=False)
    await agent.run(prompts.TWO_TOOLS)


if __name__ == '__main__':
    asyncio.run(main())

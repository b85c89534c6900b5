"""Pydantic AI as it is by default under the logfire SDK: providers, streams, rate limits, structured output, refusals, delegation, embeddings."""

import asyncio
import contextlib
import os

import logfire
import prompts
from anthropic import AsyncAnthropic
from google.genai import Client
from google.genai.types import HttpOptions
from openai import AsyncOpenAI
from pydantic import BaseModel
from pydantic_ai import Agent, Embedder, NativeOutput
from pydantic_ai.exceptions import ModelHTTPError, UnexpectedModelBehavior
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.google import GoogleProvider
from pydantic_ai.providers.openai import OpenAIProvider


class City(BaseModel):
    name: str
    population: int


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f'sunny in {city}'


async def models_of_every_provider() -> None:
    openai = OpenAIProvider(openai_client=AsyncOpenAI(max_retries=3))
    anthropic = AnthropicProvider(anthropic_client=AsyncAnthropic(max_retries=3))
    google = GoogleProvider(client=Client(api_key='not-needed', http_options=HttpOptions(base_url=os.environ['MODEL_URL'])))
    models = {
        'chat': OpenAIChatModel('gpt-4o-mini', provider=openai),
        'responses': OpenAIResponsesModel('gpt-5', provider=openai),
        'messages': AnthropicModel('claude-sonnet-4-5', provider=anthropic),
        'generate_content': GoogleModel('gemini-2.5-pro', provider=google),
    }
    for name, model in models.items():
        agent = Agent(model, name=f'{name}_agent', tools=[get_weather])
        await agent.run(prompts.CACHED)
        await agent.run(prompts.TWO_TOOLS)
        if name in ('responses', 'generate_content'):
            await agent.run(prompts.THINK)
        if name != 'generate_content':  # google-genai does not retry by itself
            await agent.run(prompts.BUSY)
        with contextlib.suppress(ModelHTTPError):
            await agent.run(prompts.BROKEN)
        for prompt in (prompts.PLAIN, *8 * [prompts.SLOW]):  # the first stream pays for what is loaded lazily
            async with agent.run_stream(prompt) as stream:
                await stream.get_output()


async def structured_output() -> None:
    agent = Agent(OpenAIChatModel('gpt-4o-mini'), name='structured_agent', output_type=NativeOutput(City), retries=0)
    await agent.run(prompts.JSON_GOOD)
    for prompt in (prompts.JSON_BAD, prompts.REFUSED):
        with contextlib.suppress(UnexpectedModelBehavior):
            await agent.run(prompt)


async def delegation() -> None:
    helper = Agent(OpenAIChatModel('gpt-4o-mini'), name='helper_agent')
    lead = Agent(OpenAIChatModel('gpt-5'), name='lead_agent')

    @lead.tool_plain
    async def get_weather(city: str) -> str:
        """The weather of a city."""
        return (await helper.run(f'{prompts.PLAIN} Asked about {city}.')).output

    await lead.run(prompts.TOOL)


async def main() -> None:
    logfire.configure(console=False)
    logfire.instrument_pydantic_ai()
    logfire.instrument_httpx()
    await models_of_every_provider()
    await structured_output()
    await delegation()
    await Embedder('openai:text-embedding-3-small', instrument=True).embed_query(prompts.EMBED)


if __name__ == '__main__':
    asyncio.run(main())

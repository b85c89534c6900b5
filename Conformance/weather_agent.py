"""A small agent as a user writes it: two tools, every HTTP request captured, nothing configured but two variables.

Needs LOGFIRE_TOKEN and LOGFIRE_BASE_URL for logfire, OPENAI_BASE_URL and OPENAI_API_KEY for the model, WEATHER_URL for the tools.
"""

import os
import sys
from dataclasses import dataclass

import logfire
from httpx import AsyncClient
from pydantic import BaseModel
from pydantic_ai import Agent, RunContext
from pydantic_ai.models.openai import OpenAIChatModel

logfire.configure()
logfire.instrument_pydantic_ai()
logfire.instrument_httpx(capture_all=True)


@dataclass
class Deps:
    client: AsyncClient


class LatLng(BaseModel):
    lat: float
    lng: float


weather_agent = Agent(
    OpenAIChatModel('gpt-4o'),
    name='weather_agent',
    instructions='Be concise, reply with one sentence.',
    deps_type=Deps,
    retries=2,
)


@weather_agent.tool
async def get_lat_lng(ctx: RunContext[Deps], location: str) -> LatLng:
    """Where a place is.

    Args:
        ctx: The context.
        location: The name of the place.
    """
    response = await ctx.deps.client.get('/lat_lng', params={'location': location})
    response.raise_for_status()
    return LatLng.model_validate_json(response.content)


@weather_agent.tool
async def get_weather(ctx: RunContext[Deps], lat: float, lng: float) -> dict[str, str]:
    """The weather at a position.

    Args:
        ctx: The context.
        lat: Latitude in degrees.
        lng: Longitude in degrees.
    """
    response = await ctx.deps.client.get('/weather', params={'lat': lat, 'lng': lng})
    response.raise_for_status()
    return response.json()


async def main(question: str) -> None:
    async with AsyncClient(base_url=os.environ['WEATHER_URL']) as client:
        result = await weather_agent.run(question, deps=Deps(client))
    print(result.output)


if __name__ == '__main__':
    import asyncio

    asyncio.run(main(sys.argv[1]))

"""A web service whose agent looks a price up in Redis, and asks another service for it when Redis has none.

Asks itself two questions over HTTP, then ends. Needs REDIS_URL and MODEL_URL (which also has the other service, `/lat_lng`).
"""

import asyncio
import os
import socket
import threading
import time

import httpx
import logfire
import prompts
import redis.asyncio
import uvicorn
from fastapi import FastAPI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel

logfire.configure(console=False)
app = FastAPI()
logfire.instrument_fastapi(app)
logfire.instrument_pydantic_ai()
logfire.instrument_httpx()
logfire.instrument_redis(capture_statement=True)

agent = Agent(OpenAIChatModel('gpt-4o-mini'), name='price_agent')


@agent.tool_plain
async def get_weather(city: str) -> str:
    """The weather of a city."""
    async with redis.asyncio.from_url(os.environ['REDIS_URL']) as cache, httpx.AsyncClient() as client:
        if (known := await cache.get(city)) is None:
            answer = await client.get(f'{os.environ["MODEL_URL"]}/lat_lng', params={'location': 'London'})
            known = str(answer.raise_for_status().json()['lat'])
            await cache.set(city, known)
        return str(known)


@app.get('/ask/{user}')
async def ask(user: str) -> dict[str, str]:
    result = await agent.run(prompts.TOOL)
    return {'answer': result.output}


async def questions(port: int) -> None:
    async with httpx.AsyncClient(base_url=f'http://127.0.0.1:{port}') as client:
        for user in ('ada', 'bob'):
            with logfire.span('question of {user}', user=user):
                answer = await client.get(f'/ask/{user}')
            print(answer.raise_for_status().json()['answer'])


def main() -> None:
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level='warning'))
        thread = threading.Thread(target=server.run, kwargs={'sockets': [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        asyncio.run(questions(listener.getsockname()[1]))
        server.should_exit = True
        thread.join()


if __name__ == '__main__':
    main()

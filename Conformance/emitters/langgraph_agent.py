"""usage: langgraph_agent.py INSTRUMENTATION. A LangChain model and a LangGraph agent with a tool."""

import contextlib
import os
import sys

import openai
import prompts
from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f'sunny in {city}'


def instrument(name: str):
    """Returns what sends the rest at the end."""
    if name == 'logfire-langsmith':
        os.environ |= {'LANGSMITH_OTEL_ENABLED': 'true', 'LANGSMITH_OTEL_ONLY': 'true', 'LANGSMITH_TRACING': 'true'}
        import logfire

        logfire.configure(console=False)
    elif name == 'langsmith':
        os.environ |= {'LANGSMITH_OTEL_ENABLED': 'true', 'LANGSMITH_OTEL_ONLY': 'true', 'LANGSMITH_TRACING': 'true'}
        import telemetry

        telemetry.configure()
    elif name == 'openinference':
        import telemetry
        from openinference.instrumentation.langchain import LangChainInstrumentor

        LangChainInstrumentor().instrument(tracer_provider=telemetry.configure())
    else:
        sys.exit(f'{name} is no instrumentation')


def main(instrumentation: str) -> None:
    instrument(instrumentation)
    model = ChatOpenAI(model='gpt-4o-mini', max_retries=3)
    config = {'metadata': {'session_id': 'conversation-7'}}
    model.invoke(prompts.CACHED, config=config)
    ChatOpenAI(model='gpt-5').invoke(prompts.THINK, config=config)
    model.invoke(prompts.LONG, config=config)
    model.invoke(prompts.REFUSED, config=config)
    model.invoke(prompts.BUSY, config=config)
    with contextlib.suppress(openai.BadRequestError):
        model.invoke(prompts.BROKEN, config=config)
    for prompt in (prompts.PLAIN, *8 * [prompts.SLOW]):  # the first stream pays for what is loaded lazily
        for _ in model.stream(prompt, config=config, stream_usage=True):
            pass
    agent = create_agent(model, tools=[get_weather], name='weather_agent')
    agent.invoke({'messages': [{'role': 'user', 'content': prompts.TWO_TOOLS}]}, config=config)
    OpenAIEmbeddings(model='text-embedding-3-small', check_embedding_ctx_length=False).embed_query(prompts.EMBED)
    if 'langsmith' in instrumentation:
        from langchain_core.tracers.langchain import wait_for_all_tracers

        wait_for_all_tracers()


if __name__ == '__main__':
    main(sys.argv[1])

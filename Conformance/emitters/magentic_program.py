"""Magentic, which writes its spans with logfire-api and leaves the model calls to logfire.instrument_openai."""

import contextlib

import logfire
import openai
import prompts
from magentic import FunctionCall, OpenaiChatModel, prompt


@prompt(prompts.PLAIN)
def capital() -> str: ...


@prompt(prompts.CACHED)
def summary() -> str: ...


@prompt(prompts.BROKEN)
def broken() -> str: ...


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f'sunny in {city}'


@prompt(prompts.TOOL, functions=[get_weather])
def weather() -> FunctionCall[str]: ...


def main() -> None:
    logfire.configure(console=False)
    logfire.instrument_openai()
    with OpenaiChatModel('gpt-4o-mini'):
        capital()
        summary()
        weather()()
        with contextlib.suppress(openai.BadRequestError):
            broken()


if __name__ == '__main__':
    main()

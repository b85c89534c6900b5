"""usage: pydantic_ai_formats.py VERSION…. Pydantic AI with the plain OpenTelemetry SDK: the same agent in each instrumentation format.

`1-logs` is format 1 with event_mode `logs` (Pydantic AI 1.x). The agent of format N is called `agent_N`.
"""

import sys

import prompts
import telemetry
from pydantic_ai import Agent, InstrumentationSettings
from pydantic_ai.exceptions import ModelHTTPError, UnexpectedModelBehavior
from pydantic_ai.models.openai import OpenAIChatModel


def settings(version: str) -> InstrumentationSettings:
    if version == '1-logs':
        return InstrumentationSettings(version=1, event_mode='logs')
    return InstrumentationSettings(version=int(version))


def main(versions: list[str]) -> None:
    telemetry.configure()
    model = OpenAIChatModel('gpt-4o-mini')
    for version in versions:
        Agent.instrument_all(settings(version))
        agent = Agent(model, name=f'agent_{version}', instructions='Be brief.')

        @agent.tool_plain
        def get_weather(city: str) -> str:
            """The weather of a city."""
            return f'sunny in {city}'

        agent.run_sync(prompts.TWO_TOOLS)
        first = agent.run_sync(prompts.FIRST_TURN)
        agent.run_sync(prompts.SECOND_TURN, message_history=first.all_messages())
        try:
            agent.run_sync(prompts.LONG)
        except UnexpectedModelBehavior:
            pass
        try:
            agent.run_sync(prompts.BROKEN)
        except ModelHTTPError:
            pass


if __name__ == '__main__':
    main(sys.argv[1:])

"""C7: agent frameworks that write spans of their own: OpenAI Agents, LangChain and LangGraph."""

from collections.abc import Callable

import pytest

from fake_llm import Call
from harness.emitters import Dialect, Outcome, Run, Scenario, check_calls, check_runs, tool_names

NO_FIRST_TOKEN = 'has_first_token'


def is_embedding(call: Call) -> bool:
    """LangChain has no callbacks for embeddings."""
    return call.is_embedding


def model_unless_failed_response(call: Call) -> str | None:
    """A response that failed is a span with nothing but its kind and provider."""
    return None if call.is_error and call.served.api == 'responses' else call.model


OPENAI_AGENTS_RUNS = [Run(f'{api}_agent', calls, tools, error) for api in ('chat', 'responses') for calls, tools, error in ((1, 0, False), (2, 2, False), (1, 0, False), (1, 0, True), (1, 0, False))]
LANGGRAPH_RUNS = [Run('weather_agent', 2, 2)]
OPENAI_AGENTS_TOOLS = [('get_weather', f'{api}_agent', False) for api in ('chat', 'chat', 'responses', 'responses')]
LANGGRAPH_TOOLS = 2 * [('get_weather', 'weather_agent', False)]

SCENARIOS = {
    'OpenAI Agents, logfire': (
        Scenario('openai_agents.py', ('logfire',), sender='logfire'),
        Dialect(silent={'*': [NO_FIRST_TOKEN], 'chat': ['is_truncated']}),
    ),
    'OpenAI Agents, OpenInference': (
        Scenario('openai_agents.py', ('openinference',)),
        Dialect(
            silent={'*': ('response_model', NO_FIRST_TOKEN), 'chat': ('is_truncated', 'cache_read_tokens', 'reasoning_tokens')},
            named=model_unless_failed_response,
        ),
    ),
    'LangGraph, OpenInference': (
        Scenario('langgraph_agent.py', ('openinference',)),
        Dialect(silent={'*': ('response_model', NO_FIRST_TOKEN)}, unseen=is_embedding),
    ),
    'LangGraph, LangSmith': (Scenario('langgraph_agent.py', ('langsmith',)), Dialect(silent={'*': [NO_FIRST_TOKEN]}, unseen=is_embedding)),
}


@pytest.mark.parametrize('name', SCENARIOS)
def test_C7_every_call_with_its_figures(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario, dialect = SCENARIOS[name]
    check_calls(outcome_of(scenario), dialect)


@pytest.mark.parametrize('name', SCENARIOS)
def test_C7_agent_runs(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario, _ = SCENARIOS[name]
    outcome = outcome_of(scenario)
    if 'LangGraph' in name:
        check_runs(outcome, LANGGRAPH_RUNS, [call for call in outcome.calls if not call.is_embedding][-2:])
    else:
        check_runs(outcome, OPENAI_AGENTS_RUNS)


@pytest.mark.parametrize('name', SCENARIOS)
def test_C7_tool_calls(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario, _ = SCENARIOS[name]
    assert tool_names(outcome_of(scenario)) == (LANGGRAPH_TOOLS if 'LangGraph' in name else OPENAI_AGENTS_TOOLS)


@pytest.mark.parametrize('name', SCENARIOS)
def test_C7_calls_name_their_agent(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    """By themselves or by the run around them; a call outside of a run has no agent."""
    agents = [row['agent_name'] for row in outcome_of(SCENARIOS[name][0]).llm_calls]
    if 'LangGraph' in name:
        assert agents == (len(agents) - 2) * [None] + 2 * ['weather_agent']
    else:
        assert agents == 6 * ['chat_agent'] + 6 * ['responses_agent']


@pytest.mark.parametrize('name', [name for name in SCENARIOS if 'LangGraph' in name])
def test_C7_conversation(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    """The session that the program names in its metadata."""
    outcome = outcome_of(SCENARIOS[name][0])
    assert {row['conversation_id'] for row in outcome.llm_calls} == {'conversation-7'}

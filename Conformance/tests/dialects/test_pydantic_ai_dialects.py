"""C7, C2: Pydantic AI in all its instrumentation formats, and its default format on every provider."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from emitters import prompts
from harness.emitters import Dialect, Outcome, Run, Scenario, check_calls, check_first_token, check_runs, tool_names

# Pydantic AI 2 has no format 1; in 1.x, `1-logs` is format 1 with its messages as log records instead of a span attribute.
FORMATS = {
    '2.x': Scenario('pydantic_ai_formats.py', ('2', '3', '4', '5', '6'), name='2'),
    '1.x': Scenario('pydantic_ai_formats.py', ('1', '1-logs', '2', '3'), environment='older', name='1'),
}
AGENTS = Scenario('pydantic_ai_agents.py', sender='logfire')
AGENTS_DIALECT = Dialect(merged={'messages': 2})


@pytest.mark.parametrize('name', FORMATS)
def test_C7_every_call_of_every_format(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario = FORMATS[name]
    outcome = outcome_of(scenario)
    assert [call['agent_name'] for call in outcome.llm_calls] == [f'agent_{version}' for version in scenario.arguments for _ in range(6)]
    for number, version in enumerate(scenario.arguments):
        six = slice(6 * number, 6 * number + 6)
        check_calls(replace(outcome, calls=outcome.calls[six]), Dialect(), outcome.llm_calls[six])


@pytest.mark.parametrize('name', FORMATS)
def test_C7_runs_tools_and_conversations_of_every_format(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario = FORMATS[name]
    outcome = outcome_of(scenario)
    runs = [Run(f'agent_{version}', calls, tools, error) for version in scenario.arguments for calls, tools, error in ((2, 2, False), *2 * [(1, 0, False)], (1, 0, False), (1, 0, True))]
    rows = check_runs(outcome, runs)
    assert tool_names(outcome) == [('get_weather', f'agent_{version}', False) for version in scenario.arguments for _ in range(2)]
    for first in range(0, len(rows), 5):
        conversations = [row['conversation_id'] for row in rows[first : first + 5]]
        assert None not in conversations
        assert conversations[1] == conversations[2] and len(set(conversations)) == 4  # the second turn goes on with the first
        inputs = [str(row['input']) for row in rows[first : first + 5]]
        for prompt, text in zip((prompts.TWO_TOOLS, prompts.FIRST_TURN, prompts.SECOND_TURN, prompts.LONG, prompts.BROKEN), inputs, strict=True):
            assert prompt in text
        assert 'It is sunny in both.' in str(rows[first]['output'])


def test_C7_every_call_on_every_provider(outcome_of: Callable[[Scenario], Outcome]) -> None:
    check_calls(outcome_of(AGENTS), AGENTS_DIALECT)


@pytest.mark.parametrize('api', ['chat', 'responses', 'messages', 'generate_content'])
def test_C2_time_to_first_token(api: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    check_first_token(outcome_of(AGENTS), AGENTS_DIALECT, api)


def test_C7_a_delegated_run_counts_its_own_calls(outcome_of: Callable[[Scenario], Outcome]) -> None:
    outcome = outcome_of(AGENTS)
    lead, helper = outcome.rows('agent_runs')[-2:]
    asks, helps, answers = outcome.calls[-4:-1]
    assert (lead['agent_name'], helper['agent_name']) == ('lead_agent', 'helper_agent')
    assert (lead['turns'], lead['tool_calls'], lead['input_tokens']) == (2, 1, asks.input_tokens + answers.input_tokens)
    assert (helper['turns'], helper['tool_calls'], helper['input_tokens']) == (1, 0, helps.input_tokens)


def test_C2_retries_of_the_provider_package_are_seen_in_the_call(outcome_of: Callable[[Scenario], Outcome]) -> None:
    """The package asks again inside one chat span; the refused requests are seen as HTTP spans with status 429."""
    outcome = outcome_of(AGENTS)
    for call, row in zip(outcome.calls, outcome.llm_calls, strict=True):
        assert (row['retry_count'] or 0) == call.retries, call
        assert row['retry_cause'] == ('429' if call.retries else None)


def test_C2_structured_output_is_parsed_or_not(outcome_of: Callable[[Scenario], Outcome]) -> None:
    outcome = outcome_of(AGENTS)
    rows = [row for row in outcome.llm_calls if row['agent_name'] == 'structured_agent']
    assert [row['json_parse_success'] for row in rows[:2]] == [True, False]
    plain = [row for row in outcome.llm_calls if row['agent_name'] == 'helper_agent']
    assert [row['json_parse_success'] for row in plain] == [None]


def test_C2_a_refusal_is_told_from_an_answer(outcome_of: Callable[[Scenario], Outcome]) -> None:
    outcome = outcome_of(AGENTS)
    for call, row in zip(outcome.calls, outcome.llm_calls, strict=True):
        if not call.is_error and not call.is_embedding:
            assert bool(row['refusal']) == call.is_refused, call
    assert any(row['refusal'] is False for row in outcome.llm_calls)

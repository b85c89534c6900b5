"""C7: LiteLLM, LlamaIndex, DSPy and Magentic."""

from collections.abc import Callable

import pytest

from fake_llm import Call
from harness.emitters import Dialect, Outcome, Scenario, check_calls, tool_names

DETAILS = ('cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens')
NO_FIRST_TOKEN = 'has_first_token'


def routed(call: Call) -> str:
    """LiteLLM's name of a model says where it is sent; its embeddings are called by the bare name."""
    return call.model if call.is_embedding else f'{call.served.provider}/{call.model}'


# The scenario and what its records tell. Nobody says who answers an embedding.
SCENARIOS = {
    'LiteLLM, its own callback': (
        Scenario('litellm_client.py', ('otel',), environment='frameworks'),
        Dialect(silent={'*': (NO_FIRST_TOKEN, 'tool_call_count', *DETAILS), 'embeddings': ['provider']}),
    ),
    'LiteLLM, OpenInference': (
        Scenario('litellm_client.py', ('openinference',), environment='frameworks'),
        Dialect(silent={'*': (NO_FIRST_TOKEN, 'response_model'), 'embeddings': ['provider']}, named=routed),
    ),
    'LiteLLM, logfire': (
        Scenario('litellm_client.py', ('logfire',), environment='frameworks', sender='logfire'),
        Dialect(silent={'*': [NO_FIRST_TOKEN], 'embeddings': ['provider', 'response_model']}, named=routed, ignored=('response_model',)),
    ),
    'LlamaIndex': (
        Scenario('llama_index_agent.py', environment='frameworks'),
        Dialect(silent={'*': ['response_model'], 'stream': ('input_tokens', 'output_tokens', *DETAILS)}),
    ),
    'DSPy': (
        Scenario('dspy_program.py', environment='frameworks'),
        Dialect(silent={'*': ('response_model', 'input_tokens', 'output_tokens', 'is_truncated', *DETAILS)}),
    ),
    'Magentic': (Scenario('magentic_program.py', environment='frameworks', sender='logfire'), Dialect(silent={'*': [NO_FIRST_TOKEN]}, merged={'stream': 2})),
}


@pytest.mark.parametrize('name', SCENARIOS)
def test_C7_every_call_with_its_figures(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario, dialect = SCENARIOS[name]
    check_calls(outcome_of(scenario), dialect)


def test_C7_tools_of_a_llama_index_agent(outcome_of: Callable[[Scenario], Outcome]) -> None:
    assert tool_names(outcome_of(SCENARIOS['LlamaIndex'][0])) == 2 * [('get_weather', None, False)]

"""C7: the anthropic package, whose own spans come with every instrumentation of it: each call once, with the figures that the model server reported."""

from collections.abc import Callable

import pytest

from harness.emitters import Dialect, Outcome, Scenario, check_calls, check_first_token

COUNT = ['tool_call_count']

# The package's own spans are suppressed by logfire but for streams; elsewhere they are second records of the calls.
DIALECTS = {
    'own spans': (Scenario('anthropic_client.py', ('none',)), Dialect(silent={'*': COUNT})),
    'logfire': (Scenario('anthropic_client.py', ('logfire',), sender='logfire'), Dialect(merged={'stream': 3})),
    'logfire version 1': (Scenario('anthropic_client.py', ('logfire-1',), sender='logfire'), Dialect(silent={'stream': COUNT}, merged={'stream': 3})),
    'OpenLLMetry': (Scenario('anthropic_client.py', ('traceloop',)), Dialect(merged={'*': 2})),
    'OpenInference': (Scenario('anthropic_client.py', ('openinference',)), Dialect(merged={'*': 2})),
}


@pytest.mark.parametrize('name', DIALECTS)
def test_C7_every_call_with_its_figures(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario, dialect = DIALECTS[name]
    check_calls(outcome_of(scenario), dialect)


@pytest.mark.parametrize('name', DIALECTS)
def test_C2_time_to_first_token(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario, dialect = DIALECTS[name]
    check_first_token(outcome_of(scenario), dialect, 'messages')

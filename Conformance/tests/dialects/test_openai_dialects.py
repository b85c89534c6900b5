"""C7: the openai package under every instrumentation of it: each call once, with the figures that the model server reported."""

from collections.abc import Callable

import pytest

from fake_llm import Call
from harness.emitters import Dialect, Outcome, Scenario, check_calls, check_first_token

LATEST = {'OTEL_SEMCONV_STABILITY_OPT_IN': 'gen_ai_latest_experimental', 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT': 'span_only'}
FINISH = ('is_truncated',)
DETAILS = ('cache_read_tokens', 'reasoning_tokens')


def is_responses(call: Call) -> bool:
    """The official instrumentation leaves the Responses API out."""
    return call.served.api == 'responses'


def is_incomplete_response(call: Call) -> bool:
    """OpenLLMetry never ends the span of a response that is not `completed`."""
    return is_responses(call) and call.is_truncated


# Scenario and what its records tell.
DIALECTS = {
    'logfire': (Scenario('openai_client.py', ('logfire',), sender='logfire'), Dialect(silent={'responses': FINISH, 'stream': ['has_first_token']}, merged={'stream': 2})),
    'logfire version 1': (
        Scenario('openai_client.py', ('logfire-1',), sender='logfire'),
        Dialect(silent={'responses': FINISH, 'stream': ['has_first_token', *FINISH]}, merged={'stream': 2}),
    ),
    'logfire versions 1 and 2': (
        Scenario('openai_client.py', ('logfire-both',), sender='logfire'),
        Dialect(silent={'responses': FINISH, 'stream': ['has_first_token']}, merged={'stream': 2}),
    ),
    'OpenTelemetry': (
        Scenario('openai_client.py', ('otel',), environment='older'),
        Dialect(silent={'*': ('has_first_token', *DETAILS)}, unseen=is_responses),
    ),
    'OpenTelemetry latest': (
        Scenario('openai_client.py', ('otel',), environment='older', variables=LATEST, name='latest'),
        Dialect(silent={'*': ('has_first_token', *DETAILS)}, unseen=is_responses),
    ),
    'OpenLLMetry': (
        Scenario('openai_client.py', ('traceloop',)),
        Dialect(silent={'responses': ['has_first_token']}, unseen=is_incomplete_response),
    ),
    'OpenInference': (Scenario('openai_client.py', ('openinference',)), Dialect(silent={'*': ['response_model'], 'responses': FINISH})),
}
SEND_FIRST_TOKEN = (('OpenLLMetry', 'chat'), ('OpenInference', 'chat'), ('OpenInference', 'responses'))


@pytest.mark.parametrize('name', DIALECTS)
def test_C7_every_call_with_its_figures(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario, dialect = DIALECTS[name]
    check_calls(outcome_of(scenario), dialect)


@pytest.mark.parametrize(('name', 'api'), SEND_FIRST_TOKEN)
def test_C2_time_to_first_token(name: str, api: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario, dialect = DIALECTS[name]
    check_first_token(outcome_of(scenario), dialect, api)

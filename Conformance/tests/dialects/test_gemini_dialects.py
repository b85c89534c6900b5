"""C7: the google-genai package under every instrumentation of it: each call once, with the figures that the model server reported."""

from collections.abc import Callable

import pytest

from harness.emitters import Dialect, Outcome, Scenario, check_calls, check_first_token

CAPTURE = {'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT': 'span_only', 'OTEL_SEMCONV_STABILITY_OPT_IN': 'gen_ai_latest_experimental'}
TOOLS = ('has_tool_calls', 'tool_call_count')

# A Gemini answer with tool calls ends with STOP, so that without its content nothing tells of the tools.
DIALECTS = {
    'logfire': (Scenario('gemini_client.py', ('logfire',), sender='logfire'), Dialect({'google': 'gemini'}, {'*': TOOLS})),
    'OpenTelemetry': (Scenario('gemini_client.py', ('otel',)), Dialect({'google': 'gemini'}, {'*': TOOLS, 'embeddings': ['response_model']})),
    'OpenTelemetry with content': (
        Scenario('gemini_client.py', ('otel',), variables=CAPTURE, name='content'),
        Dialect({'google': 'gemini'}, {'embeddings': ['response_model']}),
    ),
    'OpenInference': (Scenario('gemini_client.py', ('openinference',)), Dialect(silent={'*': ['response_model', 'has_first_token']})),
}


@pytest.mark.parametrize('name', DIALECTS)
def test_C7_every_call_with_its_figures(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario, dialect = DIALECTS[name]
    check_calls(outcome_of(scenario), dialect)


@pytest.mark.parametrize('name', [name for name in DIALECTS if name != 'OpenInference'])
def test_C2_time_to_first_token(name: str, outcome_of: Callable[[Scenario], Outcome]) -> None:
    scenario, dialect = DIALECTS[name]
    check_first_token(outcome_of(scenario), dialect, 'generate_content')

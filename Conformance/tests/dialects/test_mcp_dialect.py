"""C7: the MCP SDK's own spans: the client's and the server's record of a tool call are one."""

from collections.abc import Callable

from harness.emitters import Outcome, Scenario, tool_names

MCP = Scenario('mcp_tools.py')


def test_C7_tool_calls_once(outcome_of: Callable[[Scenario], Outcome]) -> None:
    assert tool_names(outcome_of(MCP)) == [('get_weather', None, False), ('get_weather', None, True)]


def test_C7_no_model_calls(outcome_of: Callable[[Scenario], Outcome]) -> None:
    assert outcome_of(MCP).llm_calls == []

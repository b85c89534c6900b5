"""The replies to `emitters.prompts`: every figure differs from every other, so that a mixed-up one is seen."""

from emitters import prompts

from .script import Condition, Reply, Request, Script, ToolCall, content_text, tool_results

SLOW_DELAY = 0.1
NEVER = 10**6


def asked(text: str) -> Condition:
    """True when the last user message contains the text."""

    def condition(request: Request) -> bool:
        said = [message for message in request['messages'] if message['role'] == 'user' and content_text(message).strip()]
        return bool(said) and text in content_text(said[-1])

    return condition


PARIS = ToolCall(prompts.TOOL_NAME, {'city': 'Paris'})
ROME = ToolCall(prompts.TOOL_NAME, {'city': 'Rome'})

RULES: list[tuple[list[Condition], Reply]] = [
    ([asked(prompts.PLAIN)], Reply(text='Paris.', input_tokens=23, output_tokens=7)),
    ([asked(prompts.CACHED)], Reply(text='It says to be kind.', input_tokens=2312, output_tokens=31, cached_tokens=2000, cache_write_tokens=300)),
    ([asked(prompts.THINK)], Reply(text='Multiply them all and add one.', input_tokens=35, output_tokens=120, reasoning_tokens=90)),
    ([asked(prompts.TOOL), tool_results(0)], Reply(tool_calls=[PARIS], input_tokens=61, output_tokens=17)),
    ([asked(prompts.TOOL)], Reply(text='It is sunny in Paris.', input_tokens=95, output_tokens=11)),
    ([asked(prompts.TWO_TOOLS), tool_results(0)], Reply(tool_calls=[PARIS, ROME], input_tokens=62, output_tokens=33)),
    ([asked(prompts.TWO_TOOLS)], Reply(text='It is sunny in both.', input_tokens=127, output_tokens=12)),
    ([asked(prompts.LONG)], Reply(text='Once upon a time and then', input_tokens=44, output_tokens=20, finish_reason='length')),
    ([asked(prompts.SLOW)], Reply(text='one two three four', input_tokens=18, output_tokens=4, delay=SLOW_DELAY)),
    ([asked(prompts.BUSY)], Reply(text='At last.', input_tokens=29, output_tokens=3, rate_limited=2)),
    ([asked(prompts.HOPELESS)], Reply(rate_limited=NEVER)),
    ([asked(prompts.BROKEN)], Reply(status=400)),
    ([asked(prompts.REFUSED)], Reply(refusal='I cannot help with that.', input_tokens=27, output_tokens=9)),
    ([asked(prompts.JSON_BAD)], Reply(text='{"name": "Paris", "popul', input_tokens=53, output_tokens=8)),
    ([asked(prompts.JSON_GOOD)], Reply(text='{"name": "Paris", "population": 2100000}', input_tokens=52, output_tokens=13)),
    ([asked(prompts.EMBED)], Reply(input_tokens=6, output_tokens=0)),
    ([asked(prompts.FIRST_TURN)], Reply(text='Hello Ada.', input_tokens=14, output_tokens=5)),
    ([asked(prompts.DSPY)], Reply(text='[[ ## answer ## ]]\nParis\n\n[[ ## completed ## ]]', input_tokens=141, output_tokens=16)),
    ([asked(prompts.SECOND_TURN)], Reply(text='Your name is Ada.', input_tokens=39, output_tokens=6)),
]


def exercise_script() -> Script:
    return Script(list(RULES), Reply(text='I was not asked anything that I know.', input_tokens=9999, output_tokens=9999))

"""The weather agent's conversation: where are the two places, what is the weather there, then the answer."""

from .script import Reply, Script, ToolCall, said, tool_results

QUESTION = 'What is the weather like in London and in Wiltshire?'
ANSWER = 'London is sunny at 21 °C; Wiltshire has rain at 17 °C.'
REPLIES = (
    Reply(
        tool_calls=[ToolCall('get_lat_lng', {'location': 'London'}), ToolCall('get_lat_lng', {'location': 'Wiltshire'})],
        input_tokens=180,
        output_tokens=60,
    ),
    Reply(
        tool_calls=[ToolCall('get_weather', {'lat': 51.5, 'lng': -0.1}), ToolCall('get_weather', {'lat': 51.3, 'lng': -2.0})],
        input_tokens=265,
        output_tokens=70,
        cached_tokens=128,
    ),
    Reply(text=ANSWER, input_tokens=340, output_tokens=58, cached_tokens=256),
)


def weather_script() -> Script:
    asked = said('weather like in London')
    return Script([([asked, tool_results(2 * turn)], reply) for turn, reply in enumerate(REPLIES)])

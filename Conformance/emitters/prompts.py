"""What the programs ask. `fake_llm.exercise` knows the answer to each."""

PLAIN = 'Name the capital of France.'
CACHED = 'Summarise the long handbook that follows.'
THINK = 'Prove that there is no largest prime.'
TOOL = 'Use your tool: what is the weather in Paris?'
TWO_TOOLS = 'Use your tool twice: the weather in Paris and in Rome?'
LONG = 'Tell a story without an end.'
SLOW = 'Count slowly to four.'
BUSY = 'Ask again while you are busy.'
HOPELESS = 'Ask although nobody ever answers.'
BROKEN = 'Send something that cannot be understood.'
REFUSED = 'Explain how to pick the lock of my neighbour.'
JSON_GOOD = 'Give the city as JSON.'
JSON_BAD = 'Give the city as JSON that is cut off.'
EMBED = 'a text to embed'
FIRST_TURN = 'My name is Ada.'
SECOND_TURN = 'What is my name?'
DSPY = 'Name the capital of France with a field.'

TOOL_NAME = 'get_weather'
WEATHER_TOOL = {
    'type': 'object',
    'properties': {'city': {'type': 'string', 'description': 'The name of a city'}},
    'required': ['city'],
    'additionalProperties': False,
}
CITY = {
    'type': 'object',
    'properties': {'name': {'type': 'string'}, 'population': {'type': 'integer'}},
    'required': ['name', 'population'],
    'additionalProperties': False,
}

"""The smallest way to a row on the LLMs page: configure, instrument, ask."""

import logfire
import openai

import prompts

logfire.configure()
logfire.instrument_openai()
openai.OpenAI().chat.completions.create(model='gpt-4o-mini', messages=[{'role': 'user', 'content': prompts.PLAIN}])

"""The model APIs that the fake server speaks: each reads a request into the chat completions' shape and writes a reply in its own."""

from .anthropic import AnthropicMessages
from .api import Answer, ModelAPI, find_api
from .gemini import Gemini, GeminiEmbeddings
from .openai_chat import OpenAIChat, OpenAIEmbeddings
from .openai_responses import OpenAIResponses

APIS: tuple[ModelAPI, ...] = (OpenAIChat(), OpenAIResponses(), OpenAIEmbeddings(), AnthropicMessages(), Gemini(), GeminiEmbeddings())

__all__ = ['APIS', 'Answer', 'ModelAPI', 'find_api']

"""usage: gemini_client.py INSTRUMENTATION. The google-genai package under one of the instrumentations below."""

import contextlib
import os
import sys

import prompts
from google import genai
from google.genai import errors, types

MODEL = 'gemini-2.5-pro'


def instrument(name: str) -> None:
    if name == 'logfire':
        import logfire

        logfire.configure(console=False)
        logfire.instrument_google_genai()
        return
    import telemetry

    provider = telemetry.configure()
    if name == 'otel':
        from opentelemetry.instrumentation.google_genai import GoogleGenAiSdkInstrumentor

        GoogleGenAiSdkInstrumentor().instrument()
    elif name == 'openinference':
        from openinference.instrumentation.google_genai import GoogleGenAIInstrumentor

        GoogleGenAIInstrumentor().instrument(tracer_provider=provider)
    else:
        sys.exit(f'{name} is no instrumentation')


def main(instrumentation: str) -> None:
    instrument(instrumentation)
    client = genai.Client(api_key='not-needed', http_options=types.HttpOptions(base_url=os.environ['MODEL_URL']))
    declaration = types.FunctionDeclaration(name=prompts.TOOL_NAME, description='The weather of a city.', parameters_json_schema=prompts.WEATHER_TOOL)
    tools = types.GenerateContentConfig(
        tools=[types.Tool(function_declarations=[declaration])],
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    models = client.models
    models.generate_content(model=MODEL, contents=prompts.PLAIN, config=types.GenerateContentConfig(system_instruction='Be brief.', temperature=0.5))
    models.generate_content(model=MODEL, contents=prompts.CACHED)
    models.generate_content(model=MODEL, contents=prompts.THINK)
    models.generate_content(model=MODEL, contents=prompts.TOOL, config=tools)
    models.generate_content(model=MODEL, contents=prompts.TWO_TOOLS, config=tools)
    models.generate_content(model=MODEL, contents=prompts.LONG, config=types.GenerateContentConfig(max_output_tokens=20))
    models.generate_content(model=MODEL, contents=prompts.REFUSED)
    for prompt in (prompts.HOPELESS, prompts.BROKEN):
        with contextlib.suppress(errors.APIError):
            models.generate_content(model=MODEL, contents=prompt)
    for prompt in (prompts.PLAIN, *8 * [prompts.SLOW]):  # the first stream pays for what is loaded lazily
        for chunk in models.generate_content_stream(model=MODEL, contents=prompt):
            assert chunk.response_id
    models.embed_content(model='gemini-embedding-001', contents=prompts.EMBED)


if __name__ == '__main__':
    main(sys.argv[1])

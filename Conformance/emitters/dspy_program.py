"""DSPy under OpenInference: a predictor, a chain of thought, a tool loop and a failing call."""

import contextlib
import os

import dspy
import prompts
import telemetry
from dspy.utils.exceptions import LMInvalidRequestError
from openinference.instrumentation.dspy import DSPyInstrumentor


def main() -> None:
    DSPyInstrumentor().instrument(tracer_provider=telemetry.configure())
    model = dspy.LM('openai/gpt-4o-mini', api_base=os.environ['OPENAI_BASE_URL'], api_key='not-needed', cache=False, num_retries=0)
    dspy.configure(lm=model)
    dspy.Predict('question -> answer')(question=prompts.DSPY)
    model(prompts.CACHED)
    with contextlib.suppress(LMInvalidRequestError):
        model(prompts.BROKEN)


if __name__ == '__main__':
    main()

"""Experiments, online evaluation and feedback with the real packages. Prints what happened as JSON, for comparison.

usage: evaluations.py run | feedback TRACEPARENT
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import Any

import logfire
from logfire.experimental.annotations import get_traceparent, record_feedback
from pydantic_ai import Agent
from pydantic_ai.models.test import TestModel
from pydantic_evals import Case, Dataset
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext
from pydantic_evals.online import evaluate, wait_for_evaluations

logfire.configure(service_name='evaluated', environment='test', console=False, inspect_arguments=False)
logfire.instrument_pydantic_ai()


@dataclass
class Exact(Evaluator):
    def evaluate(self, ctx: EvaluatorContext[Any, Any, Any]) -> bool:
        return ctx.output == ctx.expected_output


@dataclass
class Length(Evaluator):
    most: int = 8

    def get_evaluator_version(self) -> str:
        return 'v2'

    def evaluate(self, ctx: EvaluatorContext[Any, Any, Any]) -> dict[str, Any]:
        reason = EvaluationReason(value=len(ctx.output) / self.most, reason=f'{len(ctx.output)} of {self.most}')
        return {'share': reason, 'size': 'short' if len(ctx.output) < self.most else 'long'}


@dataclass
class Moody(Evaluator):
    def evaluate(self, ctx: EvaluatorContext[Any, Any, Any]) -> float:
        if 'bad' in str(ctx.inputs):
            raise ValueError('in a bad mood')
        return 1.0


def shout(text: str) -> str:
    if text == 'silent':
        raise RuntimeError('nothing to say')
    return text.upper()


def offline() -> dict[str, Any]:
    cases = [
        Case(name='plain', inputs='hello', expected_output='HELLO'),
        Case(name='wrong', inputs='quiet', expected_output='quiet'),
        Case(name='bad', inputs='bad and long text', expected_output='BAD AND LONG TEXT'),
        Case(name='silent', inputs='silent', expected_output='SILENT'),
    ]
    dataset = Dataset(name='shouting', cases=cases, evaluators=[Exact(), Length(), Moody()])
    report = dataset.evaluate_sync(shout, name='loud', progress=False, repeat=2, metadata={'prompt': 'p1'})
    averages = report.averages()
    assert averages
    return {
        'scores': averages.scores,
        'labels': averages.labels,
        'pass_rate': averages.assertions,
        'results': len(report.cases),
        'failures': len(report.failures),
        'evaluator_failures': sum(len(case.evaluator_failures) for case in report.cases),
    }


async def online() -> dict[str, Any]:
    @evaluate(Exact(), Length(), Moody(), target='shouter')
    async def call(text: str) -> str:
        with logfire.span('inner work'):
            return text.upper()

    await call('hello there')
    await call('bad')
    await wait_for_evaluations()
    return {'calls': 2}


def feedback() -> dict[str, Any]:
    with logfire.span('answer') as span:
        traceparent = get_traceparent(span)
    record_feedback(traceparent, 'helpful', True, comment='thanks')
    record_feedback(traceparent, 'stars', 4)
    record_feedback(traceparent, 'tone', 'friendly', extra={'reviewer': 'ann'})
    record_feedback(traceparent, 'a/b~c "quoted"', 0.25)
    return {'traceparent': traceparent}


if sys.argv[1] == 'run':
    Agent(TestModel(custom_output_text='yes'), name='judged_agent').run_sync('hello')
    happened = {'offline': offline(), 'online': asyncio.run(online()), 'feedback': feedback()}
    logfire.force_flush()
    print(json.dumps(happened))
else:
    record_feedback(sys.argv[2], 'correct', False)
    logfire.force_flush()

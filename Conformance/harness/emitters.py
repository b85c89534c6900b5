"""Runs the programs of `emitters/` against a fake model server and holds what Hearth says of their calls against its ledger."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from fake_llm import Call, FakeModelServer
from fake_llm.exercise import exercise_script

from .environments import interpreter
from .programs import logfire_environment, python
from .query import rows
from .server import Server

FIRST_TOKEN_TOLERANCE = 0.02
Row = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """A program, how it is run, and what its dialect does not send."""

    program: str
    arguments: tuple[str, ...] = ()
    environment: str = 'genai'
    variables: dict[str, str] = field(default_factory=dict)
    sender: str = 'otel'
    """`otel`: told by OTEL_EXPORTER_OTLP_ENDPOINT where to send; `logfire`: by the token and base URL of the logfire SDK."""

    name: str = ''
    """Tells scenarios apart that differ in nothing else than variables or environment."""

    @property
    def service(self) -> str:
        parts = [self.program.removesuffix('.py').replace('_', '-'), *self.arguments, self.name]
        return '-'.join(part for part in parts if part)


@dataclass
class Outcome:
    """What a run of a scenario left: the truth and the server that was told."""

    server: Server
    service: str
    calls: list[Call]
    output: str
    headers: list[dict[str, str]]

    def rows(self, table: str, columns: str = '*', order: str = 'start_timestamp') -> list[Row]:
        return rows(self.server, f"SELECT {columns} FROM {table} WHERE service_name = '{self.service}' ORDER BY {order}")

    @property
    def llm_calls(self) -> list[Row]:
        return self.rows('llm_calls')


def run(server: Server, scenario: Scenario) -> Outcome:
    """Runs the program to its end; what it sent is stored then, for every exporter flushes at exit."""
    with FakeModelServer(exercise_script(), name=f'{scenario.service}-') as model:
        variables = {
            'OPENAI_BASE_URL': f'{model.url}/v1',
            'OPENAI_API_KEY': 'not-needed',
            'ANTHROPIC_BASE_URL': model.url,
            'ANTHROPIC_API_KEY': 'not-needed',
            'GOOGLE_GEMINI_BASE_URL': model.url,
            'GEMINI_API_KEY': 'not-needed',
            'MODEL_URL': model.url,
            'LITELLM_LOCAL_MODEL_COST_MAP': 'True',  # else it is fetched from the internet
            'OTEL_SERVICE_NAME': scenario.service,
        }
        if scenario.sender == 'logfire':
            variables |= logfire_environment(server)
        else:
            variables |= {'OTEL_EXPORTER_OTLP_ENDPOINT': server.url}
        variables |= scenario.variables
        ended = python(f'emitters/{scenario.program}', *scenario.arguments, environment=variables, executable=interpreter(scenario.environment))
        return Outcome(server, scenario.service, model.ledger.calls, ended.stdout, model.headers)


@dataclass(frozen=True)
class Dialect:
    """What records of one emitter tell of a call. Keys of `silent` and `merged` are the name of an API, `stream`, `error` or `*` for all calls."""

    providers: dict[str, str] = field(default_factory=dict)
    """The provider's name in this dialect where it is not OpenAI's, Anthropic's or Google's own short one."""
    silent: dict[str, Iterable[str]] = field(default_factory=dict)
    """Figures that the emitter does not send; they must be NULL, never 0 or false."""
    merged: dict[str, int] = field(default_factory=dict)
    """How many records stand behind one call, if not one. The most special key counts: `stream` or `error`, the API, `*`."""

    named: Callable[[Call], str | None] = field(default=lambda call: call.model)
    """What the emitter calls the model of a call."""
    ignored: tuple[str, ...] = ()
    """Figures that the emitter writes in more than one way."""
    unseen: Callable[[Call], bool] = field(default=lambda call: False)
    """The calls that the emitter sends nothing of."""

    def seen(self, calls: list[Call]) -> list[Call]:
        return [call for call in calls if not self.unseen(call)]

    @staticmethod
    def keys(call: Call) -> list[str]:
        state = ['error'] if call.is_error else ['stream'] if call.served.is_streamed else []
        return [*state, call.served.api, '*']

    def is_silent(self, call: Call, figure: str) -> bool:
        return any(figure in self.silent.get(key, ()) for key in self.keys(call))

    def expected(self, call: Call) -> Row:
        """The row of `llm_calls` as far as every dialect is held to it."""
        answered = not call.is_error and not call.is_embedding
        row = {
            'provider': self.providers.get(call.served.provider, call.served.provider),
            'model': self.named(call),
            'response_model': None if call.is_error else call.model,
            'is_error': call.is_error,
            'input_tokens': call.input_tokens,
            'output_tokens': call.output_tokens,
            'cache_read_tokens': call.cache_read_tokens,
            'cache_write_tokens': call.cache_write_tokens if call.served.provider == 'anthropic' else None,
            'reasoning_tokens': call.reasoning_tokens if call.served.provider != 'anthropic' else None,
            'is_truncated': call.is_truncated if answered else None,
            'has_tool_calls': call.tool_calls > 0 if answered else None,
            'tool_call_count': call.tool_calls if answered else None,
            'has_first_token': call.served.is_streamed and answered,
            'merged_records': next((self.merged[key] for key in self.keys(call) if key in self.merged), 1),
        }
        unknown = {'has_first_token': False}
        return {name: unknown.get(name) if self.is_silent(call, name) else content for name, content in row.items() if name not in self.ignored}

    def measured(self, call: Call, row: Row) -> Row:
        """The server's row in the same terms. Whether a 0 was sent or left out is the emitter's choice, and so is what an error says beyond itself.

        "No tool calls" may be concluded where their number is not sent, but is wrong where there were some.
        """
        expected = self.expected(call)
        found = {name: row['time_to_first_token'] is not None if name == 'has_first_token' else row[name] for name in expected}
        for name in ('cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens', 'output_tokens'):
            if expected[name] in (0, None) and found[name] in (0, None) and not self.is_silent(call, name):
                found[name] = expected[name]
        if call.tool_calls == 0:
            for name in ('has_tool_calls', 'tool_call_count'):
                if self.is_silent(call, name) and not found[name]:
                    found[name] = expected[name]
        if call.is_error or call.is_embedding:
            for name in ('is_truncated', 'has_tool_calls', 'tool_call_count', 'response_model'):
                if name in found and not found[name] or (name == 'response_model' and found.get(name) == call.model):
                    found[name] = expected[name]
        return found


def check_calls(outcome: Outcome, dialect: Dialect, rows: list[Row] | None = None) -> None:
    """Every call of the ledger is one row, in order, with its figures."""
    calls = dialect.seen(outcome.calls)
    rows = outcome.llm_calls if rows is None else rows
    wrong = []
    for call, row in zip(calls, rows, strict=False):
        wanted, found = dialect.expected(call), dialect.measured(call, row)
        if different := {name: f'{found[name]!r}, not {wanted[name]!r}' for name in wanted if found[name] != wanted[name]}:
            wrong.append(f'{call.served.api} {call.served.response_id or call.served.status} span {row["span_id"]}: {different}')
    wrong += [f'unexpected: {row["operation"]} {row["model"]} span {row["span_id"]} error {row["is_error"]}' for row in rows[len(calls) :]]
    wrong += [f'missing: {call.served}' for call in calls[len(rows) :]]
    assert not wrong, '\n'.join([f'{len(rows)} rows for {len(calls)} calls', *wrong])


def check_first_token(outcome: Outcome, dialect: Dialect, api: str) -> None:
    """C2: the time to first token of the calls that the fake server kept waiting equals its delay; a busy machine only ever adds to it, so the best one counts."""
    over = [
        row['time_to_first_token'] - call.served.first_byte_after
        for call, row in zip(dialect.seen(outcome.calls), outcome.llm_calls, strict=True)
        if call.served.is_streamed and call.served.api == api and call.served.reply.delay
    ]
    assert len(over) >= 8
    assert min(over) > -FIRST_TOKEN_TOLERANCE and min(over) < FIRST_TOKEN_TOLERANCE, over


@dataclass(frozen=True)
class Run:
    """An agent run as its program did it."""

    agent: str | None
    calls: int
    """How many model calls it made itself, without those of agents that it called."""
    tools: int = 0
    is_error: bool = False


def check_runs(outcome: Outcome, runs: list[Run], calls: list[Call] | None = None) -> list[Row]:
    """Every run is one row, in order, whose turns and tokens are those of its calls, which the ledger holds in the same order. Returns the rows."""
    ledger = iter(outcome.calls if calls is None else calls)
    wanted = []
    for run in runs:
        own = [next(ledger) for _ in range(run.calls)]
        counted = [call for call in own if not call.is_error]
        wanted.append({
            'agent_name': run.agent,
            'turns': run.calls,
            'tool_calls': run.tools,
            'input_tokens': sum(call.input_tokens or 0 for call in counted) if counted else None,
            'output_tokens': sum(call.output_tokens or 0 for call in counted) if counted else None,
            'is_error': run.is_error,
        })  # fmt: skip
    rows = outcome.rows('agent_runs')
    found = [{name: row[name] for name in wanted[0]} for row in rows]
    assert len(found) == len(wanted), f'{len(found)} runs, not {len(wanted)}: {found}'
    wrong = [f'run {number}: {got}, not {want}' for number, (got, want) in enumerate(zip(found, wanted, strict=True)) if got != want]
    assert not wrong, '\n'.join(wrong)
    return rows


def tool_names(outcome: Outcome) -> list[tuple[str, str | None, bool]]:
    """Name, agent and failure of every tool execution in order."""
    return [(row['tool_name'], row['agent_name'], row['is_error']) for row in outcome.rows('tool_calls')]

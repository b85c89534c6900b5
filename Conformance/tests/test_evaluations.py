"""C4: what evaluators and people say about records, as rows of `evaluations` and `experiments`."""

import json
import random
from collections import defaultdict
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from harness import otlp
from harness.environments import interpreter
from harness.fixtures import raw_spans, requests
from harness.programs import logfire_environment, python
from harness.query import one, rows, value
from harness.server import Server

# The captured experiments


@pytest.fixture(scope='module', params=['in-order', 'twice-shuffled'])
def captured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    sent = requests('evals-offline')
    if request.param == 'twice-shuffled':
        sent = random.Random(5).sample(sent * 2, len(sent) * 2)
    with Server(tmp_path_factory.mktemp('evaluations') / 'data') as server:
        for body in sent:
            body.send(server)
        yield server


def test_C4_experiments_are_exact(captured: Server) -> None:
    answer = rows(captured, 'SELECT * FROM experiments ORDER BY start_timestamp')
    assert [row['name'] for row in answer] == ['baseline', 'improved']
    for row in answer:
        figures = ('dataset_name', 'task_name', 'n_cases', 'case_runs', 'case_results', 'task_errors', 'repeat', 'is_error')
        assert [row[name] for name in figures] == ['capitals', 'task', 4, 4, 3, 1, 1, False]
    baseline, improved = answer
    assert baseline['assertion_pass_rate'] == pytest.approx(7 / 9)
    assert baseline['average_scores'] == {'length': 5.0, 'Similar': 0.75}
    assert baseline['label_shares'] == {'kind': {'short': pytest.approx(2 / 3), 'long': pytest.approx(1 / 3)}}
    assert baseline['metadata'] == {'prompt': 'v1'}
    assert improved['assertion_pass_rate'] == 1.0
    assert improved['average_scores'] == {'length': pytest.approx(13 / 3), 'Similar': 1.0}
    assert improved['label_shares'] == {'kind': {'short': 1.0}}
    assert all(row['duration'] > 0 and row['service_name'] == 'agent-evals' for row in answer)


def test_C4_the_same_figures_from_single_evaluations(captured: Server) -> None:
    rates = rows(captured, "SELECT experiment_name AS e, avg(passed::int) AS rate FROM evaluations WHERE result_type = 'assertion' GROUP BY 1 ORDER BY 1")
    assert rates == [{'e': 'baseline', 'rate': pytest.approx(7 / 9)}, {'e': 'improved', 'rate': 1.0}]
    scores = rows(captured, "SELECT experiment_name AS e, name, avg(value) AS v FROM evaluations WHERE result_type = 'score' GROUP BY 1, 2 ORDER BY 1, 2")
    assert [tuple(row.values()) for row in scores] == [
        ('baseline', 'Similar', 0.75), ('baseline', 'length', 5.0), ('improved', 'Similar', 1.0), ('improved', 'length', pytest.approx(13 / 3)),
    ]
    labels = rows(captured, "SELECT experiment_name AS e, label, count(*) AS n FROM evaluations WHERE result_type = 'label' GROUP BY 1, 2 ORDER BY 1, 2 DESC")
    assert [tuple(row.values()) for row in labels] == [('baseline', 'short', 2), ('baseline', 'long', 1), ('improved', 'short', 3)]


def test_C4_every_entry_of_every_case(captured: Server) -> None:
    """The rows against the case maps as they were sent, with ids and what they judge."""
    spans = [
        span
        for request in requests('evals-offline')
        if request.path.endswith('traces')
        for span in raw_spans(ExportTraceServiceRequest.FromString(request.decoded))
        if span.scope == 'pydantic-evals'
    ]
    named = {span.span.span_id: span for span in spans}
    tasks = {span.span.parent_span_id: span.span.span_id.hex() for span in spans if span.span.name == 'execute {task}'}
    wanted = set()
    for span in spans:
        if span.span.name == 'case: {case_name}':
            experiment = named[span.span.parent_span_id].attributes['name']
            for kind in ('assertions', 'scores', 'labels'):
                for name, entry in json.loads(span.attributes.get(kind, '{}')).items():
                    case = (experiment, span.attributes['case_name'], span.span.span_id.hex(), tasks[span.span.span_id])
                    wanted.add((*case, kind[:-1], name, entry['source']['name'], str(entry['value']), entry['reason']))
    found = rows(captured, "SELECT * FROM evaluations WHERE source = 'experiment' AND result_type <> 'failure'")
    texts = {'assertion': lambda row: str(row['passed']), 'score': lambda row: f'{row["value"]:g}', 'label': lambda row: row['label']}

    def plain(text: str) -> str:
        try:
            return f'{float(text):g}'
        except ValueError:
            return text

    assert {
        (
            row['experiment_name'], row['case_name'], row['span_id'], row['judged_span_id'], row['result_type'], row['name'], row['evaluator_name'],
            texts[row['result_type']](row), row['explanation'],
        )
        for row in found
    } == {(*entry[:7], plain(entry[7]), entry[8]) for entry in wanted}
    assert len(found) == len(wanted)
    assert all(row['judged_trace_id'] == row['trace_id'] and row['dataset_name'] == 'capitals' and row['target'] == 'task' for row in found)
    joined = value(captured, "SELECT count(*) FROM evaluations e JOIN records r ON r.trace_id = e.judged_trace_id AND r.span_id = e.judged_span_id WHERE e.case_name = 'france'")
    assert joined == sum(entry[1] == 'france' for entry in wanted)


def test_C4_evaluators_that_fail(captured: Server) -> None:
    failures = rows(captured, "SELECT * FROM evaluations WHERE result_type = 'failure'")
    assert failures
    assert {(row['name'], row['error_type'], row['explanation']) for row in failures} == {('Broken', 'ValueError', 'evaluator broke')}
    assert all(row['value'] is None and row['passed'] is None and row['experiment_name'] and row['case_name'] for row in failures)
    assert value(captured, 'SELECT sum(evaluator_errors) FROM experiments') == len(failures)
    assert value(captured, "SELECT count(*) FROM evaluations WHERE case_name = 'atlantis'") == 0


# The real packages


@pytest.fixture(scope='module')
def live(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server after the program has run against it, and what the program says happened."""
    with Server(tmp_path_factory.mktemp('live-evaluations') / 'data') as server:
        ended = run(server, 'run')
        yield server, json.loads(ended.splitlines()[-1])


def run(server: Server, *arguments: str) -> str:
    return python('programs/evaluations.py', *arguments, environment=logfire_environment(server), executable=interpreter('evals')).stdout


def test_C4_offline_experiment(live: Any) -> None:
    server, happened = live
    report = happened['offline']
    row = one(server, 'SELECT * FROM experiments')
    assert (row['name'], row['dataset_name'], row['task_name'], row['n_cases'], row['repeat']) == ('loud', 'shouting', 'shout', 4, 2)
    assert (row['case_runs'], row['case_results'], row['task_errors']) == (8, report['results'], report['failures']) == (8, 6, 2)
    assert row['evaluator_errors'] == report['evaluator_failures'] == 2
    assert row['assertion_pass_rate'] == pytest.approx(report['pass_rate'])
    assert row['average_scores'] == pytest.approx(report['scores'])
    assert row['label_shares'] == {name: pytest.approx(shares) for name, shares in report['labels'].items()}
    assert (row['metadata'], row['service_name'], row['deployment_environment']) == ({'prompt': 'p1'}, 'evaluated', 'test')
    found = rows(server, "SELECT * FROM evaluations WHERE source = 'experiment' AND source_case_name = 'plain' ORDER BY case_name, name")
    assert {row['case_name'] for row in found} == {'plain [1/2]', 'plain [2/2]'}
    share = next(row for row in found if row['name'] == 'share')
    assert (share['value'], share['explanation'], share['evaluator_name'], share['evaluator_version']) == (0.625, '5 of 8', 'Length', 'v2')
    assert all(row['experiment_name'] == 'loud' and row['judged_span_id'] for row in found)


def test_C4_online_evaluation(live: Any) -> None:
    server, _ = live
    found = rows(server, "SELECT e.*, r.span_name FROM evaluations e JOIN records r ON r.trace_id = e.judged_trace_id AND r.span_id = e.judged_span_id WHERE source = 'online'")
    assert len(found) == 2 * 4
    assert all(row['target'] == 'shouter' and 'call' in row['span_name'] and row['service_name'] == 'evaluated' for row in found)
    by_name: dict[str, list[Any]] = defaultdict(list)
    for row in found:
        by_name[row['name']].append(row)
    assert [(row['passed'], row['value'], row['label'], row['result_type']) for row in by_name['Exact']] == [(False, 0.0, 'fail', 'assertion')] * 2
    assert sorted(row['value'] for row in by_name['share']) == [3 / 8, 11 / 8]
    assert {row['label'] for row in by_name['size']} == {'long', 'short'}
    assert {(row['evaluator_name'], row['evaluator_version']) for row in by_name['share']} == {('Length', 'v2')}
    failed = [row for row in by_name['Moody'] if row['result_type'] == 'failure']
    assert [(row['error_type'], row['explanation'], row['value']) for row in failed] == [('ValueError', failed[0]['explanation'], None)]
    assert 'in a bad mood' in failed[0]['explanation']


def test_C4_feedback(live: Any) -> None:
    server, happened = live
    _, trace, span, _ = happened['feedback']['traceparent'].split('-')
    found = {row['name']: row for row in rows(server, "SELECT * FROM evaluations WHERE source = 'feedback'") if row['judged_span_id'] == span}
    assert found.keys() == {'helpful', 'stars', 'tone', 'a/b~c "quoted"'}
    assert all(row['judged_trace_id'] == row['trace_id'] == trace and row['span_id'] != span for row in found.values())
    helpful = found['helpful']
    assert (helpful['result_type'], helpful['passed'], helpful['label'], helpful['value'], helpful['explanation']) == ('assertion', True, 'pass', 1.0, 'thanks')
    assert (found['stars']['result_type'], found['stars']['value'], found['stars']['label'], found['stars']['passed']) == ('score', 4.0, None, None)
    assert (found['tone']['result_type'], found['tone']['value'], found['tone']['label'], found['tone']['attributes']['reviewer']) == ('label', None, 'friendly', 'ann')
    assert found['a/b~c "quoted"']['value'] == 0.25
    assert value(server, "SELECT value FROM evaluations WHERE name = 'stars' AND attributes->>'logfire.feedback.name' = 'stars'") == 4.0


def test_C4_feedback_on_an_agent_run_knows_the_agent(live: Any) -> None:
    server, _ = live
    agent = one(server, "SELECT trace_id, span_id, conversation_id FROM agent_runs WHERE agent_name = 'judged_agent'")
    run(server, 'feedback', f'00-{agent["trace_id"]}-{agent["span_id"]}-01')
    row = one(server, "SELECT * FROM evaluations WHERE name = 'correct'")
    assert (row['agent_name'], row['conversation_id']) == ('judged_agent', agent['conversation_id'])
    assert (row['judged_trace_id'], row['judged_span_id'], row['passed']) == (agent['trace_id'], agent['span_id'], False)


# Other senders


def test_C4_events_without_a_parent_find_the_call_by_its_response(server: Server) -> None:
    call = otlp.span('chat', values={'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.response.id': 'resp-1'})
    event = LogRecord(time_unix_nano=call.end_time_unix_nano, event_name='gen_ai.evaluation.result')
    event.attributes.extend(otlp.attributes({'gen_ai.evaluation.name': 'Relevance', 'gen_ai.evaluation.score.value': 0.85, 'gen_ai.evaluation.score.label': 'relevant'}))
    event.attributes.extend(otlp.attributes({'gen_ai.evaluation.explanation': 'on topic', 'gen_ai.response.id': 'resp-1'}))
    unknown = LogRecord(time_unix_nano=call.end_time_unix_nano, event_name='gen_ai.evaluation.result')
    unknown.attributes.extend(otlp.attributes({'gen_ai.evaluation.name': 'Relevance', 'gen_ai.evaluation.score.value': 1, 'gen_ai.response.id': 'resp-2'}))
    # The evaluation may arrive before what it judges.
    otlp.send(server, otlp.logs([event, unknown]))
    otlp.send(server, otlp.traces([call]))
    found, other = rows(server, 'SELECT * FROM evaluations ORDER BY response_id')
    assert (found['name'], found['value'], found['label'], found['passed'], found['explanation']) == ('Relevance', 0.85, 'relevant', None, 'on topic')
    assert (found['judged_trace_id'], found['judged_span_id']) == (call.trace_id.hex(), call.span_id.hex())
    assert (other['response_id'], other['judged_trace_id'], other['judged_span_id'], other['value']) == ('resp-2', None, None, 1.0)


def test_C4_openinference_annotations(server: Server) -> None:
    values = {
        'openinference.span.kind': 'CHAIN',
        'session.id': 's1',
        'evaluations.0.evaluation.name': 'correctness',
        'evaluations.0.evaluation.score': 0.5,
        'evaluations.0.evaluation.label': 'partly',
        'evaluations.0.evaluation.explanation': 'half of it',
        'evaluations.0.evaluation.annotator_kind': 'LLM',
        'annotations.0.annotation.name': 'thumbs',
        'annotations.0.annotation.label': 'up',
        'trace.evaluations.0.evaluation.name': 'goal',
        'trace.evaluations.0.evaluation.score': 1,
        'session.annotations.0.annotation.name': 'mood',
        'session.annotations.0.annotation.label': 'good',
    }
    judged = otlp.span('chain', values=values)
    otlp.send(server, otlp.traces([judged, otlp.span('other', values={'note': 'about .evaluation. and .annotation.'})]))
    found = {row['name']: row for row in rows(server, 'SELECT * FROM evaluations')}
    trace, span = judged.trace_id.hex(), judged.span_id.hex()
    assert {name: (row['source'], row['value'], row['label'], row['judged_trace_id'], row['judged_span_id'], row['conversation_id']) for name, row in found.items()} == {
        'correctness': ('annotation', 0.5, 'partly', trace, span, 's1'),
        'thumbs': ('annotation', None, 'up', trace, span, 's1'),
        'goal': ('annotation', 1.0, None, trace, None, 's1'),
        'mood': ('annotation', None, 'good', None, None, 's1'),
    }
    assert found['correctness']['evaluator_source'] == {'annotator_kind': 'LLM'}
    assert found['correctness']['explanation'] == 'half of it'


def test_nothing_to_evaluate(server: Server) -> None:
    otlp.send(server, otlp.traces([otlp.span()]))
    assert rows(server, 'SELECT * FROM evaluations') == []
    assert rows(server, 'SELECT * FROM experiments') == []
    assert value(server, 'SELECT count(*) FROM evaluations e LEFT JOIN experiments x ON x.span_id = e.experiment_span_id') == 0

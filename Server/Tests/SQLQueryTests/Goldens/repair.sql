-- # nothing to do
SELECT span_name, COUNT(*) FROM records WHERE service_name = 'a' GROUP BY 1;
-- =>
SELECT span_name, COUNT(*) FROM records WHERE service_name = 'a' GROUP BY 1

-- # comparison after AND
SELECT 1 FROM records WHERE level > 9 AND attributes->>'a.b' = 'v' OR NOT attributes->>'c' = 'd'
-- =>
SELECT 1 FROM records WHERE level > 9 AND (attributes->>'a.b') = 'v' OR NOT (attributes->>'c') = 'd'

-- # chains, casts and subscripts
SELECT (attributes->'a'->'b'->>-1)::int, attributes->>'n'::int, a::json->'k', tags[1]->>'x', r."attributes" ->> 'q' FROM records r
-- =>
SELECT ((((attributes->'a')->'b')->>(-1)))::int, (attributes->>'n')::int, (a::json->'k'), (tags[1]->>'x'), (r."attributes" ->> 'q') FROM records r

-- # key exists
SELECT * FROM records WHERE attributes ? 'a.b' AND NOT attributes->'n' ? '$.x'
-- =>
SELECT * FROM records WHERE json_exists(attributes , 'a.b') AND NOT list_contains(json_keys((attributes->'n') ), '$.x')

-- # parameter stays
SELECT * FROM records WHERE a = ? AND b IN (?, $1)
-- =>
SELECT * FROM records WHERE a = ? AND b IN (?, $1)

-- # lambdas
SELECT list_transform(tags, t -> t || '!'), list_reduce(x, (a, b) -> a + b), list_filter(l, lambda x: x->>'k' = 'v' AND true), json_extract(a, 'b') -> 'c'
-- =>
SELECT list_transform(tags, lambda t : t || '!'), list_reduce(x, lambda a, b : a + b), list_filter(l, lambda x: (x->>'k') = 'v' AND true), (json_extract(a, 'b') -> 'c')

-- # strings, comments and dollar quotes are left alone
SELECT 'a->>b', e'it\'s -> x', $$ -> $$, $t$ ->> $t$, "a->b" /* c->d /* nested */ */ FROM records -- x->y
-- =>
SELECT 'a->>b', e'it\'s -> x', $$ -> $$, $t$ ->> $t$, "a->b" /* c->d /* nested */ */ FROM records -- x->y

-- # ordered aggregate
SELECT approx_percentile_cont(0.95) WITHIN GROUP (ORDER BY attributes->'x'->>'y') FROM records
-- =>
SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY ((attributes->'x')->>'y')) FROM records

-- # windows and filters are part of the call
SELECT first(attributes) FILTER (WHERE a = 1 AND b->>'c' = 'd') OVER (PARTITION BY x)->>'k' || s FROM records
-- =>
SELECT (first(attributes) FILTER (WHERE a = 1 AND (b->>'c') = 'd') OVER (PARTITION BY x)->>'k') || s FROM records

-- # case
SELECT CASE WHEN a = 1 AND b->>'k' = 'v' THEN c END->>'k' AS end FROM records
-- =>
SELECT (CASE WHEN a = 1 AND (b->>'k') = 'v' THEN c END->>'k') AS end FROM records

-- # operators that look like arrows
SELECT a <-> b, a <=> b, a<-b->>'c' FROM records
-- =>
SELECT a <-> b, a <=> b, a<-(b->>'c') FROM records

-- # semicolons
SELECT 1 ; ; -- done
-- =>
SELECT 1 

-- # two statements
SELECT 1; SELECT 2
-- =>
ERROR not_allowed at 8: only one statement can be run at a time

-- # unbalanced
SELECT (1 FROM records
-- =>
ERROR syntax at 7: "(" is not closed

import assert from "node:assert/strict";
import { test } from "node:test";
import { condition, looksLikeSQL, wordsCondition } from "../src/lib/search";
import { highlight } from "../src/lib/template";
import { suggest } from "../src/pages/live/complete";

test("conditions and words are told apart", () => {
    for (const sql of ["level >= 13", "service_name = 'agent'", "message ILIKE '%x%'", "is_exception", "not is_exception", "exception_type is not null", "kind in ('log')", "contains(message, 'x')", "duration between 1 and 2", "attributes->>'a' = 'b'", "(level>9)"]) {
        assert.equal(looksLikeSQL(sql), true, sql);
    }
    for (const words of ["", "timeout", "rate limit reached", "why did NVDA drop?", "what is this", "it's in the cache", "error in module", "like a rolling stone", "Compare the P/E ratios of AAPL and MSFT"]) {
        assert.equal(looksLikeSQL(words), false, words);
    }
});

test("words are quoted, and wildcards in them are not wildcards", () => {
    assert.match(wordsCondition("it's"), /ILIKE '%it''s%'/);
    assert.match(wordsCondition("50%"), /contains\(lower\(message\), '50%'\)/);
    assert.doesNotMatch(wordsCondition("a_b"), /ILIKE/);
});

test("what is typed stands first, so that positions of errors are known", () => {
    const both = condition({ text: "level > 9 -- loud", clauses: ["kind = 'log'"] });
    assert.equal(both.where, "(level > 9 -- loud\n) AND kind = 'log'");
    assert.equal(both.where!.slice(both.offset, both.offset + 9), "level > 9");
    assert.equal(condition({ text: "", clauses: [] }).where, undefined);
    assert.equal(condition({ text: "level > 9", clauses: [] }).where, "level > 9");
    assert.equal(condition({ text: "", clauses: ["a", "b"] }).where, "a AND b");
});

test("arguments of a template are found in its message", () => {
    const args = (message: string, template: string | null) => highlight(message, template).filter((p) => p.isArgument).map((p) => p.text);
    assert.deepEqual(args("GET /price/AAPL", "GET /price/{symbol}"), ["AAPL"]);
    assert.deepEqual(args("a=1, b=two", "a={a}, b={b!r}"), ["1", "two"]);
    assert.deepEqual(args("hello", "hello"), []);
    assert.deepEqual(args("something else", "hello {name}"), []);
    assert.deepEqual(args("{x} is 3", "{{x}} is {x}"), ["3"]);
    assert.equal(highlight("GET /price/AAPL", "GET /price/{symbol}").map((p) => p.text).join(""), "GET /price/AAPL");
    assert.deepEqual(highlight("chat gpt-4o", null).map((p) => [p.text, p.isName ?? false]), [["chat ", false], ["gpt-4o", true]]);
});

test("completion: columns, keys inside the arrow, values seen", () => {
    const vocabulary = { keys: ["gen_ai.system", "gen_ai.request.model"], values: { service_name: ["agent", "worker"] } };
    const labels = (text: string) => suggest(text, text.length, vocabulary).items.map((i) => i.label);
    assert.equal(labels("serv")[0], "service_name");
    assert.deepEqual(labels("attributes->>'gen_ai.req"), ["gen_ai.request.model"]);
    assert.deepEqual(labels("service_name = 'wo"), ["worker"]);
    assert.ok(labels("level ").includes(">="));
    assert.deepEqual(labels("level >= 13 "), ["AND", "OR"]);
    const { from, items } = suggest("service_name = 'wo", 18, vocabulary);
    assert.equal("service_name = 'wo".slice(0, from) + items[0]!.insert, "service_name = 'worker'");
});

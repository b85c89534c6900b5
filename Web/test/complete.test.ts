import assert from "node:assert/strict";
import { test } from "node:test";
import { comparedAt, suggest, valuesOf } from "../src/pages/live/complete";
import { parseInput, inputTime, setZone, zoneName } from "../src/lib/zone";
import { clock, day, startOfToday } from "../src/lib/time";

const vocabulary = { keys: ["prompt.version", "tenant"], values: { service_name: ["api", "worker"], "attributes->>'prompt.version'": ["v1", "v2"] } };
const at = (text: string) => suggest(text.replace("|", ""), text.indexOf("|"), vocabulary).items.map((i) => i.insert);

test("values of columns and attributes complete, after an operator and within quotes", () => {
    assert.deepEqual(at("service_name = |"), ["'api'", "'worker'"]);
    assert.deepEqual(at("service_name = 'wo|"), ["worker'"]);
    assert.deepEqual(at("(attributes->>'prompt.version') = '|"), ["v1'", "v2'"]);
    assert.deepEqual(at("attributes->>'prompt.version' = |"), ["'v1'", "'v2'"]);
    assert.deepEqual(at("service_name IN ('api', '|"), ["api'", "worker'"]);
    assert.deepEqual(at("attributes->>'pro|"), ["prompt.version'"]);
});

test("what is compared at the caret is known, so that its values can be asked for", () => {
    assert.deepEqual(comparedAt("level >= 9 AND service_name = 'a", 32), { name: "service_name", isAttribute: false });
    assert.equal(comparedAt("no_column = 'a", 14), null);
    assert.equal(comparedAt("start_timestamp = '", 19), null);
    const compared = comparedAt("(attributes->>'it''s') = '", 26)!;
    assert.deepEqual(compared, { name: "attributes->>'it''s'", isAttribute: true });
    assert.match(valuesOf(compared), /CAST\(\(attributes->>'it''s'\) AS VARCHAR\)/);
});

test("times in UTC or in the browser's zone", () => {
    const ms = Date.UTC(2026, 10, 21, 23, 30, 5, 40);
    setZone("utc");
    assert.deepEqual([clock(ms, true), day(ms), zoneName(ms), inputTime(ms)], ["23:30:05.040", "21 Nov", "UTC", "2026-11-21T23:30:05"]);
    assert.equal(parseInput("2026-11-21T23:30:05"), Date.UTC(2026, 10, 21, 23, 30, 5));
    assert.equal(startOfToday() % 86400e3, 0);
    setZone("local");
    assert.equal(parseInput(inputTime(ms)), Math.floor(ms / 1000) * 1000);
    assert.equal(new Date(startOfToday()).getHours(), 0);
});

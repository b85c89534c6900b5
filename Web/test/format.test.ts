import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, compact, count, duration, money, percent, speed } from "../src/lib/format";

test("durations", () => {
    const cases: [number | null, string][] = [
        [null, "—"], [0, "0ms"], [0.000004, "4µs"], [0.00085, "850µs"], [0.0012, "1.2ms"], [0.034, "34ms"], [0.34, "340ms"], [0.9994, "999ms"],
        [1, "1s"], [1.2, "1.2s"], [1.234, "1.23s"], [14.24, "14.2s"], [59.96, "1m"], [184, "3m 4s"], [3600, "1h"], [7500, "2h 5m"], [90000, "1d 1h"],
    ];
    for (const [value, text] of cases) assert.equal(duration(value), text, String(value));
});

test("unknown is never zero", () => {
    for (const format of [duration, compact, count, money, percent, bytes, speed]) {
        assert.equal(format(null), "—");
        assert.equal(format(undefined), "—");
        assert.notEqual(format(0), "—");
    }
});

test("tokens", () => {
    const cases: [number, string][] = [[0, "0"], [785, "785"], [1200, "1.2k"], [1000, "1k"], [99940, "99.9k"], [352000, "352k"], [999960, "1M"], [9_600_000, "9.6M"], [2.5e9, "2.5B"]];
    for (const [value, text] of cases) assert.equal(compact(value), text, String(value));
});

test("money", () => {
    assert.equal(money(0.0123), "$0.0123");
    assert.equal(money(0.0069806), "$0.0070");
    assert.equal(money(1.5), "$1.50");
    assert.equal(money(1234.5), "$1,234.50");
    assert.equal(money(0.004, "coarse"), "<$0.01");
    assert.equal(money(0.000236, "short"), "$0.0002");
    assert.equal(money(2.4e-8, "short"), "<$0.0001");
    assert.equal(money(0.0069806, "short"), "$0.0070");
    assert.equal(money(86.414, "coarse"), "$86.41");
    assert.equal(money(0, "coarse"), "$0");
    assert.notEqual(money(4.2e-7), "$0.0000");
});

test("shares, bytes, speed", () => {
    assert.equal(percent(0.008), "0.8%");
    assert.equal(percent(0.5, 0), "50%");
    assert.equal(bytes(396_000_000), "396 MB");
    assert.equal(bytes(2_900_000), "2.9 MB");
    assert.equal(speed(132.4), "132 tok/s");
});

// Programs that can be copied and run against this very server.

/** On loopback any token will do; elsewhere the reader puts a write token in. */
const configure = (base: string) => `logfire.configure(
    token="local",
    advanced=logfire.AdvancedOptions(base_url="${base}"),
)`;

export function pythonSnippet(base: string): string {
    return `# pip install logfire
import logfire

${configure(base)}
with logfire.span("hello {name}", name="world"):
    logfire.info("the first record")`;
}

export function openaiSnippet(base: string): string {
    return `# pip install 'logfire[openai]'
import logfire, openai

${configure(base)}
logfire.instrument_openai()
openai.OpenAI().chat.completions.create(
    model="gpt-4o-mini",
    messages=[{"role": "user", "content": "hi"}],
)`;
}

export function curlSnippet(base: string, now: number): string {
    const start = `${Math.floor(now)}000000`;
    const end = `${Math.floor(now) + 120}000000`;
    const id = [...Array(32)].map(() => Math.floor(Math.random() * 16).toString(16)).join("");
    return `curl ${base}/v1/traces \\
  -H 'Content-Type: application/json' -d '{"resourceSpans": [{
  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shell"}}]},
  "scopeSpans": [{"scope": {"name": "curl"}, "spans": [{
    "traceId": "${id}", "spanId": "${id.slice(0, 16)}",
    "name": "hello", "kind": 1,
    "startTimeUnixNano": "${start}", "endTimeUnixNano": "${end}"}]}]}]}'`;
}

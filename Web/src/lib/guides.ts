// What to paste where, so that a program sends to this very server.

/** Where records go and with which token. */
export interface Target {
    base: string;
    /** Address for OTLP over gRPC; null when it is off, undefined when the server does not say. */
    grpc?: string | null;
    /** Null when none is needed: the first project of a server on loopback. */
    token: string | null;
    project: string;
}

export interface Step {
    label: string;
    code: string;
}

export interface Guide {
    id: string;
    label: string;
    steps: Step[];
    /** What to know besides, one sentence each. */
    notes?: string[];
}

/** The address for gRPC; by convention the port beside that of HTTP. */
export function grpcAddress(target: Target): string {
    if (target.grpc) return target.grpc;
    try {
        const url = new URL(target.base);
        return `${url.protocol}//${url.hostname}:4317`;
    } catch {
        return "http://127.0.0.1:4317";
    }
}

function environment(target: Target, protocol: "http/protobuf" | "grpc", service: string): string {
    const lines = [
        `export OTEL_EXPORTER_OTLP_ENDPOINT=${protocol === "grpc" ? grpcAddress(target) : target.base}`,
        `export OTEL_EXPORTER_OTLP_PROTOCOL=${protocol}`,
        ...(target.token === null ? [] : [`export OTEL_EXPORTER_OTLP_HEADERS=authorization=${target.token}`]),
        `export OTEL_SERVICE_NAME=${service}`,
    ];
    return lines.join("\n");
}

export function pythonSnippet(target: Target): string {
    return `# pip install logfire
import logfire

${configure(target)}
with logfire.span("hello {name}", name="world"):
    logfire.info("the first record")`;
}

export function swiftSnippet(target: Target): string {
    const token = target.token === null ? "" : `\n    $0.token = ${JSON.stringify(target.token)}`;
    return `import Hearth

try Hearth.configure {
    $0.serviceName = "hello"
    $0.baseURL = ${JSON.stringify(target.base)}${token}
}
Hearth.span("hello {name}", ["name": "world"]) { _ in
    Hearth.info("the first record")
}`;
}

export function openaiSnippet(target: Target): string {
    return `# pip install 'logfire[openai]'
import logfire, openai

${configure(target)}
logfire.instrument_openai()
openai.OpenAI().chat.completions.create(
    model="gpt-4o-mini",
    messages=[{"role": "user", "content": "hi"}],
)`;
}

/** An agent with a tool and a model that answers without any provider. */
export function agentSnippet(target: Target): string {
    return `# pip install logfire pydantic-ai-slim
import logfire
from pydantic_ai import Agent
from pydantic_ai.models.test import TestModel

${configure(target)}
logfire.instrument_pydantic_ai()
agent = Agent(TestModel(), name="first_agent", instructions="Be brief.")

@agent.tool_plain
def weather(city: str) -> str:
    """The weather of a city."""
    return f"sunny in {city}"

print(agent.run_sync("How is the weather in Oslo?").output)`;
}

/** Keeps `session.id`, which the SDK would take for a secret. */
export const scrubbingOption = `scrubbing=logfire.ScrubbingOptions(callback=lambda m: m.value if m.path[-1] == "session.id" else None)`;

/** A conversation of two turns by one user. */
export function conversationSnippet(target: Target): string {
    return `# pip install logfire pydantic-ai-slim
import logfire
from pydantic_ai import Agent
from pydantic_ai.models.test import TestModel

${configure(target, scrubbingOption)}
logfire.instrument_pydantic_ai()
agent = Agent(TestModel(), name="first_agent")

with logfire.set_baggage(**{"session.id": "session-1", "user.id": "ada"}):
    first = agent.run_sync("Name a river.")
    agent.run_sync("How long is it?", message_history=first.all_messages())`;
}

/** The SDK sends only with a token; where none is needed any text will do. */
function configure(target: Target, option?: string): string {
    return `logfire.configure(
    token="${target.token ?? "local"}",
    advanced=logfire.AdvancedOptions(base_url="${target.base}"),${option === undefined ? "" : `\n    ${option},`}
)`;
}

export function curlSnippet(target: Target, now: number): string {
    const start = `${Math.floor(now)}000000`;
    const end = `${Math.floor(now) + 120}000000`;
    const id = [...Array(32)].map(() => Math.floor(Math.random() * 16).toString(16)).join("");
    return `curl ${target.base}/v1/traces \\
  -H 'Content-Type: application/json' \\${target.token === null ? "" : `\n  -H 'Authorization: ${target.token}' \\`}
  -d '{"resourceSpans": [{
  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shell"}}]},
  "scopeSpans": [{"scope": {"name": "curl"}, "spans": [{
    "traceId": "${id}", "spanId": "${id.slice(0, 16)}",
    "name": "hello", "kind": 1,
    "startTimeUnixNano": "${start}", "endTimeUnixNano": "${end}"}]}]}]}'`;
}

export function collectorConfiguration(target: Target): string {
    return `receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 127.0.0.1:14317
        max_recv_msg_size_mib: 64 # prompts are large
      http:
        endpoint: 127.0.0.1:14318

processors:
  memory_limiter:
    check_interval: 1s
    limit_percentage: 75
  batch:
    timeout: 200ms
    send_batch_size: 512
    send_batch_max_size: 512

exporters:
  otlphttp/hearth:
    endpoint: ${target.base}
    compression: gzip${target.token === null ? "" : `\n    headers:\n      authorization: ${target.token}`}

service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [otlphttp/hearth]
    metrics:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [otlphttp/hearth]
    logs:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [otlphttp/hearth]`;
}

/** What a collector on the way can take from model calls, and how to see that it does. */
export const collectorPitfalls: string[] = [
    "tail_sampling or filter rules that keep only errors: model calls that went well never arrive. Leave sampling to Hearth (Settings → Sampling), which sees whole traces and keeps counts right.",
    "attributes, transform or redaction processors that delete or truncate gen_ai.*, input.value, output.value or llm.*: tokens, cost and messages vanish. Use Settings → Redaction instead, or exempt these keys.",
    "limits on the length of attributes (OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT, OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT, truncate_all): messages end in the middle and are no longer JSON. Leave them unset for services that call models.",
    "max_recv_msg_size_mib left at its default of 4: a batch with a long conversation is refused, and the application logs RESOURCE_EXHAUSTED.",
    "span metrics or group-by connectors in the place of the traces pipeline: they turn spans into figures without messages.",
    "pipelines without logs: some instrumentations send prompts and answers as log records; keep a logs pipeline beside traces.",
];

export function writeGuides(target: Target, now: number): Guide[] {
    return [
        {
            id: "python",
            label: "Python (logfire)",
            steps: [
                { label: "Any program", code: pythonSnippet(target) },
                { label: "With model calls", code: openaiSnippet(target) },
            ],
            notes: [target.token === null ? "On this machine any text will do as token." : "In production put the token into LOGFIRE_TOKEN and the address into LOGFIRE_BASE_URL; logfire.configure() reads both."],
        },
        {
            id: "otel-python",
            label: "Python (OpenTelemetry)",
            steps: [
                { label: "Install", code: "pip install opentelemetry-distro opentelemetry-exporter-otlp\nopentelemetry-bootstrap -a install" },
                { label: "Run", code: `${environment(target, "http/protobuf", "my-service")}\nopentelemetry-instrument python app.py` },
            ],
        },
        {
            id: "javascript",
            label: "JavaScript",
            steps: [
                { label: "Install", code: "npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node" },
                { label: "Run", code: `${environment(target, "http/protobuf", "my-service")}\nnode --require @opentelemetry/auto-instrumentations-node/register app.js` },
            ],
            notes: ["From a browser page the server must allow its origin; see the CORS option of the server."],
        },
        {
            id: "swift",
            label: "Swift",
            steps: [{ label: "Code", code: swiftSnippet(target) }],
            notes: [
                "The package is the root of Hearth's repository: .product(name: \"Hearth\", package: \"hearth\").",
                ...(target.base.startsWith("https:") ? ["It does not speak TLS yet; send to a collector on the same machine."] : []),
            ],
        },
        {
            id: "go",
            label: "Go",
            steps: [
                {
                    label: "Code",
                    code: `// go get go.opentelemetry.io/otel/sdk go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp
exporter, err := otlptracehttp.New(ctx) // reads the variables below
if err != nil { log.Fatal(err) }
provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
defer provider.Shutdown(ctx)
otel.SetTracerProvider(provider)`,
                },
                { label: "Run", code: `${environment(target, "http/protobuf", "my-service")}\ngo run .` },
            ],
        },
        {
            id: "java",
            label: "Java",
            steps: [{ label: "Run", code: `${environment(target, "http/protobuf", "my-service")}\njava -javaagent:opentelemetry-javaagent.jar -jar app.jar` }],
        },
        {
            id: "dotnet",
            label: ".NET",
            steps: [
                {
                    label: "Code",
                    code: `// dotnet add package OpenTelemetry.Extensions.Hosting, OpenTelemetry.Exporter.OpenTelemetryProtocol
builder.Services.AddOpenTelemetry()
    .WithTracing(t => t.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter())
    .WithMetrics(m => m.AddOtlpExporter());`,
                },
                { label: "Run", code: `${environment(target, "http/protobuf", "my-service")}\ndotnet run` },
            ],
        },
        {
            id: "grpc",
            label: "gRPC",
            steps: [{ label: "Environment of any OpenTelemetry SDK", code: environment(target, "grpc", "my-service") }],
            notes: target.grpc === null ? ["gRPC is switched off on this server; start it with --grpc HOST:PORT."] : ["The token travels as the metadata entry authorization, with or without Bearer in front."],
        },
        {
            id: "collector",
            label: "Collector",
            steps: [{ label: "collector.yaml", code: collectorConfiguration(target) }],
            notes: collectorPitfalls,
        },
        { id: "curl", label: "curl", steps: [{ label: "One span by hand", code: curlSnippet(target, now) }] },
        {
            id: "demo",
            label: "Demo",
            steps: [{ label: "Two minutes of a made-up shop", code: `bin/hearth demo --url ${target.base}${target.token === null ? "" : ` --token ${target.token}`}` }],
            notes: ["No program at hand: five services with agents, tools, streamed answers, retries and errors, as their SDKs would send them. --speed 60 sends it at once."],
        },
    ];
}

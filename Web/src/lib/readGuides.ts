import type { Guide, Target } from "./guides";

/** What a read token is for: queries from outside. */
export function readGuides(target: Target): Guide[] {
    return [
        {
            id: "python",
            label: "Python",
            steps: [
                {
                    label: "Rows by SQL",
                    code: `# pip install 'logfire'
from logfire.query_client import LogfireQueryClient

with LogfireQueryClient(read_token="${target.token}", base_url="${target.base}") as client:
    answer = client.query_json_rows("SELECT span_name, duration FROM records ORDER BY start_timestamp DESC LIMIT 10")
    print(answer["rows"])`,
                },
            ],
        },
        {
            id: "curl",
            label: "curl",
            steps: [
                {
                    label: "Rows by SQL",
                    code: `curl ${target.base}/v2/query \\
  -H 'Authorization: ${target.token}' \\
  -H 'Content-Type: application/json' \\
  -d '{"sql": "SELECT model, count(*) AS calls, sum(cost) AS cost FROM llm_calls GROUP BY model", "min_timestamp": "2026-01-01T00:00:00Z"}'`,
                },
            ],
        },
    ];
}

/** What an API key is for: managing projects and tokens. */
export function manageGuides(target: Target): Guide[] {
    return [
        {
            id: "curl",
            label: "curl",
            steps: [{ label: "Projects", code: `curl ${target.base}/api/v1/projects/ \\\n  -H 'Authorization: Bearer ${target.token}'` }],
        },
        {
            id: "environment",
            label: "Environment",
            steps: [{ label: "For the logfire SDK's clients", code: `export LOGFIRE_API_KEY=${target.token}\nexport LOGFIRE_BASE_URL=${target.base}` }],
        },
    ];
}

/** What an error's body says. */
export interface Problem {
    detail: string;
    position: number | null;
    /** The kind of failure, where the server names it. */
    code?: string;
    fields: Record<string, string>;
}

/**
 * Reads the forms an error may have: `{"detail": "…"}`, problem JSON with a position, `{"detail": [{"loc": ["body", "name"], "msg"}]}`
 * and `{"detail": "…", "errors": [{"path": "rules[2].pattern", "message"}]}`.
 */
export function readProblem(body: unknown, fallback: string): Problem {
    const problem: Problem = { detail: fallback, position: null, fields: {} };
    if (typeof body !== "object" || body === null) return problem;
    const { detail, title, position, errors, code } = body as Record<string, unknown>;
    if (Array.isArray(detail)) {
        for (const item of detail as { loc?: unknown; msg?: unknown }[]) {
            if (typeof item?.msg !== "string") continue;
            const name = Array.isArray(item.loc) ? item.loc.filter((part) => part !== "body").join(".") : "";
            problem.fields[name] ??= item.msg;
        }
        const messages = Object.values(problem.fields);
        if (messages.length > 0) problem.detail = messages.join("; ");
    } else if (typeof detail === "string") problem.detail = detail;
    else if (typeof title === "string") problem.detail = title;
    if (Array.isArray(errors)) {
        for (const item of errors as { path?: unknown; message?: unknown }[]) {
            if (typeof item?.path === "string" && typeof item.message === "string") problem.fields[item.path] ??= item.message;
        }
    }
    if (typeof position === "number") problem.position = position;
    if (typeof code === "string") problem.code = code;
    return problem;
}

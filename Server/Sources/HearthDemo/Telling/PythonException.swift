/// An exception as a Python program records it.
struct PythonException: Sendable {
    struct Frame: Sendable {
        var file: String
        var line: Int
        var function: String
        var source: String
    }

    /// Qualified; builtins without a module.
    var type: String
    var message: String
    /// Outermost first.
    var frames: [Frame]

    /// What `str(traceback)` prints.
    var stacktrace: String {
        var text = "Traceback (most recent call last):\n"
        for frame in frames {
            text += "  File \"\(frame.file)\", line \(frame.line), in \(frame.function)\n    \(frame.source)\n"
        }
        return text + "\(type): \(message)\n"
    }

    /// The status message the SDK writes: the type's last part and the text.
    var summary: String {
        "\(type.split(separator: ".").last.map(String.init) ?? type): \(message)"
    }
}

extension PythonException {
    private static let packages = "/srv/app/venv/lib/python3.11/site-packages"

    /// A tool that could not reach the database in time.
    static func databaseTimeout(tool: String) -> PythonException {
        PythonException(
            type: "sqlalchemy.exc.OperationalError",
            message: "(psycopg.errors.QueryCanceled) canceling statement due to statement timeout",
            frames: [
                Frame(
                    file: "\(packages)/pydantic_ai/tool_manager.py", line: 1_325, function: "_raw_execute",
                    source: "tool_result = await self.toolset.call_tool("),
                Frame(file: "/srv/app/support_agent/tools.py", line: 88, function: tool, source: "row = await session.execute(statement)"),
                Frame(
                    file: "\(packages)/sqlalchemy/ext/asyncio/session.py", line: 461, function: "execute",
                    source: "result = await greenlet_spawn("),
                Frame(
                    file: "\(packages)/sqlalchemy/engine/default.py", line: 941, function: "do_execute",
                    source: "cursor.execute(statement, parameters)"),
            ])
    }

    /// The provider answered with an error the client does not repeat any more.
    static func modelHTTPError(status: Int, model: String, body: String, module: String) -> PythonException {
        PythonException(
            type: "pydantic_ai.exceptions.ModelHTTPError",
            message: "status_code: \(status), model_name: \(model), body: \(body)",
            frames: [
                Frame(
                    file: "/srv/app/\(module)/agents.py", line: 57, function: "answer",
                    source: "result = await agent.run(prompt, deps=deps)"),
                Frame(file: "\(packages)/pydantic_ai/agent/abstract.py", line: 214, function: "run", source: "async for _ in agent_run:"),
                Frame(
                    file: "\(packages)/pydantic_ai/_agent_graph.py", line: 438, function: "_make_request",
                    source: "model_response = await ctx.deps.model.request("),
                Frame(
                    file: "\(packages)/pydantic_ai/models/openai.py", line: 264, function: "_map_api_errors",
                    source: "raise ModelHTTPError(status_code=status_code, model_name=model_name, body=e.body) from e"),
            ])
    }

    /// The answer of a FastAPI route when a service behind it failed.
    static func badGateway(_ detail: String) -> PythonException {
        PythonException(
            type: "fastapi.exceptions.HTTPException", message: "502: \(detail)",
            frames: [
                Frame(
                    file: "\(packages)/fastapi/routing.py", line: 302, function: "app",
                    source: "raw_response = await run_endpoint_function("),
                Frame(
                    file: "/srv/app/web_gateway/routes.py", line: 61, function: "chat",
                    source: "raise HTTPException(502, f'{upstream} failed')"),
            ])
    }

    /// A tool told the model to try again.
    static func toolRetry(_ message: String, tool: String) -> PythonException {
        PythonException(
            type: "pydantic_ai.exceptions.ToolRetryError", message: message,
            frames: [
                Frame(
                    file: "\(packages)/pydantic_ai/tool_manager.py", line: 1_325, function: "_raw_execute",
                    source: "tool_result = await self.toolset.call_tool("),
                Frame(file: "/srv/app/support_agent/tools.py", line: 131, function: tool, source: "raise ModelRetry(problem)"),
            ])
    }

    /// A background job met a broken row.
    static func badInvoice(_ number: String) -> PythonException {
        PythonException(
            type: "decimal.InvalidOperation", message: "[<class 'decimal.ConversionSyntax'>]",
            frames: [
                Frame(file: "/srv/app/billing/jobs.py", line: 203, function: "run", source: "total = sum_lines(invoice.lines)"),
                Frame(
                    file: "/srv/app/billing/invoices.py", line: 77, function: "sum_lines",
                    source: "return sum(Decimal(line.amount) for line in lines)  # \(number)"),
            ])
    }
}

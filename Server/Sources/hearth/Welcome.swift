import HearthServer

/// What `hearth serve` prints when it is ready: the address and the shortest way to a first trace.
enum Welcome {
    static func text(_ listening: Listening, dataDirectory: String) -> String {
        listening.setupURL.map { setup($0, listening, dataDirectory: dataDirectory) } ?? ready(listening, dataDirectory: dataDirectory)
    }

    /// Nobody can do anything before there is an account.
    private static func setup(_ setupURL: String, _ listening: Listening, dataDirectory: String) -> String {
        """
        Hearth is listening on \(listening.baseURL)
          data folder  \(dataDirectory)
          OTLP/gRPC    \(listening.grpcURL ?? "off")

        Every request needs a login or a token. Make the first account, which owns everything, at this address; it works once and
        is shown only now:

          \(setupURL)

        Or on this machine: hearth users create EMAIL --role owner --data \(dataDirectory)

        """
    }

    private static func ready(_ listening: Listening, dataDirectory: String) -> String {
        let token = listening.isLoginRequired ? "<write token>" : "local"
        let hint = listening.isLoginRequired ? "; hearth tokens create --data \(dataDirectory) makes a write token" : ""
        return """
            Hearth is listening on \(listening.baseURL)
              data folder  \(dataDirectory)
              OTLP/HTTP    \(listening.baseURL)/v1/traces  (also /v1/logs, /v1/metrics)
              OTLP/gRPC    \(listening.grpcURL ?? "off")

            Send a first trace (pip install logfire\(hint)):

              import logfire
              logfire.configure(token='\(token)', service_name='hello', advanced=logfire.AdvancedOptions(base_url='\(listening.baseURL)'))
              with logfire.span('hello {name}', name='world'):
                  logfire.info('my first trace')
              logfire.force_flush()

            """
    }
}

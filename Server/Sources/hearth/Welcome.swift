import HearthServer

/// What `hearth serve` prints when it is ready: the address and the shortest way to a first trace.
enum Welcome {
    static func text(_ listening: Listening, dataDirectory: String) -> String {
        listening.setupURL.map { setup($0, baseURL: listening.baseURL, dataDirectory: dataDirectory) }
            ?? local(listening.baseURL, dataDirectory: dataDirectory)
    }

    /// Nobody can do anything before there is an account.
    private static func setup(_ setupURL: String, baseURL: String, dataDirectory: String) -> String {
        """
        Hearth is listening on \(baseURL)
          data folder  \(dataDirectory)

        Every request needs a login or a token. Make the first account, which owns everything, at this address; it works once and
        is shown only now:

          \(setupURL)

        Or on this machine: hearth users create EMAIL --role owner --data \(dataDirectory)

        """
    }

    private static func local(_ baseURL: String, dataDirectory: String) -> String {
        """
        Hearth is listening on \(baseURL)
          data folder  \(dataDirectory)
          OTLP/HTTP    \(baseURL)/v1/traces  (also /v1/logs, /v1/metrics)

        Send a first trace (pip install logfire):

          import logfire
          logfire.configure(token='local', service_name='hello', advanced=logfire.AdvancedOptions(base_url='\(baseURL)'))
          with logfire.span('hello {name}', name='world'):
              logfire.info('my first trace')
          logfire.force_flush()

        """
    }
}

/// What `hearth serve` prints when it is ready: the address and the shortest way to a first trace.
enum Welcome {
    static func text(baseURL: String, dataDirectory: String) -> String {
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

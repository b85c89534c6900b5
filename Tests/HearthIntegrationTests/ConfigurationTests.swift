#if Configuration
    import Configuration
    import Foundation
    import Hearth
    import HearthConfiguration
    import Testing

    @Suite struct ConfigurationReaderTests {
        private func reader(_ values: [AbsoluteConfigKey: ConfigValue]) -> ConfigReader {
            ConfigReader(provider: InMemoryProvider(values: values))
        }

        @Test func everyKeyIsRead() throws {
            let configuration = try HearthConfiguration(
                config: reader([
                    "token": "t1,t2", "baseURL": "http://h:1", "send": "if-token-present", "serviceName": "s", "serviceVersion": "1",
                    "environment": "e", "resourceAttributes": ConfigValue(.stringArray(["a=1", "b=x=y"]), isSecret: false),
                    "detectsResource": false,
                    "otlp.endpoint": "http://o:2/v1/traces", "otlp.headers": ConfigValue(.stringArray(["k=v"]), isSecret: true),
                    "console": true, "console.colors": "never", "console.showsTimes": false, "console.isVerbose": true,
                    "console.minimumLevel": "warn", "sampling.rate": 0.25, "tailSampling.level": "error", "tailSampling.duration": 2,
                    "tailSampling.backgroundRate": 0.5, "scrubbing.extraWords": ConfigValue(.stringArray(["iban"]), isSecret: false),
                    "limits.events": 7, "minimumLevel": "debug", "pendingSpans": false, "distributedTracing": false,
                    "addsBaggageToAttributes": false, "batch.maximumQueuedSpans": 10, "batch.delay": 0.5, "exitTimeout": 3,
                    "credentialsDirectory": "/x",
                ]))
            #expect(configuration.token == "t1,t2" && configuration.baseURL == "http://h:1" && configuration.send == .ifTokenPresent)
            #expect(configuration.serviceName == "s" && configuration.serviceVersion == "1" && configuration.environment == "e")
            #expect(configuration.resourceAttributes == ["a": "1", "b": "x=y"] && !configuration.detectsResource)
            guard case .otlp("http://o:2/v1/traces", ["k": "v"])? = configuration.destinations.first else {
                Issue.record("destination: \(configuration.destinations)")
                return
            }
            #expect(configuration.console?.isEnabled == true && configuration.console?.colors == .never)
            #expect(configuration.console?.showsTimes == false && configuration.console?.isVerbose == true)
            #expect(configuration.console?.minimumLevel == .warn && configuration.sampler == .ratio(0.25))
            #expect(configuration.tailSampling == TailSampling(level: .error, duration: .seconds(2), backgroundRate: 0.5))
            #expect(
                configuration.scrubbing?.extraWords == ["iban"] && configuration.limits?.events == 7 && configuration.limits?.links == 128)
            #expect(
                configuration.minimumLevel == .debug && configuration.pendingSpans == false && configuration.distributedTracing == false)
            #expect(!configuration.addsBaggageToAttributes && configuration.batch?.maximumQueuedSpans == 10)
            #expect(configuration.batch?.delay == .milliseconds(500) && configuration.exitTimeout == .seconds(3))
            #expect(configuration.credentialsDirectory == "/x")
        }

        @Test func whatIsNotSetIsLeftToTheEnvironment() throws {
            let configuration = try HearthConfiguration(config: reader(["unrelated": 1]))
            #expect(configuration.token == nil && configuration.send == nil && configuration.console == nil && configuration.sampler == nil)
            #expect(
                configuration.limits == nil && configuration.batch == nil && configuration.tailSampling == nil
                    && configuration.scrubbing != nil)
            // One value of a group leaves the others to the environment too.
            setenv("OTEL_SPAN_EVENT_COUNT_LIMIT", "11", 1)
            setenv("OTEL_BSP_MAX_QUEUE_SIZE", "12", 1)
            setenv("LOGFIRE_CONSOLE", "true", 1)
            setenv("LOGFIRE_CONSOLE_VERBOSE", "true", 1)
            defer {
                for name in ["OTEL_SPAN_EVENT_COUNT_LIMIT", "OTEL_BSP_MAX_QUEUE_SIZE", "LOGFIRE_CONSOLE", "LOGFIRE_CONSOLE_VERBOSE"] {
                    unsetenv(name)
                }
            }
            let mixed = try HearthConfiguration(config: reader(["limits.links": 5, "batch.delay": 2, "console.minimumLevel": "warn"]))
            #expect(mixed.limits?.events == 11 && mixed.limits?.links == 5)
            #expect(mixed.batch?.maximumQueuedSpans == 12 && mixed.batch?.delay == .seconds(2))
            #expect(mixed.console?.isVerbose == true && mixed.console?.minimumLevel == .warn)
            #expect(try HearthConfiguration(config: reader(["scrubbing": false])).scrubbing == nil)
            #expect(try HearthConfiguration(config: reader(["console": false])).console?.isEnabled == false)
        }

        @Test(
            arguments: [
                ("limits.events", ConfigValue("many", isSecret: false), "'many' but must be a whole number"),
                ("limits.events", -1, "not negative"),
                ("pendingSpans", 3, "'3' but must be true or false"), ("sampling.rate", 1.5, "a number from 0 to 1"),
                ("send", "perhaps", "always, if-token-present, never"), ("minimumLevel", "loud", "trace, debug"),
                ("serviceName", 7, "must be text"),
                ("exitTimeout", -1, "seconds"), ("resourceAttributes", ConfigValue(.stringArray(["a"]), isSecret: false), "name=value"),
            ] as [(String, ConfigValue, String)])
        func wrongValuesAreErrorsThatNameTheKey(_ key: String, _ value: ConfigValue, _ told: String) throws {
            let reader = reader([AbsoluteConfigKey(key.split(separator: ".").map(String.init)): value])
            let error = try #require(throws: ConfigurationError.self) { _ = try HearthConfiguration(config: reader) }
            #expect(error.code == .invalidValue && error.description.contains(key) && error.description.contains(told), "\(error)")
        }

        @Test func secretsAreNotToldInErrors() throws {
            let headers = reader([
                "otlp.endpoint": "http://h/v1/traces", "otlp.headers": ConfigValue(.stringArray(["hunter2"]), isSecret: true),
            ])
            let error = try #require(throws: ConfigurationError.self) { _ = try HearthConfiguration(config: headers) }
            #expect(!error.description.contains("hunter2"))
            let token = try #require(throws: ConfigurationError.self) { _ = try HearthConfiguration(config: reader(["token": 4711])) }
            #expect(!token.description.contains("4711"))
        }
    }
#endif

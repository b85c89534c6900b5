import Testing

/// All tests of the module, one at a time: engine calls in tests block the threads that timers of other tests would need.
@Suite(.serialized) enum SQLSuites {}

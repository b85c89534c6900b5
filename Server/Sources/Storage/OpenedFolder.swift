/// A data folder whose files are open, recovered and migrated. It is closed when the value goes away and no ``TelemetryStore`` was made of it.
public struct OpenedFolder: Sendable {
    let supervisor: EngineSupervisor

    /// Opens the data folder, creating it when missing. Blocks for as long as the disk takes and logs have to be read back.
    ///
    /// - Throws: ``StorageError`` with ``StorageError/Code/openFailed`` or ``StorageError/Code/newerSchema``.
    public init(configuration: StorageConfiguration) throws(StorageError) {
        supervisor = try EngineSupervisor(configuration: configuration)
    }
}

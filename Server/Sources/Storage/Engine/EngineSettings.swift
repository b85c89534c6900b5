import DuckDBKit

/// Settings of the engine, in the order that works (`storage.md` §5.3, §8).
enum EngineSettings {
    /// Settings that hold from the moment the file is opened.
    static func options(_ configuration: StorageConfiguration, folder: TelemetryFolder) -> [(name: String, value: String)] {
        [
            // Without it new files get an old format without the newer compression methods.
            ("storage_compatibility_version", "latest"),
            ("memory_limit", "\(configuration.memoryLimitBytes)B"),
            ("default_block_size", "\(catalogBlockBytes)"),
            // Never within a commit: what is full is sealed.
            ("checkpoint_threshold", "1TB"),
            ("temp_directory", folder.temporary),
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("allow_community_extensions", "false"),
        ]
    }

    /// Blocks of a new catalog; one that exists keeps its own. It has few rows in many columns: what takes
    /// 0.27 MB in these takes 0.67 MB in blocks of 64 KB.
    private static let catalogBlockBytes = 16_384

    /// Statements that lock the instance down; from then on queries reach nothing outside the telemetry folder and change no setting.
    static func lockDown(folder: TelemetryFolder) -> [String] {
        [
            "SET GLOBAL TimeZone = 'UTC'",
            // Closing must be quick; the writer decides itself whether there is time for a checkpoint.
            "PRAGMA disable_checkpoint_on_shutdown",
            // What a sort may spill: it ends the query, not the disk.
            "SET GLOBAL max_temp_directory_size = '4GB'",
            // in_clause makes lists in IN a join for every file of a table, and the joins of forty days need more than the whole budget.
            // late_materialization makes of `ORDER BY start_timestamp DESC LIMIT 50` two scans and a join: 7.1 instead of 3.9 ms for the newest 50
            // of a million, whose few thousand candidates are known anyway.
            "SET GLOBAL disabled_optimizers = 'in_clause,late_materialization'",
            // Permits the folder, for attaching further files; has to come before external access is turned off.
            "SET GLOBAL allowed_directories = [\(quoted(folder.path))]",
            "SET GLOBAL enable_external_access = false",
            "SET GLOBAL lock_configuration = true",
        ]
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }
}

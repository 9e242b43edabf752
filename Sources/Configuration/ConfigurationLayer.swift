/// Who says what a setting is. Later ones beat earlier ones, member by member.
package enum ConfigurationLayer: String, Sendable, Hashable, Comparable, CaseIterable {
    case builtIn = "default"
    case environment
    /// The person's own file.
    case user
    /// The file in the folder that is worked in, which may be a stranger's.
    case workspace
    case initialize
    case flag

    package static func < (left: ConfigurationLayer, right: ConfigurationLayer) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Where a value came from.
package struct ConfigurationOrigin: Sendable, Hashable {
    package var layer: ConfigurationLayer
    /// The file that says it, where one does.
    package var file: String?

    package init(_ layer: ConfigurationLayer, file: String? = nil) {
        self.layer = layer
        self.file = file
    }
}

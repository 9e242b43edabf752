/// The description of the protocol as a session names it.
package enum Schema {
    package static let version = "1.0"
}

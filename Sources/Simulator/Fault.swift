/// What can go wrong in a simulated world.
package enum Fault: String, Sendable, CaseIterable {
    /// kill -9 between two turns.
    case crash
    /// kill -9 while a turn is written: part of it stands in the file, and none of it counts.
    case tornWrite
    /// kill -9 after the commit and before anything left the process.
    case crashAfterCommit
    /// kill -9 while the effects of a turn are begun.
    case crashInEffects
    /// One write is refused.
    case failedWrite
    /// One read is refused.
    case failedRead
    /// A commit is refused, and did not happen.
    case failedCommit
    /// A commit is reported as failed, and happened.
    case uncertainCommit
    /// Nothing can be written for a while.
    case fullDisk
    /// A commit takes its time, and the world goes on meanwhile.
    case slowCommit
    /// An engine does not run for a while, and others may take it for dead.
    case frozenEngine
    /// A client dies: nobody answers for its bodies, and its engine ends.
    case deadClient
    /// A client answers the same twice.
    case doubleAnswer
    /// A client answers when nobody waits for it any more.
    case lateAnswer
    /// A client never answers.
    case noAnswer
    /// A client does not read for a while.
    case deafClient
    /// A client asks the same again.
    case doubleRequest
    case clockForward
    case clockBackward
}

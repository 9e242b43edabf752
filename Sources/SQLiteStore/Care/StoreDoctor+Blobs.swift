internal import WorkflowStore

// Great values stand by themselves, under the hash of what they hold.

extension StoreDoctor {
    /// Every blob is what its name says, somebody uses it, and none that is used is missing.
    func examineBlobs() {
        look(at: "The blobs") { () throws(StoreError) in
            var damaged: [String] = []
            try Statement(connection, "SELECT hash, text, blobsAt FROM blobs").rows { (row) throws(StoreError) in
                let (hash, text) = (row.text(0), row.bytes(1))
                let blob = CutText(text: text, places: (try? row.places(2)) ?? [])
                if blob.hash != hash { damaged.append(hash) }
                return true
            }
            for hash in damaged where try self.count("blobUses WHERE hash = '\(hash.filter(\.isHexDigit))'") > 0 {
                note(
                    StoreFinding(
                        .error, "blob.damaged",
                        "The blob \(hash) is not what was stored. A backup or an export may have it."))
            }
        }
        look(at: "The uses of blobs") { () throws(StoreError) in
            let unused = "blobs WHERE hash NOT IN (SELECT hash FROM blobUses)"
            let count = try self.count(unused)
            if count > 0 {
                note(
                    StoreFinding(
                        .warning, "blobs.orphaned", "There are \(count) blobs that no run uses.",
                        repair: "Remove them."), mend: change("DELETE FROM \(unused)"))
            }
            let missing = try Statement(
                connection,
                """
                SELECT DISTINCT runs.id FROM blobUses JOIN runs ON runs.key = blobUses.run
                WHERE hash NOT IN (SELECT hash FROM blobs)
                """
            ).all { $0.text(0) }
            for id in missing {
                note(
                    StoreFinding(
                        .error, "blob.missing",
                        "The run \(id) uses a blob that is gone. A backup or an export may have it."))
            }
        }
    }
}

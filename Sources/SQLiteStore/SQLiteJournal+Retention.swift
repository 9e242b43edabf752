internal import WorkflowModel
package import WorkflowStore

// These are asked once in a while: their statements are not kept.

extension SQLiteJournal {
    package func runsEnded(_ filter: RetentionFilter, after key: Int64, limit: Int) throws(StoreError) -> [RunRecord] {
        let statuses = filter.statuses.isEmpty ? RunStatus.allCases.filter(\.isTerminal) : filter.statuses
        let keys = try Statement(
            connection,
            """
            SELECT key FROM runs WHERE key > ? AND endedAt < ? AND instr(?, '"' || status || '"')
                AND (?4 IS NULL OR namespace = ?4)
                AND (parent IS NULL OR NOT EXISTS (SELECT 1 FROM runs AS parents WHERE parents.id = runs.parent))
            ORDER BY key LIMIT ?5
            """
        ).all(
            key, filter.endedBefore, statuses.map { "\"\($0.rawValue)\"" }.joined(), filter.namespace, limit
        ) { $0.int(0) }
        var found: [RunRecord] = []
        for key in keys { if let run = try run(key: key), filter.matches(run) { found.append(run) } }
        return found
    }

    package func sweep() throws(StoreError) -> Leftovers {
        workflowsAsked = WorkflowsAsked()
        let workflows = try Statement(
            connection,
            """
            DELETE FROM workflows WHERE NOT isRegistered
                AND (namespace, name, version) NOT IN (SELECT namespace, workflow, version FROM runs)
            """
        ).run()
        let answers = try Statement(
            connection,
            """
            DELETE FROM idempotency
            WHERE NOT EXISTS (SELECT 1 FROM runs WHERE id = json_extract(idempotency.response, '$.runId'))
            """
        ).run()
        return Leftovers(workflows: workflows, answers: answers)
    }
}

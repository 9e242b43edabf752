internal import JSON

extension MemoryJournal {
    package func runsEnded(_ filter: RetentionFilter, after key: Int64, limit: Int) -> [RunRecord] {
        let found = read { tables in
            tables.runs.values.filter { run in
                run.key > key && filter.matches(run) && !(run.parent.map { tables.keys[$0] != nil } ?? false)
            }
        }
        return Array(found.sorted { $0.key < $1.key }.prefix(limit))
    }

    package func sweep() -> Leftovers {
        let unused = read { tables in
            let used = Set(tables.runs.values.map { [$0.namespace, $0.workflow, $0.version] })
            return tables.workflows.filter { name, kept in
                !kept.row.isRegistered && !used.contains([name.namespace, name.name, name.version])
            }.map(\.key)
        }
        for name in unused { write { $0.removeWorkflow(name) } }
        let stale = read { tables in
            tables.answers.filter { tables.keys[$0.value.response["runId"]?.string ?? ""] == nil }.map(\.key)
        }
        for name in stale { write { $0.removeAnswer(name) } }
        return Leftovers(workflows: unused.count, answers: stale.count)
    }
}

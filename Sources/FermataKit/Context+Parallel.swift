import JSON
import WorkflowModel

extension Context {
    /// Does the same for each item, several at once. The steps' names begin with the item's place: `1.build`, `2.build`.
    ///
    /// What differs from branch to branch is written as Swift writes it, with `async let`.
    ///
    /// - Parameters:
    ///   - items: What it is done for.
    ///   - limit: How many at once.
    ///   - body: What is done, with a context of its own.
    /// - Returns: The results, in the order of the items.
    /// - Throws: The first failure, which withdraws the rest.
    public func parallel<Item: Sendable, Result: Sendable>(
        _ items: [Item], limit: Int = .max, _ body: @escaping @Sendable (Item, Context) async throws -> Result
    ) async throws -> [Result] {
        let results = try await gather(items.count, limit: limit, .failFast) { place in
            try await body(items[place], scoped("\(place + 1)"))
        }
        return try results.map { try $0.get() }
    }

    /// Does what waits for nothing more, at most `limit` at once, until all is settled.
    func gather<Value: Sendable>(
        _ count: Int, keys: [String] = [], after dependencies: Dependencies? = nil, limit: Int,
        _ strategy: FailureStrategy, _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Result<Value, WorkflowFailure>] {
        var fanOut = FanOut(
            items: Array(repeating: .null, count: count), keys: keys, dependencies: dependencies)
        var values: [Int: Value] = [:]
        let end: (any Error)? = await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
            while !fanOut.isDone {
                while let place = fanOut.nextToOpen(limit: max(limit, 1)) {
                    fanOut.open(place)
                    program.begin(in: &group) { (place, await Result.of { try await body(place) }) }
                }
                guard let (place, result) = await program.next(of: &group) else { break }
                switch result {
                case .success(let value):
                    values[place] = value
                    fanOut.settle(place, .succeeded(.null), duration: .zero)
                case .failure(let error) where strategy == .failFast || Task.isCancelled:
                    group.cancelAll()
                    while await program.next(of: &group) != nil {}
                    return error
                case .failure(let error):
                    fanOut.settle(place, .failed(Failure(error, kind: "workflow.failed")), duration: .zero)
                }
            }
            return nil
        }
        if let end { throw end }
        return fanOut.settled.enumerated().map { place, settled in
            if case .failed(let failure)? = settled?.outcome { return .failure(WorkflowFailure(failure)) }
            return .success(values[place]!)
        }
    }
}

// Each part of a group counts as something that the workflow does. Who waits for the group does nothing, and takes over from
// each part that ends.

extension ProgramExecution {
    fileprivate func begin<Value: Sendable>(
        in group: inout TaskGroup<Value>, _ body: @escaping @Sendable () async -> Value
    ) {
        note(strands: 1)
        group.addTask { await body() }
    }

    fileprivate func next<Value: Sendable>(of group: inout TaskGroup<Value>) async -> Value? {
        note(strands: -1)
        guard let value = await group.next() else {
            note(strands: 1)
            return nil
        }
        return value
    }
}

extension Result where Failure == any Error {
    nonisolated(nonsending) static func of(_ body: () async throws -> Success) async -> Self {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}

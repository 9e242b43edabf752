import JSON

/// `fermata config`
enum ConfigCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        let config = try context.withClient { try $0.call("config/get") }
        guard !context.arguments.has("json") else {
            context.write(json: config)
            return .completed
        }
        let screen = context.screen
        let fields = config["fields"]?.array ?? []
        // What is set one by one is shown so, and not once more as a whole.
        let whole = (config["settings"]?.array ?? []).filter { setting in
            let name = setting["name"]?.string ?? ""
            return !fields.contains {
                $0["name"]?.string?.hasPrefix(name + ".") ?? false || $0["name"] == setting["name"]
            }
                || setting["layer"] == "flag"
        }
        let single = fields.filter { field in !whole.contains { $0["name"] == field["name"] } }
        screen.lines(table(of: whole + single).lines(isColored: screen.isColored))
        screen.line()
        screen.lines(files(config["files"]?.array ?? []).lines(isColored: screen.isColored))
        return .completed
    }

    static func table(of settings: [JSONValue]) -> Table {
        Table(
            rows: settings.map { setting in
                let value = setting["value"] ?? .null
                return [
                    Cell((setting["name"]?.string ?? "").printable),
                    value.isNull ? Cell("–", .dim) : Cell((value.string ?? value.serialized()).printable),
                    Cell(setting["layer"]?.string ?? "", .dim),
                ]
            })
    }

    private static func files(_ files: [JSONValue]) -> Table {
        Table(
            rows: files.map { file in
                [
                    Cell(file["layer"]?.string ?? "", .dim), Cell((file["path"]?.string ?? "").printable),
                    Cell(file["isThere"]?.bool == true ? "" : "not there", .dim),
                ]
            })
    }
}

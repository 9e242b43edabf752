import Testing

@testable import Terminal

@Suite struct ArgumentsTests {
    private static let spec = CommandSpec(
        name: "make", summary: "Make things", operands: [.init(name: "FILE"), .init(name: "MORE", isOptional: true)],
        options: [
            .init(name: "fast", summary: "Hurry"), .init(name: "input", value: "JSON", summary: "The input"),
            .init(name: "label", value: "KEY=VALUE", summary: "A label", isRepeatable: true),
        ],
        perform: { _ in .completed })

    @Test(
        "Options stand anywhere, with their value behind them or after an equals sign",
        arguments: ["a --fast --input 1 b", "--input=1 a b --fast", "--fast a --input=1 -- b"])
    func sorts(line: String) throws {
        let arguments = try Arguments(line.split(separator: " ").map(String.init), for: Self.spec)
        #expect(arguments.operands == ["a", "b"])
        #expect(arguments.has("fast"))
        #expect(arguments["input"] == "1")
        #expect(!arguments.has("label"))
    }

    @Test("A repeatable option keeps all its values, and a value may begin with dashes or hold equals signs")
    func repeats() throws {
        let arguments = try Arguments(["a", "--label", "x=1", "--label=y=--2"], for: Self.spec)
        #expect(arguments.all("label") == ["x=1", "y=--2"])
    }

    @Test("A number below zero and a lone dash are operands; what follows two dashes is one, too")
    func operands() throws {
        #expect(try Arguments(["-1", "-"], for: Self.spec).operands == ["-1", "-"])
        #expect(try Arguments(["--", "--fast"], for: Self.spec).operands == ["--fast"])
    }

    @Test(
        "A slip is told in a sentence, with what to do",
        arguments: [
            ("", "fermata make needs FILE.", "Usage: fermata make FILE [MORE] [options]"),
            ("a b c", "fermata make does not take \"c\".", "Usage: fermata make FILE [MORE] [options]"),
            ("a --fats", "fermata make has no option --fats.", "Did you mean --fast?"),
            ("a --xyzzy", "fermata make has no option --xyzzy.", "See: fermata help make"),
            ("a -x", "fermata make has no option -x.", "See: fermata help make"),
            ("a --input", "--input needs a value: --input JSON.", nil),
            ("a --fast=1", "--fast takes no value.", nil),
            ("a --input 1 --input 2", "--input is given twice.", nil),
        ] as [(String, String, String?)])
    func complains(line: String, message: String, hint: String?) {
        let words = line.split(separator: " ").map(String.init)
        #expect(throws: Complaint.usage(message, hint: hint)) { try Arguments(words, for: Self.spec) }
    }

    @Test("Whoever asks for help need not know the operands")
    func help() throws {
        #expect(try Arguments(["--help"], for: Self.spec).has("help"))
        #expect(try Arguments(["-h"], for: Self.spec).has("help"))
    }
}

@Suite struct InvocationTests {
    @Test("No word, or an option first, asks to serve")
    func serves() throws {
        for words in [[], ["--store", "x.db", "--allow-commands"]] {
            guard case .serve(let settings) = try Program.invocation(words) else {
                Issue.record("\(words) is no command")
                continue
            }
            #expect(settings.store == (words.isEmpty ? nil : "x.db"))
            #expect(settings.allowsCommands == !words.isEmpty)
        }
    }

    @Test(
        "Help and version go by what people are used to type",
        arguments: [
            ("--help", "help", []), ("-h", "help", []), ("--version", "version", []), ("run --help", "help", ["run"]),
            ("help run", "help", ["run"]),
        ] as [(String, String, [String])])
    func standIns(line: String, command: String, operands: [String]) throws {
        let words = line.split(separator: " ").map(String.init)
        guard case .command(let spec, let arguments) = try Program.invocation(words) else {
            Issue.record("\(line) is a command")
            return
        }
        #expect(spec.name == command)
        #expect(arguments.operands == operands)
    }

    @Test(
        "An unknown command is told with the nearest one",
        arguments: [
            ("rnu", "Did you mean \"run\"?"), ("aprove", "Did you mean \"approve\"?"),
            ("Lits", "Did you mean \"list\"?"),
            ("frobnicate", "See: fermata help"),
        ])
    func suggests(word: String, hint: String) {
        #expect(throws: Complaint.usage("There is no command \"\(word)\".", hint: hint)) {
            try Program.invocation([word])
        }
    }

    @Test("Help tells every command, every option and every exit code, in lines that fit")
    func helpIsWhole() {
        for command in CommandTable.commands {
            #expect(Help.overview.contains("  \(command.name) "))
            let text = Help.text(for: command)
            for option in command.options { #expect(text.contains("--\(option.name)")) }
            for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
        }
        for code in ExitCode.allCases { #expect(Help.exitCodes.contains("\(code.rawValue) ")) }
    }
}

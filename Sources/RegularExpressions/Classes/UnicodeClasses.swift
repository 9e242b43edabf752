extension ScalarClass {
    /// What `\p{…}` stands for: a general category, a script, `Any`, and in ECMA-262 a binary property too.
    init?(unicodeName name: String, _ dialect: RegularExpression.Dialect) {
        let parts = name.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        switch (parts.count, dialect) {
        case (1, .re2):
            guard let found = Self.category(name) ?? Self.script(name) ?? Self.property(name) else { return nil }
            self = found
        case (1, .ecma):
            guard let found = Self.category(name) ?? Self.property(name) else { return nil }
            self = found
        case (2, .ecma):
            let isCategory = ["General_Category", "gc"].contains(parts[0])
            let isScript = ["Script", "sc", "Script_Extensions", "scx"].contains(parts[0])
            guard let found = isCategory ? Self.category(parts[1]) : isScript ? Self.script(parts[1]) : nil else {
                return nil
            }
            self = found
        default:
            return nil
        }
    }

    private static func category(_ name: String) -> ScalarClass? {
        let initial = groups[name] ?? name
        let members = categories.filter { short, long, _ in
            short == initial || long == initial || initial.utf8.count == 1 && short.hasPrefix(initial)
                || initial == "LC" && ["Lu", "Ll", "Lt"].contains(short)
        }
        let included = members.map(\.category)
        return included.isEmpty ? nil : ScalarClass { included.contains($0.generalCategory) }
    }

    private static func property(_ name: String) -> ScalarClass? {
        switch name {
        case "Any": ScalarClass([0...Unicode.Scalar.greatest])
        case "ASCII": ScalarClass([0...0x7F])
        case "Assigned": ScalarClass { $0.generalCategory != .unassigned }
        default: properties[name].map { ScalarClass($0) }
        }
    }

    private static let groups = [
        "Letter": "L", "Cased_Letter": "LC", "Mark": "M", "Combining_Mark": "M", "Number": "N", "Punctuation": "P",
        "punct": "P", "Symbol": "S", "Separator": "Z", "Other": "C", "digit": "Nd", "cntrl": "Cc",
    ]

    private static let categories: [(short: String, long: String, category: Unicode.GeneralCategory)] = [
        ("Lu", "Uppercase_Letter", .uppercaseLetter), ("Ll", "Lowercase_Letter", .lowercaseLetter),
        ("Lt", "Titlecase_Letter", .titlecaseLetter), ("Lm", "Modifier_Letter", .modifierLetter),
        ("Lo", "Other_Letter", .otherLetter), ("Mn", "Nonspacing_Mark", .nonspacingMark),
        ("Mc", "Spacing_Mark", .spacingMark), ("Me", "Enclosing_Mark", .enclosingMark),
        ("Nd", "Decimal_Number", .decimalNumber), ("Nl", "Letter_Number", .letterNumber),
        ("No", "Other_Number", .otherNumber), ("Pc", "Connector_Punctuation", .connectorPunctuation),
        ("Pd", "Dash_Punctuation", .dashPunctuation), ("Ps", "Open_Punctuation", .openPunctuation),
        ("Pe", "Close_Punctuation", .closePunctuation), ("Pi", "Initial_Punctuation", .initialPunctuation),
        ("Pf", "Final_Punctuation", .finalPunctuation), ("Po", "Other_Punctuation", .otherPunctuation),
        ("Sm", "Math_Symbol", .mathSymbol), ("Sc", "Currency_Symbol", .currencySymbol),
        ("Sk", "Modifier_Symbol", .modifierSymbol), ("So", "Other_Symbol", .otherSymbol),
        ("Zs", "Space_Separator", .spaceSeparator), ("Zl", "Line_Separator", .lineSeparator),
        ("Zp", "Paragraph_Separator", .paragraphSeparator), ("Cc", "Control", .control), ("Cf", "Format", .format),
        ("Cs", "Surrogate", .surrogate), ("Co", "Private_Use", .privateUse), ("Cn", "Unassigned", .unassigned),
    ]

    private static let properties: [String: Property] = [
        "ASCII_Hex_Digit": { $0.isASCIIHexDigit }, "AHex": { $0.isASCIIHexDigit }, "Alphabetic": { $0.isAlphabetic },
        "Alpha": { $0.isAlphabetic }, "Bidi_Control": { $0.isBidiControl }, "Bidi_Mirrored": { $0.isBidiMirrored },
        "Case_Ignorable": { $0.isCaseIgnorable }, "Cased": { $0.isCased }, "Dash": { $0.isDash },
        "Default_Ignorable_Code_Point": { $0.isDefaultIgnorableCodePoint }, "Deprecated": { $0.isDeprecated },
        "Diacritic": { $0.isDiacritic }, "Emoji": { $0.isEmoji }, "Emoji_Modifier": { $0.isEmojiModifier },
        "Emoji_Modifier_Base": { $0.isEmojiModifierBase }, "Emoji_Presentation": { $0.isEmojiPresentation },
        "Extender": { $0.isExtender }, "Grapheme_Base": { $0.isGraphemeBase },
        "Grapheme_Extend": { $0.isGraphemeExtend },
        "Hex_Digit": { $0.isHexDigit }, "Hex": { $0.isHexDigit }, "ID_Continue": { $0.isIDContinue },
        "IDC": { $0.isIDContinue }, "ID_Start": { $0.isIDStart }, "IDS": { $0.isIDStart },
        "Ideographic": { $0.isIdeographic }, "Join_Control": { $0.isJoinControl }, "Lowercase": { $0.isLowercase },
        "Lower": { $0.isLowercase }, "Math": { $0.isMath }, "Noncharacter_Code_Point": { $0.isNoncharacterCodePoint },
        "Pattern_White_Space": { $0.isPatternWhitespace }, "Quotation_Mark": { $0.isQuotationMark },
        "Radical": { $0.isRadical }, "Sentence_Terminal": { $0.isSentenceTerminal },
        "Soft_Dotted": { $0.isSoftDotted }, "Unified_Ideograph": { $0.isUnifiedIdeograph },
        "Uppercase": { $0.isUppercase }, "Upper": { $0.isUppercase },
        "Variation_Selector": { $0.isVariationSelector }, "White_Space": { $0.isWhitespace },
        "space": { $0.isWhitespace }, "XID_Continue": { $0.isXIDContinue }, "XID_Start": { $0.isXIDStart },
    ]
}

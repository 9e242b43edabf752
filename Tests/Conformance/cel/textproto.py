"""Reads protobuf's text format: as much of it as the CEL conformance suite uses."""

import re

TOKEN = re.compile(
    r"""[ \t\r\n]+ | \#[^\n]*
    | (?P<string> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' )
    | (?P<word> -?[A-Za-z0-9_.+]+(?:(?<=[eE])-[0-9]+)? | -\s*[A-Za-z0-9_.]+ )
    | (?P<extension> \[ [A-Za-z][A-Za-z0-9_.\-/]* \] )
    | (?P<sign> [{}<>:;,\[\]] )""",
    re.VERBOSE,
)

ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
LETTERS = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def unescape(literal):
    """The bytes that a quoted string stands for."""

    def replace(match):
        octal, byte, short, long, letter = match.groups()
        if octal:
            return bytes([int(octal, 8)])
        if byte:
            return bytes([int(byte, 16)])
        if short or long:
            return chr(int(short or long, 16)).encode()
        return LETTERS.get(letter, letter)

    return ESCAPE.sub(replace, literal[1:-1].encode())


def tokens(text):
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise ValueError(f"no token at line {text.count(chr(10), 0, position) + 1}")
        position = match.end()
        if match.lastgroup:
            yield match.lastgroup, match.group()
    yield "end", ""


class Reader:
    def __init__(self, text):
        self.tokens = list(tokens(text))
        self.position = 0

    def peek(self):
        return self.tokens[self.position]

    def take(self, sign=None):
        token = self.tokens[self.position]
        if sign is not None and token[1] != sign:
            return None
        self.position += 1
        return token

    def message(self, close):
        """A dictionary from each field's name to the list of its values."""
        fields = {}
        while not (self.take(close) if close else self.peek()[0] == "end"):
            name = self.take()[1]
            self.take(":")
            fields.setdefault(name, []).extend(self.values())
            self.take(",") or self.take(";")
        return fields

    def values(self):
        if not self.take("["):
            return [self.value()]
        values = []
        while not self.take("]"):
            values.append(self.value())
            self.take(",")
        return values

    def value(self):
        kind, text = self.take()
        if text == "{":
            return self.message("}")
        if text == "<":
            return self.message(">")
        if kind == "string":
            content = unescape(text)
            while self.peek()[0] == "string":
                content += unescape(self.take()[1])
            return content
        return text.replace(" ", "")


def parse(text):
    return Reader(text).message(None)

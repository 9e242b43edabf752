"""A case of the suite, put as a request; what JSON or a world without protobuf cannot say is `Skipped`."""

import base64
import json
import math
import re

MESSAGES = re.compile(
    r"TestAllTypes|GlobalEnum|cel\.expr\.|google\.protobuf\.(?!Timestamp\b|Duration\b)[A-Z]|\bproto\.|TestRequired"
)
KNOWN_TYPES = {
    "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type",
    "google.protobuf.Timestamp", "google.protobuf.Duration",
}  # fmt: skip


class Skipped(Exception):
    pass


class Case:
    def __init__(self, test):
        self.expression = test["expr"][0].decode()
        if MESSAGES.search(self.expression) or "object_value" in str(test.get("bindings")):
            raise Skipped("protobuf")
        if "disable_macros" in test:
            raise Skipped("macros switched off")
        if "check_only" in test or "typed_result" in test:
            raise Skipped("type checker")
        if "unknown" in test or "any_unknowns" in test:
            raise Skipped("unknowns")
        if test.get("container"):
            raise Skipped("container")
        self.bindings = {}
        for binding in test.get("bindings", []):
            self.bindings[binding["key"][0].decode()] = bound(binding["value"][0]["value"][0])
        self.fails = "eval_error" in test or "any_eval_errors" in test
        value = test.get("value", [{"bool_value": ["true"]}])[0]
        self.expected = None if self.fails else Expected(value)


def bound(value):
    """A value in the bindings of a request."""
    value = Expected(value)
    if not value.is_exact_in_json:
        raise Skipped("binding JSON cannot say")
    return value.json


class Expected:
    """A value of the suite: as JSON, as a literal of CEL, and by its type."""

    def __init__(self, value):
        ((self.kind, (content, *_)),) = value.items()
        read = getattr(self, "read_" + self.kind, None)
        if not read:
            raise Skipped("protobuf")
        self.is_json = self.is_exact_in_json = True
        self.json = None
        read(content)

    def read_null_value(self, _):
        self.literal, self.type = "null", "null_type"

    def read_bool_value(self, content):
        self.json, self.literal, self.type = content == "true", content, "bool"

    def read_int64_value(self, content):
        self.json = int(content, 0)
        self.literal, self.type = f"({self.json})", "int"

    def read_uint64_value(self, content):
        self.json = int(content, 0)
        self.literal, self.type, self.is_exact_in_json = f"{self.json}u", "uint", False

    def read_double_value(self, content):
        self.json, self.type = float(content), "double"
        finite = math.isfinite(self.json)
        self.is_json = self.is_exact_in_json = finite
        self.literal = f"({self.json!r})" if finite else f"double('{content.replace('inf', 'Infinity')}')"

    def read_string_value(self, content):
        self.json, self.type = content.decode(), "string"
        self.literal = json.dumps(self.json, ensure_ascii=False)

    def read_bytes_value(self, content):
        self.json, self.type, self.is_exact_in_json = base64.b64encode(content).decode(), "bytes", False
        self.literal = "b'" + "".join(f"\\x{byte:02x}" for byte in content) + "'"

    def read_type_value(self, content):
        name = content.decode()
        if name not in KNOWN_TYPES:
            raise Skipped("protobuf")
        self.literal, self.type, self.is_json, self.is_exact_in_json = name, "type", False, False

    def read_list_value(self, content):
        values = [Expected(value) for value in content.get("values", [])]
        self.json, self.type = [value.json for value in values], "list"
        self.literal = "[" + ", ".join(value.literal for value in values) + "]"
        self.inherit(values)

    def read_map_value(self, content):
        pairs = [(Expected(entry["key"][0]), Expected(entry["value"][0])) for entry in content.get("entries", [])]
        self.json, self.type = {key.json: value.json for key, value in pairs}, "map"
        self.literal = "{" + ", ".join(f"{key.literal}: {value.literal}" for key, value in pairs) + "}"
        self.inherit([value for _, value in pairs])
        if any(key.type != "string" for key, _ in pairs):
            self.is_json = self.is_exact_in_json = False

    def inherit(self, parts):
        self.is_json = all(part.is_json for part in parts)
        self.is_exact_in_json = all(part.is_exact_in_json for part in parts)

    def problem(self, answer):
        """What is wrong with an answer; None when it is right."""
        if not self.is_json:
            ok = answer.get("error", {}).get("data", {}).get("kind") == "expression.notJSON"
        else:
            ok = "result" in answer and answer["result"]["value"] == self.json
            ok = ok and isinstance(answer["result"]["value"], bool) == isinstance(self.json, bool)
        return None if ok else f"expected {self.literal}, and it gave {answer}"

    def questions(self, expression):
        """Expressions that must be true: JSON alone does not tell a uint from an int, and has no types."""
        # The expression may end in a comment.
        yield f"type(\n{expression}\n) == {self.type}"
        is_nan = self.type == "double" and math.isnan(self.json)
        yield f"string(\n{expression}\n) == 'NaN'" if is_nan else f"(\n{expression}\n) == {self.literal}"

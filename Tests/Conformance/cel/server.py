"""The executable, as a client meets it: JSON-RPC, a message a line."""

import json
import pathlib
import subprocess
import tempfile


class Server:
    def __init__(self, path):
        self.folder = tempfile.TemporaryDirectory()
        store = pathlib.Path(self.folder.name) / "runs.db"
        self.process = subprocess.Popen(
            [path, "--store", store], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.id = 0
        self.request("initialize", {"clientInfo": {"name": "conformance"}})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()
        self.folder.cleanup()

    def request(self, method, params):
        self.id += 1
        message = {"jsonrpc": "2.0", "id": self.id, "method": method, "params": params}
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self.id:
                return answer
        raise RuntimeError(f"it ended, and did not answer {message}")

    def evaluate(self, expression, bindings):
        """The answer, with `result` or `error`."""
        answer = self.request("expression/evaluate", {"expression": expression, "bindings": bindings})
        return {key: answer[key] for key in ("result", "error") if key in answer}

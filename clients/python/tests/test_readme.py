"""The programs that people begin from: the one in the README, and the examples."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

from support import ROOT


def program_of_readme() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- tested: release\.py -->\n```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found.group(1)


class Programs(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start(self, *arguments: Any) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def read_until(self, process: subprocess.Popen[str], line: str) -> list[str]:
        assert process.stdout is not None
        lines: list[str] = []
        for read in process.stdout:
            lines.append(read.rstrip("\n"))
            if read.startswith(line):
                return lines
        self.fail(f"It never said {line!r}: {lines}")

    def test_the_program_of_the_readme_is_killed_and_finishes(self) -> None:
        program = program_of_readme()
        self.assertLess(len([line for line in program.splitlines() if line.strip()]), 30)
        (self.folder / "release.py").write_text(program, encoding="utf-8")
        first = self.start("release.py", "v1")
        self.assertEqual(self.read_until(first, "Ship"), ["building v1", "Ship app-v1.tar?"])
        first.kill()
        first.wait()
        second = self.start("release.py", "v1")
        self.assertEqual(self.read_until(second, "Ship"), ["Ship app-v1.tar?"])
        output, _ = second.communicate("yes\n")
        self.assertEqual(output.splitlines(), ["publishing app-v1.tar", "app-v1.tar is out"])
        self.assertEqual(second.returncode, 0)

    def test_the_example_finds_links_that_lead_nowhere(self) -> None:
        (self.folder / "sub").mkdir()
        (self.folder / "index.md").write_text("[good](sub/page.md#part) [web](https://a.b/c) [bad](nowhere.md)")
        (self.folder / "sub" / "page.md").write_text("[up](../index.md) [${worse}](${worse}.md)")
        example = self.start(ROOT / "examples" / "check_links.py", ".")
        asked = self.read_until(example, "2 pages")
        self.assertEqual(asked[:2], ["- index.md: nowhere.md", "- sub/page.md: ${worse}.md"])
        output, _ = example.communicate("y\n")
        self.assertEqual(output, "2 pages, 2 broken links\n")
        self.assertIn("nowhere.md", (self.folder / "broken-links.md").read_text())
        again = self.start(ROOT / "examples" / "check_links.py", ".")
        output, _ = again.communicate()
        self.assertEqual(output, "2 pages, 2 broken links\n")


if __name__ == "__main__":
    unittest.main()

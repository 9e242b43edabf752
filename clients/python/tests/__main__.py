"""Runs all tests and ends with a line that counts them."""

import logging
import sys
import unittest
from pathlib import Path

# The tests' loops are in debug mode, which tells of every step that takes long.
logging.getLogger("asyncio").setLevel(logging.ERROR)
tests = unittest.defaultTestLoader.discover(str(Path(__file__).parent))
result = unittest.TextTestRunner().run(tests)
failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
skipped = len(result.skipped)
print(f"python: {result.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped", flush=True)
sys.exit(failed > 0 or result.testsRun == 0)

"""Drives `expression/evaluate` of the real executable with the public CEL conformance suite.

    python3 Tests/Conformance/cel --suite FOLDER --server PATH [--verbose] [FILE …]
"""

import argparse
import collections
import pathlib
import sys

from case import Case, Skipped
from server import Server
from textproto import parse

FILES = (
    "basic logic comparisons string lists fields integer_math fp_math macros parse conversions timestamps namespace plumbing"
).split()


def run(case, server):
    """None when the case passes, else what happened instead."""
    answer = server.evaluate(case.expression, case.bindings)
    if case.fails:
        kind = answer.get("error", {}).get("data", {}).get("kind", "")
        ok = kind in ("expression.evaluation", "expression.syntax")
        return None if ok else f"an error was expected, and it gave {answer}"
    problem = case.expected.problem(answer)
    if problem:
        return problem
    for question in case.expected.questions(case.expression):
        answer = server.evaluate(question, case.bindings)
        if answer.get("result") != {"value": True}:
            return f"{question!r} gave {answer}"
    return None


def cases(path):
    for section in parse(path.read_text(encoding="utf-8")).get("section", []):
        for test in section.get("test", []):
            yield section["name"][0].decode(), test


def main():
    parser = argparse.ArgumentParser(prog="cel", description=__doc__.splitlines()[0])
    parser.add_argument("--suite", required=True, type=pathlib.Path, help="the folder of the .textproto files")
    parser.add_argument("--server", required=True, help="the executable")
    parser.add_argument("--verbose", action="store_true", help="name each case that is skipped, too")
    parser.add_argument("files", nargs="*", default=FILES, help="names of files, without .textproto")
    options = parser.parse_args()

    total = collections.Counter()
    with Server(options.server) as server:
        for name in options.files:
            counts, reasons = collections.Counter(), collections.Counter()
            for section, test in cases(options.suite / f"{name}.textproto"):
                label = f"{name}/{section}/{test['name'][0].decode()}"
                try:
                    problem = run(Case(test), server)
                except Skipped as skipped:
                    counts["skipped"] += 1
                    reasons[str(skipped)] += 1
                    if options.verbose:
                        print(f"  skipped {label}: {skipped}")
                    continue
                counts["failed" if problem else "passed"] += 1
                if problem:
                    print(f"  FAILED {label}: {test['expr'][0].decode()!r}: {problem}")
            print_counts(name, counts, reasons)
            total += counts
    print_counts("all", total, {})
    ran = total["passed"] + total["failed"]
    print(f"{100 * total['passed'] / max(ran, 1):.2f} % of the {ran} cases that can be put to it")
    return 1 if total["failed"] else 0


def print_counts(name, counts, reasons):
    why = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    numbers = "  ".join(f"{counts[kind]:4} {kind}" for kind in ("passed", "failed", "skipped"))
    print(f"{name:14} {numbers}" + (f"  ({why})" if why else ""), flush=True)


sys.exit(main())

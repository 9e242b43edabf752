#!/usr/bin/env python3
"""Fermata in the modes in which other engines are measured, so that it stands in the same rounds as they do.

    fermata.py seq|conc|interrupt|block|recover --dir STORE [--n RUNS] [--k IN_FLIGHT] [--warm RUNS]

Three steps whose bodies are this program's functions, each returning about 200 bytes that are recorded before the next
begins. `block` leaves all runs in their second step and says {"ready": n}; `recover` finds them. A line of JSON comes
out. FERMATA names the executable.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import time

FILLER = "x" * 150


STEP = {"call": "step"}
THREE = {"name": "three", "flow": {
    "START": "a", "a": {**STEP, "next": "b"}, "b": {**STEP, "next": "c"}, "c": {**STEP, "next": "END"}}}
ASKING = {"name": "asking", "flow": {
    "START": "a", "a": {**STEP, "next": "ask"}, "ask": {"input": {"prompt": "Go on?"}, "next": "c"},
    "c": {**STEP, "next": "END"}}}


class Service:
    def __init__(self, folder, on_request=None):
        self.child = subprocess.Popen(
            [os.environ.get("FERMATA", "fermata"), "--store", os.path.join(folder, "fermata.db")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.last = 0
        self.on_request = on_request or self.perform
        self.ask("initialize", {
            "clientInfo": {"name": "rounds"}, "capabilities": {"steps": {"handlers": ["step"]}},
            "notifications": {"optOut": ["run/created", "run/progress", "step/started", "step/completed"]}})
        self.say({"method": "initialized"})

    def register(self):
        for document in (THREE, ASKING):
            self.ask("workflow/register", {"document": document})

    def say(self, message):
        self.child.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def request(self, method, params):
        self.last += 1
        self.say({"id": self.last, "method": method, "params": params})
        return self.last

    def messages(self):
        """What the service says, performing the steps it asks for."""
        while True:
            self.child.stdin.flush()
            line = self.child.stdout.readline()
            if not line:
                sys.exit("the service ended")
            message = json.loads(line)
            if "error" in message:
                sys.exit(line.decode())
            if message.get("method") == "step/execute":
                self.on_request(message)
            yield message

    def perform(self, message):
        self.last += 1
        result = {"step": message["params"]["stepId"], "run": message["params"]["runId"], "ok": True, "text": FILLER,
                  "n": 1000}
        self.say({"id": message["id"], "result": {"output": result}})

    def ask(self, method, params):
        number = self.request(method, params)
        return next(m["result"] for m in self.messages() if m.get("id") == number and "result" in m)

    def start(self, name, run):
        self.request("run/create", {"workflow": name, "runId": run, "start": True})

    def run_many(self, runs, in_flight):
        """Latencies in seconds."""
        waiting, begun, latencies = list(reversed(runs)), {}, []

        def more():
            if waiting:
                run = waiting.pop()
                begun[run] = time.perf_counter()
                self.start("three", run)

        for _ in range(in_flight):
            more()
        for message in self.messages():
            if message.get("method") == "run/completed":
                latencies.append(time.perf_counter() - begun.pop(message["params"]["runId"]))
                more()
                if len(latencies) == len(runs):
                    return latencies

    def interrupt_cycle(self, run):
        """Up to a question, which is answered, and to the end."""
        begin = time.perf_counter()
        self.start("asking", run)
        for message in self.messages():
            params = message.get("params", {})
            if message.get("method") == "execution/inputRequested":
                self.request("execution/respondInput", {"interactionId": params["interactionId"], "value": {}})
            elif message.get("method") == "run/completed" and params["runId"] == run:
                return time.perf_counter() - begin


def block(service, count):
    entered = 0

    def perform(message):
        nonlocal entered
        if message["params"]["stepId"] == "b":
            entered += 1
        else:
            service.perform(message)

    service.on_request = perform
    for number in range(count):
        service.start("three", f"blocked-{number}")
    for _ in service.messages():
        if entered == count:
            break
    print(json.dumps({"ready": count}), flush=True)
    time.sleep(3600)


def recover(folder, count, begin):
    entered, last, ended = 0, 0.0, 0

    def perform(message):
        nonlocal entered, last
        if message["params"]["stepId"] == "b":
            entered, last = entered + 1, time.monotonic()
        service.perform(message)

    service = Service(folder, perform)
    opened = time.monotonic()
    results = {service.request("run/result", {"runId": f"blocked-{number}"}) for number in range(count)}
    for message in service.messages():
        ended += message.get("id") in results and "result" in message
        if ended == count:
            break
    done = time.monotonic()
    return service, {
        "open_ms": round((opened - begin) * 1e3, 1), "all_resumed_ms": round((last - begin) * 1e3, 1),
        "all_done_ms": round((done - begin) * 1e3, 1), "after_open_ms": round((done - opened) * 1e3, 1),
        "step2_entries": entered}


def quantile(values, part):
    return sorted(values)[int(part * (len(values) - 1) + 0.5)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["seq", "conc", "interrupt", "block", "recover"])
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--k", type=int, default=100)
    parser.add_argument("--warm", type=int, default=5)
    parser.add_argument("--dir", required=True)
    parser.add_argument("--variant", default="")
    options = parser.parse_args()
    os.makedirs(options.dir, exist_ok=True)
    begin = float(os.environ.get("BENCH_T0", time.monotonic()))
    row = {"peer": "fermata", "mode": options.mode, "n": options.n}
    if options.mode == "recover":
        service, figures = recover(options.dir, options.n, begin)
        row.update(figures)
    else:
        service = Service(options.dir)
        row["open_ms"] = round((time.monotonic() - begin) * 1e3, 1)
        service.register()
        if options.mode == "block":
            return block(service, options.n)

        def several(name, count):
            runs = [f"{name}-{os.getpid()}-{number}" for number in range(count)]
            if options.mode == "interrupt":
                return [service.interrupt_cycle(run) for run in runs]
            return service.run_many(runs, options.k if options.mode == "conc" else 1)

        several("warm", options.warm)
        start = time.perf_counter()
        latencies = several("run", options.n)
        wall = time.perf_counter() - start
        row.update(runs_per_s=round(options.n / wall, 2), wall_s=round(wall, 3),
                   p50_ms=round(quantile(latencies, .5) * 1e3, 3), p99_ms=round(quantile(latencies, .99) * 1e3, 3))
        if options.mode == "conc":
            row["k"] = options.k
    row["max_rss_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    print(json.dumps(row), flush=True)
    service.child.stdin.close()
    service.child.wait()


if __name__ == "__main__":
    main()

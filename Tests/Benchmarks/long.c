// One run of very many steps: whether a step costs at its end what it did at its start, and how soon it goes on after a
// crash, however long its journal is.
#define _GNU_SOURCE
#include "bench.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS = 20 };

static const char step_result[] = "{\"output\":{\"text\":\"The change moves the retry into the caller.\"}}";

/// Performs so many steps of the run; the server's processor time a step, in microseconds.
static double perform(Peer *peer, int steps) {
    double before = processor_time_of(peer);
    Message message;
    for (int done = 0; done < steps;) {
        exchange(peer);
        while (next_message(peer, &message)) {
            if (message.is_error) fail("%.*s", (int)message.whole.length, message.whole.start);
            if (!equals(message.method, "step/execute")) continue;
            answer(peer, message.id, step_result);
            done++;
        }
    }
    return (processor_time_of(peer) - before) / steps * 1e6;
}

/// Waits until the next step is asked for, and leaves it.
static void await_step(Peer *peer) {
    Message message;
    while (true) {
        exchange(peer);
        while (next_message(peer, &message))
            if (equals(message.method, "step/execute")) return;
    }
}

static double milliseconds_to_state(Peer *peer, int seq) {
    char params[96];
    if (seq) snprintf(params, sizeof params, "{\"runId\":\"long\",\"atSeq\":%d}", seq);
    else snprintf(params, sizeof params, "{\"runId\":\"long\"}");
    double begin = now();
    call(peer, "run/state", params);
    return (now() - begin) * 1e3;
}

void measure_long(int steps) {
    if (steps < 10 * PARTS) fail("a long run has %d steps or more", 10 * PARTS);
    char document[512], params[128];
    snprintf(document, sizeof document,
             "{\"name\":\"long\",\"flow\":{\"START\":\"a\",\"a\":{\"call\":\"work\",\"set\":{\"n\":\"${iteration}\"},"
             "\"next\":[{\"when\":\"iteration > %d\",\"to\":\"END\"},{\"to\":\"a\"}]}}}", 2 * steps);
    snprintf(params, sizeof params,
             "{\"workflow\":\"long\",\"runId\":\"long\",\"start\":true,\"options\":{\"budget\":{\"maxSteps\":%d}}}",
             4 * steps);
    Store store = registered_store("long", document);
    Peer *peer = open_fermata(store.path, true);
    request(peer, "run/create", params);
    double first = perform(peer, steps / PARTS), last = first;
    for (int part = 1; part < PARTS; part++) last = perform(peer, steps / PARTS);
    await_step(peer);
    kill_peer(peer);
    report((Figure){.name = "a step at the end, at the start", .unit = "us", .value = last, .floor = first});
    report((Figure){.name = "on disk a step", .unit = "bytes", .value = bytes_on_disk(&store) / steps, .floor = NAN});

    double begin = now();
    peer = open_fermata(store.path, true);
    await_step(peer);
    double took = (now() - begin) * 1e3;
    Store empty = registered_store("empty", document);
    begin = now();
    Peer *other = open_fermata(empty.path, true);
    double floor = (now() - begin) * 1e3;
    end_peer(other);
    report((Figure){.name = "SIGKILL: spawn to the next attempt", .unit = "ms", .value = took, .floor = floor});
    double newest = milliseconds_to_state(peer, 0);
    report((Figure){.name = "run/state half way back, and now", .unit = "ms",
                    .value = milliseconds_to_state(peer, steps), .floor = newest});
    end_peer(peer);
}

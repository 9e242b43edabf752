// Runs that stand in their second step when the server is killed, and the server that finds them.
#define _GNU_SOURCE
#include "bench.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_RUNS = 1000000 };

/// Which run of ours a step/execute is about.
static int run_of(const Message *message, int runs) {
    Text id = member(message, "runId");
    int run = id.length > 4 ? atoi(id.start + 4) : -1;
    if (run < 0 || run >= runs) fail("no run of ours: %.*s", (int)message->whole.length, message->whole.start);
    return run;
}

/// Creates the runs and performs their first step. Gives back when all have been asked to perform the second.
static void bring_into_second_step(Peer *peer, int runs) {
    for (int run = 0; run < runs; run++) {
        char params[96];
        snprintf(params, sizeof params, "{\"workflow\":\"three\",\"runId\":\"run-%d\",\"start\":true}", run);
        request(peer, "run/create", params);
    }
    Message message;
    for (int standing = 0; standing < runs;) {
        exchange(peer);
        while (next_message(peer, &message)) {
            if (message.is_error) fail("%.*s", (int)message.whole.length, message.whole.start);
            if (!equals(message.method, "step/execute")) continue;
            if (equals(member(&message, "stepId"), "b")) standing++;
            else answer(peer, message.id, "{\"output\":{\"done\":true}}");
        }
    }
}

/// Waits until every run was asked once to perform this step in this attempt, and keeps the requests' ids.
static void await_step(Peer *peer, const char *step, int attempt, long *ids, int runs) {
    char number[16];
    snprintf(number, sizeof number, "%d", attempt);
    memset(ids, 0, sizeof *ids * (size_t)runs);
    Message message;
    for (int asked = 0; asked < runs;) {
        exchange(peer);
        while (next_message(peer, &message)) {
            if (!equals(message.method, "step/execute")) continue;
            int run = run_of(&message, runs);
            if (!equals(member(&message, "stepId"), step) || !equals(member(&message, "attempt"), number) || ids[run])
                fail("a step that was not due: %.*s", (int)message.whole.length, message.whole.start);
            ids[run] = strtol(message.id.start, NULL, 10);
            asked++;
        }
    }
}

static void answer_all(Peer *peer, const long *ids, int runs) {
    for (int run = 0; run < runs; run++) {
        char id[24];
        Text text = {id, (size_t)snprintf(id, sizeof id, "%ld", ids[run])};
        answer(peer, text, "{\"output\":{\"done\":true}}");
    }
}

void measure_recovery(int runs) {
    if (runs < 1 || runs > MOST_RUNS) fail("1 to %d runs can be recovered", MOST_RUNS);
    Store store = registered_store("recovery", three_calls);
    Peer *peer = open_fermata(store.path, true);
    bring_into_second_step(peer, runs);
    kill_peer(peer);

    static long ids[MOST_RUNS];
    double begin = now();
    peer = open_fermata(store.path, true);
    await_step(peer, "b", 2, ids, runs);
    double took = now() - begin;
    // What was recovered is worth something only when it goes on.
    answer_all(peer, ids, runs);
    await_step(peer, "c", 1, ids, runs);
    answer_all(peer, ids, runs);
    end_peer(peer);

    begin = now();
    Peer *echo = open_echo();
    double floor = now() - begin + measure_reload(runs);
    end_peer(echo);
    report((Figure){.name = "spawn to the last second attempt", .unit = "ms", .value = took * 1e3,
                    .floor = floor * 1e3});
}

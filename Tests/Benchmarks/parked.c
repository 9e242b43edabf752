// Many runs that wait for a person: what they cost a server that starts, and how soon one of them is answered.
#define _GNU_SOURCE
#include "bench.h"

#include <stdlib.h>
#include <unistd.h>

enum { IN_FLIGHT = 100, ANSWERS = 100, SPAWNS = 10 };

typedef struct {
    char id[64];
} Interaction;

static const char document[] =
    "{\"name\":\"parked\",\"flow\":{\"START\":\"ask\","
    "\"ask\":{\"approval\":{\"message\":\"Go on?\"},\"next\":\"END\"}}}";

/// Parks so many runs, and keeps the questions of some that lie apart.
static int park(Peer *peer, int runs, Interaction *kept) {
    int created = 0, parked = 0, count = 0;
    int apart = runs < ANSWERS ? 1 : runs / ANSWERS;
    Message message;
    while (parked < runs) {
        for (; created < runs && created - parked < IN_FLIGHT; created++)
            request(peer, "run/create", "{\"workflow\":\"parked\",\"start\":true}");
        exchange(peer);
        while (next_message(peer, &message)) {
            if (message.is_error) fail("%.*s", (int)message.whole.length, message.whole.start);
            if (!equals(message.method, "execution/approvalRequested")) continue;
            Text id = member(&message, "interactionId");
            if (parked++ % apart == 0 && count < ANSWERS)
                snprintf(kept[count++].id, sizeof kept->id, "%.*s", (int)id.length, id.start);
        }
    }
    return count;
}

static double milliseconds_to_start(const Store *store) {
    double begin = now();
    Peer *peer = start_fermata(store->path);
    handshake(peer, true);
    double took = now() - begin;
    end_peer(peer);
    return took * 1e3;
}

static double milliseconds_to_answer(Peer *peer, const Interaction *interaction) {
    char params[256];
    snprintf(params, sizeof params, "{\"interactionId\":\"%.63s\",\"decision\":\"approved\",\"approver\":\"bench\"}",
             interaction->id);
    double begin = now();
    call(peer, "execution/respondApproval", params);
    return (now() - begin) * 1e3;
}

void measure_parked(int runs) {
    Store full = registered_store("parked", document), empty = registered_store("empty", document);
    static Interaction kept[ANSWERS];
    Peer *peer = open_fermata(full.path, true);
    int count = park(peer, runs, kept);
    end_peer(peer);

    double starts[SPAWNS], floors[SPAWNS];
    for (int i = 0; i < SPAWNS; i++) {
        starts[i] = milliseconds_to_start(&full);
        floors[i] = milliseconds_to_start(&empty);
    }
    report((Figure){.name = "spawn to initialize answered, p50", .unit = "ms", .value = median(starts, SPAWNS),
                    .floor = median(floors, SPAWNS)});

    peer = open_fermata(full.path, true);
    Peer *other = open_fermata(empty.path, true);
    call(peer, "health/check", NULL);
    call(other, "health/check", NULL);
    sleep(1);
    report((Figure){.name = "resident after 1 s", .unit = "MiB", .value = resident_mib(peer),
                    .floor = resident_mib(other)});
    end_peer(other);

    double commit = 1e3 / measure_commits(options.seconds / 4).commits, times[ANSWERS];
    for (int i = 0; i < count; i++) times[i] = milliseconds_to_answer(peer, &kept[i]);
    end_peer(peer);
    report((Figure){.name = "the first answer", .unit = "ms", .value = times[0], .floor = commit});
    report((Figure){.name = "an answer, p50", .unit = "ms", .value = median(times, count), .floor = commit});
}

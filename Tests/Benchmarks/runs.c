// Durable runs of three steps, beside what one-row commits allow: a run alone costs four commits.
#define _GNU_SOURCE
#include "bench.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { COMMITS_A_RUN = 4, MOST_TIMES = 1 << 20, SLICES = 4, MOST_ALONE = 450000, MOST_BUSY = 380000 };

#define PROMPT \
    "Read the diff below with care, say in two sentences what it changes and why, then name the file that deserves " \
    "a second look and tell the reviewer what to ask."
#define AGENT_STEP(next) "{\"agent\":{\"model\":\"scripted/echo\"},\"prompt\":\"" PROMPT "\",\"next\":\"" next "\"}"
#define CALL_STEP(next) "{\"call\":\"bench/work\",\"with\":{\"item\":1},\"next\":\"" next "\"}"
#define THREE(STEP) \
    "{\"name\":\"three\",\"flow\":{\"START\":\"a\",\"a\":" STEP("b") ",\"b\":" STEP("c") ",\"c\":" STEP("END") "}}"

const char three_agents[] = THREE(AGENT_STEP), three_calls[] = THREE(CALL_STEP);

/// What the driver's handler leaves: an object of 200 bytes.
static const char step_result[] =
    "{\"output\":{\"text\":\"The change moves the retry into the caller, so that the attempt's number is known where "
    "it is logged; the file to look at again is the one that held the loop: ask who resets the delay......\"}}";
_Static_assert(sizeof step_result - 1 == 200 + sizeof "{\"output\":}" - 1, "a handler's output has 200 bytes");

typedef struct {
    int in_flight;
    double seconds; // no run is created after these
    long count;     // nor after so many
} Load;

typedef struct {
    long runs;
    double seconds, driver_share;
    double p50; // ms from run/create to run/completed, of runs alone
} Outcome;

/// What one message means for the runs under way: how many of them it ended.
static int receive(Peer *peer, const Message *message) {
    if (message->is_error || equals(message->method, "run/failed") || equals(message->method, "run/cancelled"))
        fail("%.*s", (int)message->whole.length, message->whole.start);
    if (equals(message->method, "step/execute")) answer(peer, message->id, step_result);
    return equals(message->method, "run/completed");
}

static Outcome drive(Peer *peer, Load load) {
    static double times[MOST_TIMES];
    long created = 0, ended = 0;
    double processor = processor_time(), begin = now(), last = begin;
    Message message;
    for (;;) {
        bool goes_on = last < begin + load.seconds;
        for (; goes_on && created < load.count && created - ended < load.in_flight; created++)
            request(peer, "run/create", "{\"workflow\":\"three\",\"start\":true}");
        if (ended == created) break;
        exchange(peer);
        long before = ended;
        while (next_message(peer, &message)) ended += receive(peer, &message);
        if (ended == before) continue;
        double time = now();
        if (ended <= MOST_TIMES) times[ended - 1] = (time - last) * 1e3;
        last = time;
    }
    double seconds = last - begin;
    return (Outcome){
        .runs = ended, .seconds = seconds, .driver_share = (processor_time() - processor) / seconds,
        .p50 = load.in_flight == 1 ? median(times, ended < MOST_TIMES ? (int)ended : MOST_TIMES) : NAN};
}

/// Runs and one-row commits by turns, since a disk is fast in one second and slow in the next.
typedef struct {
    double runs, floor; // a second, medians
    double p50, driver_share, bytes_a_run, bytes_floor;
} Comparison;

static Comparison compare(const char *document, int in_flight, bool quiet) {
    Store store = registered_store("runs", document);
    double empty = bytes_on_disk(&store), rates[SLICES], floors[SLICES + 1], times[SLICES], shares[SLICES];
    Peer *peer = open_fermata(store.path, quiet);
    long runs = drive(peer, (Load){in_flight, options.seconds, in_flight + 20}).runs;
    double bytes_a_commit = HUGE_VAL;
    for (int i = 0;; i++) {
        Floor floor = measure_commits(options.seconds / SLICES / 2);
        floors[i] = floor.commits / COMMITS_A_RUN;
        // An empty database has pages too: where many rows share them they weigh least.
        bytes_a_commit = fmin(bytes_a_commit, floor.bytes_a_commit);
        if (i == SLICES) break;
        Outcome outcome = drive(peer, (Load){in_flight, options.seconds / SLICES, LONG_MAX});
        rates[i] = (double)outcome.runs / outcome.seconds;
        times[i] = outcome.p50;
        shares[i] = outcome.driver_share;
        runs += outcome.runs;
    }
    end_peer(peer);
    return (Comparison){
        .runs = median(rates, SLICES), .floor = median(floors, SLICES + 1), .p50 = median(times, SLICES),
        .driver_share = median(shares, SLICES), .bytes_a_run = (bytes_on_disk(&store) - empty) / (double)runs,
        .bytes_floor = COMMITS_A_RUN * bytes_a_commit};
}

static void measure_load(const char *document, int in_flight, bool quiet) {
    Comparison all = compare(document, in_flight, quiet);
    Figure figure = {.unit = "1/s", .direction = HIGHER_IS_BETTER, .value = all.runs, .floor = all.floor,
                     .driver_share = all.driver_share};
    const char *told = quiet ? "run/completed alone told" : "every notification";
    snprintf(figure.name, sizeof figure.name, "runs, %s", told);
    report(figure);
    if (in_flight == 1) {
        figure = (Figure){.unit = "ms", .value = all.p50, .floor = 1e3 / all.floor};
        snprintf(figure.name, sizeof figure.name, "a run, p50, %s", told);
        report(figure);
    }
    if (!quiet)
        report((Figure){.name = "on disk a run", .unit = "B", .value = all.bytes_a_run, .floor = all.bytes_floor});
}

void measure_runs(int in_flight) {
    measure_load(three_agents, in_flight, false);
    measure_load(three_agents, in_flight, true);
}

void measure_handlers(int in_flight) {
    measure_load(three_calls, in_flight, false);
    measure_load(three_calls, in_flight, true);
}

/// The calls of fsync and fdatasync in a summary of strace; -1 when it cannot be read.
static long synced(const char *summary) {
    FILE *file = fopen(summary, "r");
    if (!file) return -1;
    long sum = -1, calls;
    char line[256], name[32];
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, " %*f %*f %*d %ld %31s", &calls, name) != 2 || !strstr(name, "sync")) continue;
        sum = (sum < 0 ? 0 : sum) + calls;
    }
    fclose(file);
    return sum;
}

/// What so many runs sync under strace, the start and the end of the server with them; -1 without strace.
static long syncs_of(int in_flight, long runs) {
    Store store = registered_store("syncs", three_agents);
    char summary[600];
    snprintf(summary, sizeof summary, "%s/strace.txt", options.folder);
    char *arguments[] = {"strace", "-f", "--seccomp-bpf", "-c", "-e", "trace=fsync,fdatasync", "-o", summary,
                         (char *)options.fermata, "--store", store.path, NULL};
    remove(summary);
    Peer *peer = start_peer(arguments);
    if (!peer) return -1;
    handshake(peer, true);
    notify(peer, "initialized");
    drive(peer, (Load){in_flight, HUGE_VAL, runs});
    end_peer(peer);
    return synced(summary);
}

void measure_syncs(int in_flight) {
    // Twice, so that what the start and the end sync falls out of the difference.
    long few = 10L * in_flight + 10, many = 6 * few;
    long before = syncs_of(in_flight, few), after = before < 0 ? -1 : syncs_of(in_flight, many);
    if (after < 0) {
        fprintf(stderr, "strace is not there, or may not trace: fdatasync is left out\n");
        return;
    }
    report((Figure){.name = "fdatasync a run", .value = (double)(after - before) / (double)(many - few),
                    .floor = (double)COMMITS_A_RUN / in_flight});
}

/// The instructions that so many runs take under callgrind, the start and the end of the server with them; -1 without it.
static long instructions_of(int in_flight, long runs) {
    Store store = registered_store("instructions", three_agents);
    char profile[600], option[640], line[256];
    snprintf(profile, sizeof profile, "%s/callgrind.out", options.folder);
    snprintf(option, sizeof option, "--callgrind-out-file=%s", profile);
    char *arguments[] = {"valgrind", "--quiet", "--tool=callgrind", option,
                         (char *)options.fermata, "--store", store.path, NULL};
    remove(profile);
    Peer *peer = start_peer(arguments);
    if (!peer) return -1;
    handshake(peer, true);
    notify(peer, "initialized");
    drive(peer, (Load){in_flight, HUGE_VAL, runs});
    end_peer(peer);
    FILE *file = fopen(profile, "r");
    long sum = -1;
    while (file && sum < 0 && fgets(line, sizeof line, file))
        if (sscanf(line, "summary: %ld", &sum) != 1 && sscanf(line, "totals: %ld", &sum) != 1) sum = -1;
    if (file) fclose(file);
    return sum;
}

void measure_instructions(int in_flight) {
    long few = 2L * in_flight + 100, many = few + 300;
    long before = instructions_of(in_flight, few), after = before < 0 ? -1 : instructions_of(in_flight, many);
    if (after < 0) {
        fprintf(stderr, "valgrind is not there: instructions are left out\n");
        return;
    }
    double count = (double)(after - before) / (double)(many - few);
    report((Figure){.name = "instructions a run", .value = count, .floor = NAN});
    // A guard, for they hardly vary: who makes a run dearer by a tenth means to, and says so here.
    if (count > (in_flight == 1 ? MOST_ALONE : MOST_BUSY)) fail("a run takes %.0f instructions: too many", count);
}

/// The processor time of the server that each of these runs took, in µs: the disk's moods do not show in it.
static double processor_time_a_run(Peer *peer, Load load) {
    double before = processor_time_of(peer);
    Outcome outcome = drive(peer, load);
    return (processor_time_of(peer) - before) / (double)outcome.runs * 1e6;
}

void measure_lasting(int runs) {
    Store store = registered_store("lasting", three_agents);
    Peer *peer = open_fermata(store.path, true);
    Load tenth = {100, HUGE_VAL, runs / 10}, most = {100, HUGE_VAL, runs * 8 / 10}, alone = {1, HUGE_VAL, 500};
    drive(peer, alone);
    double single = processor_time_a_run(peer, alone), busy = processor_time_a_run(peer, tenth);
    double memory = resident_mib(peer);
    drive(peer, most);
    report((Figure){.name = "processor time a run, at the end", .unit = "us",
                    .value = processor_time_a_run(peer, tenth), .floor = busy});
    report((Figure){.name = "processor time a run alone, at the end", .unit = "us",
                    .value = processor_time_a_run(peer, alone), .floor = single});
    report((Figure){.name = "resident, at the end", .unit = "MiB", .value = resident_mib(peer), .floor = memory});
    end_peer(peer);
}

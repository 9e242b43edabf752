// What a connection costs before any run: a start, a round trip, many requests at once, memory at rest.
#define _GNU_SOURCE
#include "bench.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

enum { SPAWNS = 25, BLOCKS = 8, TRIPS = 500, MOST_BYTES = 10000000 };

static double spawn_to_answer(Peer *(*start)(const char *), const char *store) {
    double begin = now();
    Peer *peer = start(store);
    handshake(peer, false);
    double took = now() - begin;
    end_peer(peer);
    return took * 1e3;
}

static Peer *start_echo_for(const char *store) {
    (void)store;
    return start_echo();
}

void measure_cold(int size) {
    (void)size;
    Store store = registered_store("cold", three_agents);
    double ours[SPAWNS], floors[SPAWNS];
    for (int i = 0; i < SPAWNS; i++) {
        ours[i] = spawn_to_answer(start_fermata, store.path);
        floors[i] = spawn_to_answer(start_echo_for, store.path);
    }
    report((Figure){.name = "spawn to initialize answered, p50", .unit = "ms", .value = median(ours, SPAWNS),
                    .floor = median(floors, SPAWNS)});
}

/// The times of sequential requests, in µs.
static void round_trips(Peer *peer, double *times, int count) {
    for (int i = 0; i < count; i++) {
        double begin = now();
        await_answer(peer, request(peer, "bench/unknown", NULL));
        times[i] = (now() - begin) * 1e6;
    }
}

static void compare_round_trips(const char *name) {
    Store store = registered_store("null", three_agents);
    Peer *ours = open_fermata(store.path, false), *echo = open_echo();
    Message refusal = await_answer(ours, request(ours, "bench/unknown", NULL));
    if (!refusal.is_error || !equals(member(&refusal, "code"), "-32601"))
        fail("an unknown method is not refused: %.*s", (int)refusal.whole.length, refusal.whole.start);
    static double times[BLOCKS * TRIPS], floors[BLOCKS * TRIPS];
    round_trips(ours, times, TRIPS);
    round_trips(echo, floors, TRIPS);
    for (int block = 0; block < BLOCKS; block++) {
        round_trips(ours, times + block * TRIPS, TRIPS);
        round_trips(echo, floors + block * TRIPS, TRIPS);
    }
    end_peer(ours);
    end_peer(echo);
    Figure figure = {.unit = "us", .value = median(times, BLOCKS * TRIPS), .floor = median(floors, BLOCKS * TRIPS)};
    snprintf(figure.name, sizeof figure.name, "%s", name);
    report(figure);
}

void measure_null(int size) {
    (void)size;
    compare_round_trips("round trip, p50");
    // Where the scheduler puts driver and server decides much of a round trip. On one core there is nothing to decide.
    cpu_set_t core;
    CPU_ZERO(&core);
    CPU_SET(sched_getcpu(), &core);
    if (sched_setaffinity(0, sizeof core, &core)) fail("this process cannot be kept on one core");
    compare_round_trips("round trip on one core, p50");
}

/// Answers a second to a request, with so many in flight.
static double answers_a_second(Peer *peer, const char *method, const char *params, int in_flight, double seconds) {
    long sent = 0, answered = 0;
    double begin = now(), end = begin + seconds;
    Message message;
    for (;;) {
        for (bool goes_on = now() < end; goes_on && sent - answered < in_flight; sent++)
            request(peer, method, params);
        if (answered == sent) break;
        exchange(peer);
        while (next_message(peer, &message)) answered += message.id.start != NULL;
    }
    return (double)answered / (now() - begin);
}

/// The rates of answers to a request, ours and the echo's by turns; the driver's share of a core.
typedef struct {
    double ours, floor, driver_share;
} Rates;

static Rates compare_rates(const char *method, const char *params, int in_flight) {
    Store store = registered_store("pipelined", three_agents);
    Peer *ours = open_fermata(store.path, false), *echo = open_echo();
    double rates[2], floors[2], processor = 0;
    for (int i = 0; i < 2; i++) {
        double before = processor_time();
        rates[i] = answers_a_second(ours, method, params, in_flight, options.seconds / 2);
        processor += processor_time() - before;
        floors[i] = answers_a_second(echo, method, params, in_flight, options.seconds / 2);
    }
    end_peer(ours);
    end_peer(echo);
    return (Rates){median(rates, 2), median(floors, 2), processor / options.seconds};
}

static void report_rates(const char *name, Rates rates, double scale, const char *unit) {
    Figure figure = {.direction = HIGHER_IS_BETTER, .value = rates.ours * scale, .floor = rates.floor * scale,
                     .driver_share = rates.driver_share};
    snprintf(figure.name, sizeof figure.name, "%s", name);
    snprintf(figure.unit, sizeof figure.unit, "%s", unit);
    report(figure);
}

void measure_pipelined(int in_flight) {
    report_rates("answers", compare_rates("bench/unknown", NULL, in_flight), 1, "1/s");
}

/// Requests whose params are read to the end, and of which nothing is computed.
void measure_json(int records) {
    static const char record[] =
        "{\"id\":\"0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41\",\"at\":\"2026-01-31T09:30:00.125Z\",\"score\":12.5,"
        "\"tags\":[\"a\",\"b\"],\"text\":\"A sentence with a \\\"quotation\\\", of no great length.\",\"ok\":true}";
    size_t capacity = (size_t)records * sizeof record + 64;
    char *params = malloc(capacity);
    if (!params) fail("out of memory");
    size_t length = (size_t)sprintf(params, "{\"expression\":\"1\",\"bindings\":{\"x\":[");
    for (int i = 0; i < records; i++) length += (size_t)sprintf(params + length, "%s%s", i ? "," : "", record);
    length += (size_t)sprintf(params + length, "]}}");
    report_rates("params read", compare_rates("expression/evaluate", params, 10), (double)length / 1e6, "MB/s");
    free(params);
}

void measure_cel(int numbers) {
    size_t capacity = (size_t)numbers * 12 + 256;
    char *params = malloc(capacity);
    if (!params) fail("out of memory");
    size_t length = (size_t)sprintf(
        params, "{\"expression\":\"x.map(n, n * 2).filter(n, n %% 3 == 0).size()\",\"bindings\":{\"x\":[");
    for (int i = 0; i < numbers; i++) length += (size_t)sprintf(params + length, "%s%d", i ? "," : "", i);
    sprintf(params + length, "]}}");
    report_rates("numbers mapped and filtered", compare_rates("expression/evaluate", params, 100), numbers, "1/s");
    free(params);
}

void measure_idle(int size) {
    (void)size;
    Store store = registered_store("idle", three_agents);
    Peer *ours = open_fermata(store.path, false), *echo = open_echo();
    sleep(1);
    report((Figure){.name = "resident after 1 s", .unit = "MiB", .value = resident_mib(ours),
                    .floor = resident_mib(echo)});
    long bytes = bytes_of_executable(ours);
    report((Figure){.name = "the executable", .unit = "MB", .value = (double)bytes / 1e6, .floor = NAN});
    end_peer(ours);
    end_peer(echo);
    // A guard, as for instructions.
    if (bytes > MOST_BYTES) fail("the executable has %ld bytes: too many", bytes);
}

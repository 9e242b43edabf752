// Measures the executable beside its floors, in rounds that visit every measurement once. README.md tells of each.
#define _GNU_SOURCE
#include "bench.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const Measurement measurements[] = {
    {"cold", "spawn to `initialize` answered, on an existing store", measure_cold, 0},
    {"null", "a request that is refused, round trip", measure_null, 0},
    {"pipelined", "the same with SIZE in flight", measure_pipelined, 1000},
    {"idle", "memory a second after `initialize`", measure_idle, 0},
    {"runs-1", "runs of three agent steps, SIZE in flight", measure_runs, 1},
    {"runs-100", "", measure_runs, 100},
    {"runs-1000", "", measure_runs, 1000},
    {"syncs-1", "fdatasync a run, SIZE in flight (with strace)", measure_syncs, 1},
    {"syncs-100", "", measure_syncs, 100},
    {"instructions-1", "instructions a run, SIZE in flight (with valgrind); fails where they are too many",
     measure_instructions, 1},
    {"instructions-100", "", measure_instructions, 100},
    {"handlers-1", "runs of three steps that the client hosts, SIZE in flight", measure_handlers, 1},
    {"handlers-100", "", measure_handlers, 100},
    {"handlers-1000", "", measure_handlers, 1000},
    {"streaming", "SIZE pieces of text that a model's service streams", measure_streaming, 200000},
    {"json", "requests that carry SIZE records", measure_json, 100},
    {"cel", "expressions over SIZE numbers", measure_cel, 100},
    {"lasting", "SIZE runs one after the other, 100 in flight: what the server keeps of them", measure_lasting, 50000},
    {"recovery", "SIZE runs after a SIGKILL in their second step", measure_recovery, 1000},
    {"parked", "SIZE runs that wait for a person", measure_parked, 10000},
    {"long", "one run of SIZE steps", measure_long, 100000},
};
enum { MEASUREMENTS = sizeof measurements / sizeof *measurements };

Options options = {.rounds = 3, .seconds = 4};

void fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    kill_all_peers();
    exit(EXIT_FAILURE);
}

double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

double processor_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int by_value(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double median(double *values, int count) {
    if (count == 0) return NAN;
    qsort(values, (size_t)count, sizeof *values, by_value);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

double quantile(double *values, int count, double share) {
    qsort(values, (size_t)count, sizeof *values, by_value);
    return values[(int)(share * (count - 1))];
}

static void usage(void) {
    puts("run [--only NAME[=SIZE],…] [--rounds N] [--seconds S] [--out FILE] [--folder FOLDER]\n"
         "  --only     these measurements; runs names runs-1, runs-100 and runs-1000\n"
         "  --rounds   how often each is made, in turn (3)\n"
         "  --seconds  how long each measurement of throughput lasts (4)\n"
         "  --out      appends a line of JSON a figure\n"
         "  --folder   where the stores are put, which decides what disk is measured\n");
    for (int i = 0; i < MEASUREMENTS; i++)
        printf("  %-14s %s\n", measurements[i].name, measurements[i].about);
}

/// Whether `only` chooses this measurement, by its name or its family's, and with which size.
static bool is_chosen(const Measurement *measurement, const char *only, int *size) {
    *size = measurement->size;
    if (!only) return true;
    size_t whole = strlen(measurement->name), family = strcspn(measurement->name, "-");
    for (const char *word = only; *word; word += *word == ',') {
        size_t length = strcspn(word, ",="), end = strcspn(word, ",");
        bool matches = (length == whole || length == family) && !strncmp(word, measurement->name, length);
        if (matches && end > length) *size = atoi(word + length + 1);
        if (matches) return true;
        word += end;
    }
    return false;
}

static void check_names(const char *only) {
    for (const char *word = only; word && *word; word += strcspn(word, ","), word += *word == ',') {
        char name[32];
        int size;
        snprintf(name, sizeof name, "%.*s", (int)strcspn(word, ",="), word);
        bool known = false;
        for (int i = 0; i < MEASUREMENTS; i++) known |= is_chosen(&measurements[i], name, &size);
        if (!known) fail("there is no measurement %s, see run --help", name);
    }
}

int main(int count, char **arguments) {
    const char *only = NULL, *out = NULL;
    for (int i = 1; i < count; i += 2) {
        const char *name = arguments[i], *value = arguments[i + 1];
        if (!strcmp(name, "--help")) return usage(), EXIT_SUCCESS;
        if (!value) fail("%s needs a value, see run --help", name);
        if (!strcmp(name, "--only")) only = value;
        else if (!strcmp(name, "--rounds")) options.rounds = atoi(value);
        else if (!strcmp(name, "--seconds")) options.seconds = atof(value);
        else if (!strcmp(name, "--out")) out = value;
        else if (!strcmp(name, "--folder")) options.folder = value;
        else if (!strcmp(name, "--fermata")) options.fermata = value;
        else if (!strcmp(name, "--echo")) options.echo = value;
        else fail("there is no option %s, see run --help", name);
    }
    check_names(only);
    signal(SIGPIPE, SIG_IGN);
    if (mkdir(options.folder, 0700) && errno != EEXIST) fail("%s: %s", options.folder, strerror(errno));
    FILE *lines = out ? fopen(out, "a") : NULL;
    if (out && !lines) fail("%s: %s", out, strerror(errno));

    bool succeeded = true;
    for (int round = 1; round <= options.rounds; round++) {
        for (int i = 0, size; i < MEASUREMENTS; i++) {
            if (!is_chosen(&measurements[i], only, &size)) continue;
            fprintf(stderr, "round %d of %d: %s\n", round, options.rounds, measurements[i].name);
            succeeded &= run_measurement(&measurements[i], size, round, lines);
        }
    }
    print_medians();
    return succeeded ? EXIT_SUCCESS : EXIT_FAILURE;
}

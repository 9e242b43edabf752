// Gathers figures from the processes that measure, writes them as JSON lines, and tells their medians.
#define _GNU_SOURCE
#include "bench.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_FIGURES = 10000, MOST_ROUNDS = 1000, SILENCE = 30 };

static Figure figures[MOST_FIGURES];
static int figure_count;

// In the process that measures: what it measures, and the pipe to the process that reports.
static Figure heading;
static int reporter;

void report(Figure figure) {
    memcpy(figure.measurement, heading.measurement, sizeof figure.measurement);
    figure.round = heading.round;
    if (figure.driver_share == 0) figure.driver_share = NAN;
    if (write(reporter, &figure, sizeof figure) != sizeof figure) fail("a figure was lost");
}

/// A server that says nothing for a while hangs. Only what a signal handler may do is done here.
static void watch(int signal) {
    static sig_atomic_t last = -1;
    if (exchanges != last) {
        last = exchanges;
        alarm(SILENCE);
        return;
    }
    static const char sentence[] = "nothing moved for 30 s\n";
    ssize_t written = write(STDERR_FILENO, sentence, sizeof sentence - 1);
    kill_all_peers();
    _exit(written < 0 ? signal : EXIT_FAILURE);
}

static void write_line(const Figure *figure, FILE *lines) {
    fprintf(lines, "{\"round\":%d,\"measurement\":\"%s\",\"figure\":\"%s\",\"unit\":\"%s\"", figure->round,
            figure->measurement, figure->name, figure->unit);
    fprintf(lines, ",\"better\":\"%s\",\"value\":%.6g", figure->direction == HIGHER_IS_BETTER ? "higher" : "lower",
            figure->value);
    if (!isnan(figure->floor))
        fprintf(lines, ",\"floor\":%.6g,\"ratio\":%.4g", figure->floor, figure->value / figure->floor);
    if (!isnan(figure->driver_share)) fprintf(lines, ",\"driverShare\":%.2f", figure->driver_share);
    fprintf(lines, "}\n");
    fflush(lines);
}

bool run_measurement(const Measurement *measurement, int size, int round, FILE *lines) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) fail("no pipe");
    pid_t process = fork();
    if (process < 0) fail("no process");
    if (process == 0) {
        close(ends[0]);
        reporter = ends[1];
        heading.round = round;
        snprintf(heading.measurement, sizeof heading.measurement, "%s", measurement->name);
        signal(SIGALRM, watch);
        alarm(SILENCE);
        measurement->measure(size);
        erase_stores();
        exit(EXIT_SUCCESS);
    }
    close(ends[1]);
    while (figure_count < MOST_FIGURES && read(ends[0], &figures[figure_count], sizeof *figures) == sizeof *figures) {
        if (lines) write_line(&figures[figure_count], lines);
        figure_count++;
    }
    close(ends[0]);
    int status;
    waitpid(process, &status, 0);
    if (status != 0) fprintf(stderr, "%s failed in round %d\n", measurement->name, round);
    return status == 0;
}

static bool is_same(const Figure *left, const Figure *right) {
    return !strcmp(left->measurement, right->measurement) && !strcmp(left->name, right->name);
}

static void print_row(const Figure *first) {
    double values[MOST_ROUNDS], floors[MOST_ROUNDS], ratios[MOST_ROUNDS], shares[MOST_ROUNDS];
    int count = 0;
    for (const Figure *figure = first; figure < figures + figure_count && count < MOST_ROUNDS; figure++) {
        if (!is_same(figure, first)) continue;
        values[count] = figure->value;
        floors[count] = figure->floor;
        ratios[count] = figure->value / figure->floor;
        shares[count++] = figure->driver_share;
    }
    printf("%-13s %-42s %10.4g", first->measurement, first->name, median(values, count));
    if (isnan(first->floor)) printf(" %10s %8s %-17s", "", "", "");
    if (!isnan(first->floor)) {
        double middle = median(ratios, count);
        char range[32];
        snprintf(range, sizeof range, "%.3g-%.3g", ratios[0], ratios[count - 1]);
        printf(" %10.4g %8.3g %-17s", median(floors, count), middle, range);
    }
    printf(" %-5s %-6s", first->unit, first->direction == HIGHER_IS_BETTER ? "higher" : "lower");
    if (!isnan(first->driver_share)) printf(" %4.0f %%", median(shares, count) * 100);
    putchar('\n');
}

void print_medians(void) {
    printf("\n%-13s %-42s %10s %10s %8s %-17s %-5s %-6s %s\n", "measurement", "figure", "ours", "floor", "ratio",
           "least-most", "unit", "better", "driver");
    for (int i = 0; i < figure_count; i++) {
        bool is_first = true;
        for (int j = 0; j < i; j++) is_first &= !is_same(&figures[j], &figures[i]);
        if (is_first) print_row(&figures[i]);
    }
}

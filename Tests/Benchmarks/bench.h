// What the parts of the driver share: options, the process at the other end of the pipes, messages, floors, figures.
#ifndef BENCH_H
#define BENCH_H

#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

// ---- bench.c

typedef struct {
    const char *fermata, *echo, *folder;
    int rounds;
    double seconds; // how long a measurement of throughput lasts
} Options;

typedef struct {
    const char *name, *about;
    void (*measure)(int size);
    int size; // what the measurement makes of it: runs in flight, runs parked; 0 when it has none
} Measurement;

extern Options options;

/// Ends the measurement: one sentence to stderr, and no server is left behind.
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
double now(void);
/// The seconds of processor time this process has taken.
double processor_time(void);
double median(double *values, int count);
/// The value that this share of them lies below.
double quantile(double *values, int count, double share);

// ---- report.c

typedef enum { LOWER_IS_BETTER, HIGHER_IS_BETTER } Direction;

typedef struct {
    char measurement[24], name[64], unit[12];
    Direction direction;
    double value;
    double floor;        // NAN when there is none
    double driver_share; // of one core, that the driver itself took; NAN when it does not matter
    int round;
} Figure;

/// Hands a figure of the running measurement to the report.
void report(Figure figure);
/// Runs a measurement in a process of its own and keeps its figures. False when it failed.
bool run_measurement(const Measurement *measurement, int size, int round, FILE *lines);
void print_medians(void);

// ---- message.c

/// A piece of a message, not terminated.
typedef struct {
    const char *start;
    size_t length;
} Text;

/// One line of the other side. A member that is absent has no start.
typedef struct {
    Text whole, method, id;
    bool is_error;
} Message;

Message read_message(const char *line, size_t length);
bool equals(Text text, const char *word);
/// The string or number that first stands behind `"name":` in a message. Fails when there is none.
Text member(const Message *message, const char *name);

// ---- peer.c

typedef struct {
    char *bytes;
    size_t start, end, capacity;
} Buffer;

/// A server that was started, and the two pipes to it.
typedef struct {
    pid_t process;
    int input, output;
    Buffer incoming, outgoing;
    long last_id;
} Peer;

/// Starts a server. Null when there is no such program.
Peer *start_peer(char *const arguments[]);
/// Closes its stdin and waits until it is gone.
void end_peer(Peer *peer);
/// Ends it as a crash would, with SIGKILL.
void kill_peer(Peer *peer);
void kill_all_peers(void);

/// Queues a request and gives its id. Without params when they are null.
long request(Peer *peer, const char *method, const char *params);
void notify(Peer *peer, const char *method);
void answer(Peer *peer, Text id, const char *result);
/// Counts calls of `exchange`, for a watchdog to see that something moves.
extern volatile sig_atomic_t exchanges;
/// Writes what is queued, as far as the pipe takes it, and reads what has come, at least one byte.
void exchange(Peer *peer);
/// The next whole message that was read. It is gone with the next `exchange`.
bool next_message(Peer *peer, Message *message);
/// Waits for the answer to a request and passes over everything before it. Fails when it is an error.
Message await_answer(Peer *peer, long id);
double resident_mib(const Peer *peer);
long bytes_of_executable(const Peer *peer);
/// The seconds of processor time the server has taken, all of its threads together.
double processor_time_of(const Peer *peer);

/// The server under test, started on a store, with `initialize` answered. Of a run's notifications a quiet one
/// sends only how it ended.
Peer *open_fermata(const char *store, bool quiet);
Peer *open_echo(void);
/// The same without the handshake.
Peer *start_fermata(const char *store);
Peer *start_echo(void);
void handshake(Peer *peer, bool quiet);
void call(Peer *peer, const char *method, const char *params);
void register_workflow(Peer *peer, const char *document);

// ---- floor.c

typedef struct {
    double commits;        // a second, one row each
    double bytes_a_commit; // on disk, after the database was closed
} Floor;

/// Commits rows to SQLite for so many seconds: WAL, synchronous=FULL, one row of 200 bytes a transaction.
Floor measure_commits(double seconds);
/// Opens a database that has so many rows, reads them and appends one for each in a single transaction; the seconds.
double measure_reload(int rows);

/// A folder of its own for one database, and the path of the database in it.
typedef struct {
    char folder[512], path[528];
} Store;

/// The store of that name, without its earlier content.
Store fresh_store(const char *name);
/// The same, with a workflow registered by the server under test, which is gone again.
Store registered_store(const char *name, const char *document);
/// Removes every store: done after a measurement that succeeded.
void erase_stores(void);
/// The bytes of all files in the folder of a store.
double bytes_on_disk(const Store *store);

// ---- the measurements

/// Three agent steps that say their prompt, and three steps that the driver performs.
extern const char three_agents[], three_calls[];

void measure_cold(int size);
void measure_null(int size);
void measure_pipelined(int size);
void measure_idle(int size);
void measure_runs(int size);
void measure_syncs(int size);
void measure_instructions(int size);
void measure_handlers(int size);
void measure_lasting(int size);
void measure_recovery(int size);
void measure_parked(int size);
void measure_streaming(int size);
void measure_long(int size);
void measure_json(int size);
void measure_cel(int size);

#endif

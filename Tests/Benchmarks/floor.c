// What the disk and SQLite allow: one-row commits, a reload, and the folders that stores live in.
#define _GNU_SOURCE
#include "bench.h"

#include <errno.h>
#include <ftw.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

static const char row[] =
    "{\"text\":\"Two hundred bytes stand for what a step leaves: a little text, a few numbers, and the names of the "
    "members that hold them, as they are kept in the row of one event beside its run and time..\"}";
_Static_assert(sizeof row - 1 == 200, "the row of the floor has 200 bytes");

static void execute(sqlite3 *database, const char *statement) {
    char *message = NULL;
    if (sqlite3_exec(database, statement, NULL, NULL, &message)) fail("SQLite: %s: %s", statement, message);
}

static void step(sqlite3 *database, sqlite3_stmt *statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) fail("SQLite: %s", sqlite3_errmsg(database));
    sqlite3_reset(statement);
}

static sqlite3 *open_database(const char *path) {
    sqlite3 *database;
    if (sqlite3_open(path, &database)) fail("SQLite: %s: %s", path, sqlite3_errmsg(database));
    execute(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                      "CREATE TABLE IF NOT EXISTS events(id INTEGER PRIMARY KEY, run INTEGER, at INTEGER, data TEXT)");
    return database;
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *text) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, text, -1, &statement, NULL)) fail("SQLite: %s", sqlite3_errmsg(database));
    return statement;
}

static void insert(sqlite3 *database, sqlite3_stmt *statement, int run) {
    sqlite3_bind_int(statement, 1, run);
    sqlite3_bind_text(statement, 2, row, sizeof row - 1, SQLITE_STATIC);
    step(database, statement);
}

static const char insertion[] = "INSERT INTO events(run, at, data) VALUES(?1, 1700000000000, ?2)";

Floor measure_commits(double seconds) {
    Store store = fresh_store("floor");
    sqlite3 *database = open_database(store.path);
    sqlite3_stmt *statement = prepare(database, insertion);
    int commits = 0;
    double start = now(), end = start;
    for (; end < start + seconds; end = now()) insert(database, statement, commits++);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return (Floor){commits / (end - start), bytes_on_disk(&store) / commits};
}

double measure_reload(int rows) {
    Store store = fresh_store("floor");
    sqlite3 *database = open_database(store.path);
    sqlite3_stmt *statement = prepare(database, insertion);
    execute(database, "BEGIN");
    for (int run = 0; run < rows; run++) insert(database, statement, run);
    execute(database, "COMMIT");
    sqlite3_finalize(statement);
    sqlite3_close(database);

    double start = now();
    database = open_database(store.path);
    sqlite3_stmt *reading = prepare(database, "SELECT run, data FROM events");
    int seen = 0;
    while (sqlite3_step(reading) == SQLITE_ROW) seen += sqlite3_column_bytes(reading, 1) == sizeof row - 1;
    sqlite3_finalize(reading);
    if (seen != rows) fail("SQLite gave %d rows of %d", seen, rows);
    statement = prepare(database, insertion);
    execute(database, "BEGIN");
    for (int run = 0; run < rows; run++) insert(database, statement, run);
    execute(database, "COMMIT");
    double took = now() - start;
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return took;
}

static double seen_bytes;

static int weigh(const char *path, const struct stat *status, int type, struct FTW *position) {
    (void)path, (void)position;
    if (type == FTW_F) seen_bytes += (double)status->st_size;
    return 0;
}

static int erase(const char *path, const struct stat *status, int type, struct FTW *position) {
    (void)status, (void)type, (void)position;
    return remove(path);
}

Store fresh_store(const char *name) {
    Store store;
    snprintf(store.folder, sizeof store.folder, "%s/stores/%s", options.folder, name);
    snprintf(store.path, sizeof store.path, "%s/store.db", store.folder);
    char stores[512];
    snprintf(stores, sizeof stores, "%s/stores", options.folder);
    mkdir(stores, 0700);
    nftw(store.folder, erase, 8, FTW_DEPTH | FTW_PHYS);
    if (mkdir(store.folder, 0700)) fail("%s: %s", store.folder, strerror(errno));
    return store;
}

void erase_stores(void) {
    char stores[512];
    snprintf(stores, sizeof stores, "%s/stores", options.folder);
    nftw(stores, erase, 8, FTW_DEPTH | FTW_PHYS);
}

Store registered_store(const char *name, const char *document) {
    Store store = fresh_store(name);
    Peer *peer = open_fermata(store.path, true);
    register_workflow(peer, document);
    end_peer(peer);
    return store;
}

double bytes_on_disk(const Store *store) {
    seen_bytes = 0;
    nftw(store->folder, weigh, 8, FTW_PHYS);
    return seen_bytes;
}

#include "CSQLite.h"

#include <string.h>

int fermata_sqlite_configure_memory(void) {
    int counting = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return counting != SQLITE_OK ? counting : sqlite3_config(SQLITE_CONFIG_PAGECACHE, (void *)0, 0, 0);
}

// SQLite writes a page of a commit in two calls, its frame's head and the page; a commit of three pages is six.

enum { ROOM = 1 << 16 };

typedef struct {
    sqlite3_file file; // what SQLite sees
    int gathers;
    unsigned char *gathered;
    int count;
    sqlite3_int64 start; // where in the file the first of them belongs
    sqlite3_file real;   // the system's, which goes on behind the end of this
} Log;

static sqlite3_file *real(sqlite3_file *file) { return &((Log *)file)->real; }

/// What cannot be written is told to whoever asked, and stays: whoever asks next is told so too, or it is written then. So a
/// commit has all its frames or fails, also where nobody minds that a read of its own did.
static int put_down(Log *log) {
    if (!log->count) return SQLITE_OK;
    int code = log->real.pMethods->xWrite(&log->real, log->gathered, log->count, log->start);
    if (code == SQLITE_OK) log->count = 0;
    return code;
}

static int log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 place) {
    Log *log = (Log *)file;
    if (log->count + count > ROOM || place != log->start + log->count) {
        int code = put_down(log);
        if (code != SQLITE_OK) return code;
    }
    if (log->gathers && !log->gathered) log->gathered = sqlite3_malloc(ROOM);
    if (!log->gathered || count > ROOM) return log->real.pMethods->xWrite(&log->real, bytes, count, place);
    if (!log->count) log->start = place;
    memcpy(log->gathered + log->count, bytes, (size_t)count);
    log->count += count;
    return SQLITE_OK;
}

static int log_sync(sqlite3_file *file, int flags) {
    int code = put_down((Log *)file);
    return code != SQLITE_OK ? code : real(file)->pMethods->xSync(real(file), flags);
}

static int log_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 place) {
    int code = put_down((Log *)file);
    return code != SQLITE_OK ? code : real(file)->pMethods->xRead(real(file), bytes, count, place);
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int code = put_down((Log *)file);
    return code != SQLITE_OK ? code : real(file)->pMethods->xTruncate(real(file), size);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size) {
    int code = put_down((Log *)file);
    return code != SQLITE_OK ? code : real(file)->pMethods->xFileSize(real(file), size);
}

/// What was not synced was never committed.
static int log_close(sqlite3_file *file) {
    sqlite3_free(((Log *)file)->gathered);
    return real(file)->pMethods->xClose(real(file));
}

static int log_lock(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }

static int log_unlock(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }

static int log_is_reserved(sqlite3_file *file, int *is) {
    return real(file)->pMethods->xCheckReservedLock(real(file), is);
}

static int log_control(sqlite3_file *file, int what, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), what, argument);
}

static int log_sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }

static int log_characteristics(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_is_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector_size,
    .xDeviceCharacteristics = log_characteristics,
};

static sqlite3_vfs gathering_files;
static int (*open_real)(sqlite3_vfs *, const char *, sqlite3_file *, int, int *);

static int open_file(sqlite3_vfs *files, const char *name, sqlite3_file *file, int flags, int *given) {
    if (!(flags & SQLITE_OPEN_WAL)) return open_real(files, name, file, flags, given);
    Log *log = (Log *)file;
    memset(log, 0, sizeof *log);
    int code = open_real(files, name, &log->real, flags, given);
    if (code != SQLITE_OK) return code;
    log->file.pMethods = &methods;
    // Where a write may harm what stands beside it SQLite fills a commit up, and writes on after the sync.
    log->gathers = log_characteristics(file) & SQLITE_IOCAP_POWERSAFE_OVERWRITE;
    return SQLITE_OK;
}

/// What a transaction gathered that was rolled back: were it written later, it could lie where another has committed since.
static void drop(void *connection) {
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(connection, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (code == SQLITE_OK && file && file->pMethods == &methods) ((Log *)file)->count = 0;
}

void fermata_sqlite_drop_what_is_rolled_back(sqlite3 *connection) { sqlite3_rollback_hook(connection, drop, connection); }

const char *fermata_sqlite_gathering(void) {
    sqlite3_vfs *files = sqlite3_vfs_find(NULL);
    if (!files) return NULL;
    gathering_files = *files;
    gathering_files.zName = "gathering";
    gathering_files.szOsFile += (int)sizeof(Log);
    gathering_files.xOpen = open_file;
    open_real = files->xOpen;
    return sqlite3_vfs_register(&gathering_files, 0) == SQLITE_OK ? gathering_files.zName : NULL;
}

#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H
#include <sqlite3.h>

/// Before anything else: SQLite does not count the memory it takes, which would lock and unlock a mutex each time, and takes
/// it for a page when it reads that page, not for twenty at once.
static inline int fermata_sqlite_configure_memory(void) {
    int counting = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return counting != SQLITE_OK ? counting : sqlite3_config(SQLITE_CONFIG_PAGECACHE, (void *)0, 0, 0);
}
#endif

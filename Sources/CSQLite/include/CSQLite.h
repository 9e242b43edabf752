// SQLite, and what it is told and given before it is used.
#ifndef CSQLITE_H
#define CSQLITE_H

#include <sqlite3.h>

/// Before anything else: SQLite does not count the memory it takes, which would lock and unlock a mutex each time, and
/// takes it for a page when it reads that page, not for twenty at once. SQLite's result code.
int fermata_sqlite_configure_memory(void);

/// Makes known a way to files that is SQLite's own, but for the log of a database: what is written there is gathered,
/// and goes to the file in one piece when SQLite syncs it, or asks anything else of it. So it is for connections that
/// sync every commit (`synchronous=FULL`), which SQLite does before it tells anybody of the commit. Its name; null when
/// SQLite does not take it.
const char *fermata_sqlite_gathering(void);

/// For a connection that was opened in this way: what was gathered of a transaction is forgotten when that is rolled back.
void fermata_sqlite_drop_what_is_rolled_back(sqlite3 *connection);

#endif

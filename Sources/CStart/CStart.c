// What stands in for parts of Swift's runtime and of SQLite in the executable, so that it is small and starts soon.

void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count);

/// Says what `CommandLine` has: the C library hands the arguments to whatever runs before `main`.
__attribute__((constructor)) static void take(int count, char **arguments) {
    _swift_stdlib_overrideUnsafeArgvArgc(arguments, count);
}

// A release calls `__wrap_x` wherever `x` was to be called, for the names after `--wrap` in Package.swift.

/// How many bytes it wrote of the name of a character. The names of all are half a megabyte, and nobody asks for one.
long __wrap__swift_stdlib_getScalarName(unsigned scalar, unsigned char *name, long capacity) {
    (void)scalar, (void)name, (void)capacity;
    return 0;
}

// Full-text search and R-trees, a third of a megabyte, of which every connection would be told. 0 says that all is well.
int __wrap_sqlite3Fts3Init(void *connection) { return (void)connection, 0; }
int __wrap_sqlite3Fts5Init(void *connection) { return (void)connection, 0; }
int __wrap_sqlite3RtreeInit(void *connection) { return (void)connection, 0; }

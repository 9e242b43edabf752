// What stands in for parts of Swift's runtime in the executable, so that it is small and starts soon.

void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count);

/// Says what `CommandLine` has: the C library hands the arguments to whatever runs before `main`.
__attribute__((constructor)) static void take(int count, char **arguments) {
    _swift_stdlib_overrideUnsafeArgvArgc(arguments, count);
}

/// Stands in for `_swift_stdlib_getScalarName` in a release (`--wrap`): how many bytes of the name of a character it wrote.
/// The names of all characters are half a megabyte, and nobody asks for one.
long __wrap__swift_stdlib_getScalarName(unsigned scalar, unsigned char *name, long capacity) {
    (void)scalar, (void)name, (void)capacity;
    return 0;
}

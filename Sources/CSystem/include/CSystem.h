// What Linux offers and Swift's Glibc module hides: functions behind _GNU_SOURCE, macros, and variadic calls.
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "Curl.h"

/// Two ends of a pipe, closed on exec. 0, or -1 with errno.
int fermata_pipe(int ends[2]);

/// Sends `signal` to this process when its parent dies. 0, or -1 with errno.
int fermata_die_with_parent(int signal);

/// A descriptor that becomes readable when process `pid` ends, closed on exec; -1 with errno.
int fermata_pidfd_open(pid_t pid);

/// Starts a program, looked up in our PATH, in `directory`, as the leader of a new process group, with default signal
/// handling and no descriptors but `streams`: its stdin (-1 for /dev/null), stdout and stderr. 0, or an error number.
int fermata_spawn(pid_t *pid, char *const arguments[], char *const environment[], const char *directory,
                  const int streams[3]);

/// `length` random bytes from the kernel. 0, or -1 with errno.
int fermata_random(void *bytes, size_t length);

/// Gives freed memory back to the system.
void fermata_trim_memory(void);

/// Takes an open-file-description lock on the whole of `descriptor`, without waiting.
/// 0, or -1 with errno EAGAIN when another holds it.
int fermata_lock(int descriptor);

/// 1 when somebody else holds the lock on `descriptor`, 0 when nobody does, -1 with errno.
int fermata_is_locked(int descriptor);

/// An inotify descriptor, non-blocking and closed on exec, that tells of writes in the folder `written`, and of files that
/// come, are touched, closed by who could write them, or go in the folder `used`; -1 with errno.
int fermata_watch(const char *written, const char *used);

/// Writes as much of `bytes` as `descriptor` takes without waiting: how many, 0 when none now; -1 with errno.
ssize_t fermata_write_now(int descriptor, const void *bytes, size_t count);

#endif

#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

int fermata_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int fermata_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }

int fermata_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int fermata_spawn(pid_t *pid, char *const arguments[], char *const environment[], const char *directory,
                  const int streams[3]) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    if ((error = posix_spawnattr_init(&attributes))) goto destroy_actions;

    error = streams[0] < 0 ? posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
                           : posix_spawn_file_actions_adddup2(&actions, streams[0], 0);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, streams[1], 1);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, streams[2], 2);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (!error) error = posix_spawn_file_actions_addchdir_np(&actions, directory);
    if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (!error) error = posix_spawnattr_setpgroup(&attributes, 0);
    if (!error)
        error = posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!error) error = posix_spawnp(pid, arguments[0], &actions, &attributes, arguments, environment);

    posix_spawnattr_destroy(&attributes);
destroy_actions:
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int fermata_random(void *bytes, size_t length) {
    unsigned char *next = bytes;
    while (length > 0) {
        ssize_t got = getrandom(next, length, 0);
        if (got < 0) {
            if (errno == EINTR) continue;
            return -1;
        }
        next += got;
        length -= (size_t)got;
    }
    return 0;
}

void fermata_trim_memory(void) { malloc_trim(0); }

int fermata_lock(int descriptor) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(descriptor, F_OFD_SETLK, &whole);
}

int fermata_is_locked(int descriptor) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(descriptor, F_OFD_GETLK, &whole) < 0) return -1;
    return whole.l_type != F_UNLCK;
}

int fermata_watch(const char *written, const char *used) {
    int descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (descriptor < 0) return -1;
    if (inotify_add_watch(descriptor, written, IN_MODIFY) < 0 ||
        inotify_add_watch(descriptor, used, IN_CREATE | IN_ATTRIB | IN_CLOSE_WRITE | IN_DELETE) < 0) {
        int kept = errno;
        close(descriptor);
        errno = kept;
        return -1;
    }
    return descriptor;
}

// Kernels before 6.4 know no RWF_NOWAIT for pipes. There a pipe that polls writable has a free page, which takes
// PIPE_BUF bytes without waiting.
ssize_t fermata_write_now(int descriptor, const void *bytes, size_t count) {
    struct iovec whole = {(void *)bytes, count};
    ssize_t written = pwritev2(descriptor, &whole, 1, -1, RWF_NOWAIT);
    if (written < 0 && (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL)) {
        struct pollfd room = {descriptor, POLLOUT, 0};
        if (poll(&room, 1, 0) <= 0) return 0;
        written = write(descriptor, bytes, count < PIPE_BUF ? count : PIPE_BUF);
    }
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    return written;
}

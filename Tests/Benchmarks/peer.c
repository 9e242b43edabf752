// The process at the other end of two pipes, and one JSON text a line through them.
#define _GNU_SOURCE
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MOST_PEERS = 8, LONGEST_EXIT = 10, A_READ = 1 << 16 };

volatile sig_atomic_t exchanges;

static pid_t alive[MOST_PEERS];

static void remember(pid_t from, pid_t to) {
    for (int i = 0; i < MOST_PEERS; i++) {
        if (alive[i] != from) continue;
        alive[i] = to;
        return;
    }
    fail("more than %d servers at once", MOST_PEERS);
}

Peer *start_peer(char *const arguments[]) {
    int input[2], output[2];
    if (pipe2(input, O_CLOEXEC) || pipe2(output, O_CLOEXEC)) fail("no pipe: %s", strerror(errno));
    char log[512];
    snprintf(log, sizeof log, "%s/stderr.log", options.folder);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    Peer *peer = calloc(1, sizeof *peer);
    int problem = posix_spawnp(&peer->process, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    peer->input = input[1];
    peer->output = output[0];
    if (problem) {
        close(peer->input);
        close(peer->output);
        free(peer);
        return NULL;
    }
    remember(0, peer->process);
    // A write never waits: a server that is writing itself would wait for us for ever.
    fcntl(peer->input, F_SETFL, O_NONBLOCK);
    return peer;
}

static void forget(Peer *peer) {
    remember(peer->process, 0);
    if (peer->input >= 0) close(peer->input);
    close(peer->output);
    free(peer->incoming.bytes);
    free(peer->outgoing.bytes);
    free(peer);
}

void end_peer(Peer *peer) {
    close(peer->input);
    peer->input = -1;
    // What it still has to say is read, or it could not leave.
    char rest[A_READ];
    struct pollfd ready = {.fd = peer->output, .events = POLLIN};
    for (double limit = now() + LONGEST_EXIT;;) {
        double left = limit - now();
        if (left <= 0) fail("the server did not exit within %d s after stdin was closed", LONGEST_EXIT);
        if (poll(&ready, 1, (int)(left * 1000) + 1) > 0 && read(peer->output, rest, sizeof rest) <= 0) break;
    }
    waitpid(peer->process, NULL, 0);
    forget(peer);
}

void kill_peer(Peer *peer) {
    kill(peer->process, SIGKILL);
    waitpid(peer->process, NULL, 0);
    forget(peer);
}

void kill_all_peers(void) {
    for (int i = 0; i < MOST_PEERS; i++)
        if (alive[i]) kill(alive[i], SIGKILL);
}

static void reserve(Buffer *buffer, size_t count) {
    if (buffer->start > 0 && (buffer->start == buffer->end || buffer->start > buffer->capacity / 2)) {
        memmove(buffer->bytes, buffer->bytes + buffer->start, buffer->end - buffer->start);
        buffer->end -= buffer->start;
        buffer->start = 0;
    }
    if (buffer->end + count <= buffer->capacity) return;
    buffer->capacity = (buffer->end + count) * 2;
    buffer->bytes = realloc(buffer->bytes, buffer->capacity);
    if (!buffer->bytes) fail("out of memory");
}

__attribute__((format(printf, 2, 3))) static void queue(Peer *peer, const char *format, ...) {
    va_list values;
    va_start(values, format);
    va_list again;
    va_copy(again, values);
    size_t count = (size_t)vsnprintf(NULL, 0, format, again);
    va_end(again);
    reserve(&peer->outgoing, count + 1);
    vsnprintf(peer->outgoing.bytes + peer->outgoing.end, count + 1, format, values);
    va_end(values);
    peer->outgoing.end += count;
}

long request(Peer *peer, const char *method, const char *params) {
    long id = ++peer->last_id;
    queue(peer, "{\"jsonrpc\":\"2.0\",\"id\":%ld,\"method\":\"%s\"%s%s}\n", id, method, params ? ",\"params\":" : "",
          params ? params : "");
    return id;
}

void notify(Peer *peer, const char *method) {
    queue(peer, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\"}\n", method);
}

void answer(Peer *peer, Text id, const char *result) {
    queue(peer, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":%s}\n", (int)id.length, id.start, result);
}

/// True when everything that was queued is on its way.
static bool flush(Peer *peer) {
    Buffer *buffer = &peer->outgoing;
    if (buffer->start == buffer->end) return true;
    ssize_t count = write(peer->input, buffer->bytes + buffer->start, buffer->end - buffer->start);
    if (count < 0 && errno != EAGAIN) fail("the server takes no more input: %s", strerror(errno));
    if (count > 0) buffer->start += (size_t)count;
    return buffer->start == buffer->end;
}

void exchange(Peer *peer) {
    exchanges++;
    while (!flush(peer)) {
        struct pollfd ready[] = {{peer->output, POLLIN, 0}, {peer->input, POLLOUT, 0}};
        poll(ready, 2, -1);
        if (ready[0].revents) break;
    }
    Buffer *buffer = &peer->incoming;
    reserve(buffer, A_READ);
    ssize_t count = read(peer->output, buffer->bytes + buffer->end, buffer->capacity - buffer->end);
    if (count == 0) fail("the server ended, see %s/stderr.log", options.folder);
    if (count < 0) fail("nothing can be read from the server: %s", strerror(errno));
    buffer->end += (size_t)count;
}

bool next_message(Peer *peer, Message *message) {
    Buffer *buffer = &peer->incoming;
    char *line = buffer->bytes + buffer->start;
    char *newline = buffer->start < buffer->end ? memchr(line, '\n', buffer->end - buffer->start) : NULL;
    if (!newline) return false;
    *message = read_message(line, (size_t)(newline - line));
    buffer->start += (size_t)(newline - line) + 1;
    return true;
}

Message await_answer(Peer *peer, long id) {
    Message message;
    for (;; exchange(peer)) {
        while (next_message(peer, &message)) {
            if (message.method.start || !message.id.start || strtol(message.id.start, NULL, 10) != id) continue;
            return message;
        }
    }
}

double resident_mib(const Peer *peer) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", peer->process);
    FILE *file = fopen(path, "r");
    if (!file) fail("the server is gone");
    long kibibytes = 0;
    while (fgets(line, sizeof line, file) && sscanf(line, "VmRSS: %ld", &kibibytes) != 1) {}
    fclose(file);
    return (double)kibibytes / 1024;
}

long bytes_of_executable(const Peer *peer) {
    char path[64];
    struct stat file;
    snprintf(path, sizeof path, "/proc/%d/exe", peer->process);
    if (stat(path, &file)) fail("the server is gone");
    return file.st_size;
}

double processor_time_of(const Peer *peer) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(peer->process, &clock) || clock_gettime(clock, &time)) fail("the server is gone");
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

Peer *start_fermata(const char *store) {
    char *arguments[] = {(char *)options.fermata, "--store", (char *)store, NULL};
    Peer *peer = start_peer(arguments);
    if (!peer) fail("%s cannot be started", options.fermata);
    return peer;
}

Peer *start_echo(void) {
    char *arguments[] = {(char *)options.echo, NULL};
    Peer *peer = start_peer(arguments);
    if (!peer) fail("%s cannot be started", options.echo);
    return peer;
}

void handshake(Peer *peer, bool quiet) {
    static const char others[] =
        "\"run/created\",\"run/statusChanged\",\"run/stateChanged\",\"run/progress\",\"step/started\","
        "\"step/completed\",\"step/failed\",\"step/decided\",\"agent/turned\",\"execution/log\","
        "\"execution/textDelta\",\"execution/thinkingDelta\"";
    char params[1024];
    snprintf(params, sizeof params,
             "{\"clientInfo\":{\"name\":\"bench\"},\"capabilities\":{\"steps\":{\"handlers\":[\"*\"]},"
             "\"notifications\":{\"optOut\":[%s]}}}",
             quiet ? others : "");
    call(peer, "initialize", params);
}

Peer *open_fermata(const char *store, bool quiet) {
    Peer *peer = start_fermata(store);
    handshake(peer, quiet);
    notify(peer, "initialized");
    return peer;
}

Peer *open_echo(void) {
    Peer *peer = start_echo();
    handshake(peer, false);
    notify(peer, "initialized");
    return peer;
}

void call(Peer *peer, const char *method, const char *params) {
    Message message = await_answer(peer, request(peer, method, params));
    if (message.is_error) fail("%s: %.*s", method, (int)message.whole.length, message.whole.start);
}

void register_workflow(Peer *peer, const char *document) {
    char params[4096];
    snprintf(params, sizeof params, "{\"document\":%s}", document);
    call(peer, "workflow/register", params);
}

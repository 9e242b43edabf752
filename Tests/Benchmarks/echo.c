// The floor of a server on two pipes: answers every line that has an id with null, everything of one read in one write.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CAPACITY = 1 << 20 };

static char incoming[CAPACITY], outgoing[CAPACITY];
static size_t pending;

static void flush(void) {
    for (size_t sent = 0; sent < pending;) {
        ssize_t count = write(STDOUT_FILENO, outgoing + sent, pending - sent);
        if (count <= 0) exit(1);
        sent += (size_t)count;
    }
    pending = 0;
}

static void answer(const char *line, size_t length) {
    const char *id = memmem(line, length, "\"id\":", 5);
    if (!id) return;
    id += 5;
    size_t rest = length - (size_t)(id - line), width = 0;
    while (width < rest && id[width] != ',' && id[width] != '}') width++;
    if (pending + width + 64 > CAPACITY) flush();
    pending += (size_t)sprintf(
        outgoing + pending, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":null}\n", (int)width, id);
}

int main(void) {
    size_t filled = 0;
    ssize_t count;
    while ((count = read(STDIN_FILENO, incoming + filled, CAPACITY - filled)) > 0) {
        filled += (size_t)count;
        char *line = incoming, *end = incoming + filled, *newline;
        while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
            answer(line, (size_t)(newline - line));
            line = newline + 1;
        }
        flush();
        filled = (size_t)(end - line);
        memmove(incoming, line, filled);
    }
}

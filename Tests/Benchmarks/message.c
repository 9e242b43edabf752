// Reads of a JSON-RPC message what the driver needs, and no more.
#define _GNU_SOURCE
#include "bench.h"

#include <string.h>

static const char *past_string(const char *quote, const char *end) {
    const char *at = quote + 1;
    while (at < end && *at != '"') at += *at == '\\' ? 2 : 1;
    return at + 1;
}

/// The string, without its quotes, or the number at `at`.
static Text scalar(const char *at, const char *end) {
    if (at < end && *at == '"') return (Text){at + 1, (size_t)(past_string(at, end) - at) - 2};
    const char *stop = at;
    while (stop < end && !strchr(",}] ", *stop)) stop++;
    return (Text){at, (size_t)(stop - at)};
}

/// Notifications are most of what comes and begin alike, so their other members need no scan. False for anything else.
static bool read_notification(Message *message) {
    static const char head[] = "{\"jsonrpc\":\"2.0\",\"method\":\"";
    Text line = message->whole;
    if (line.length < sizeof head || memcmp(line.start, head, sizeof head - 1)) return false;
    if (memmem(line.start, line.length, "\"id\":", 5)) return false;
    message->method = scalar(line.start + sizeof head - 2, line.start + line.length);
    return true;
}

Message read_message(const char *line, size_t length) {
    Message message = {.whole = {line, length}};
    if (read_notification(&message)) return message;
    const char *at = line, *end = line + length;
    for (int depth = 0; at < end;) {
        if (*at == '{' || *at == '[') depth++;
        if (*at == '}' || *at == ']') depth--;
        const char *after = *at == '"' ? past_string(at, end) : at + 1;
        if (depth == 1 && *at == '"' && after < end && *after == ':') {
            Text name = {at + 1, (size_t)(after - at) - 2};
            if (equals(name, "method")) message.method = scalar(after + 1, end);
            if (equals(name, "id")) message.id = scalar(after + 1, end);
            if (equals(name, "error")) message.is_error = true;
        }
        at = after;
    }
    return message;
}

bool equals(Text text, const char *word) {
    return text.start && text.length == strlen(word) && !memcmp(text.start, word, text.length);
}

Text member(const Message *message, const char *name) {
    char pattern[64];
    int width = snprintf(pattern, sizeof pattern, "\"%s\":", name);
    const char *found = memmem(message->whole.start, message->whole.length, pattern, (size_t)width);
    if (!found) fail("no member %s in %.*s", name, (int)message->whole.length, message->whole.start);
    return scalar(found + width, message->whole.start + message->whole.length);
}

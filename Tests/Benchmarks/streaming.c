// Text that a model's service streams: how much is relayed in a burst, and how old a piece is when it is paced.
#define _GNU_SOURCE
#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STAMP = 17, PACED = 2000, A_MILLISECOND = 1000000, MOST = 1 << 22 };

/// A service in a process of its own, which says when each piece was sent: digits and a blank.
typedef struct {
    int port;
    pid_t process;
} Service;

static void write_all(int socket, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(socket, bytes, count);
        if (written <= 0) _exit(1);
        bytes += written;
        count -= (size_t)written;
    }
}

static void stream(int socket, int pieces, long pause) {
    static char bytes[1 << 16];
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    static const char end[] = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    write_all(socket, head, sizeof head - 1);
    size_t filled = 0;
    for (int i = 0; i < pieces; i++) {
        if (pause) nanosleep(&(struct timespec){.tv_nsec = pause}, NULL);
        filled += (size_t)snprintf(bytes + filled, 256, "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\","
                                   "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%016.0f \"}}]}\n\n", now() * 1e6);
        if (pause || filled > sizeof bytes - 256) {
            write_all(socket, bytes, filled);
            filled = 0;
        }
    }
    write_all(socket, bytes, filled);
    write_all(socket, end, sizeof end - 1);
}

/// Reads a request to its end: a body that says how long it is.
static void read_request(int socket) {
    char text[1 << 16];
    for (size_t count = 0; count < sizeof text - 1;) {
        ssize_t got = read(socket, text + count, sizeof text - 1 - count);
        if (got <= 0) return;
        text[count += (size_t)got] = 0;
        char *body = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "content-length:");
        if (body && text + count >= body + 4 + (length ? atol(length + 15) : 0)) return;
    }
}

static Service start_service(int pieces, long pause) {
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 8)
        || getsockname(listener, (struct sockaddr *)&address, &size))
        fail("no service can be started: %s", strerror(errno));
    Service service = {ntohs(address.sin_port), fork()};
    if (service.process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {
            int connection = accept(listener, NULL, NULL);
            read_request(connection);
            stream(connection, pieces, pause);
            close(connection);
        }
    }
    close(listener);
    return service;
}

/// Reads the stream as it is, and looks for the ends of its lines; the seconds.
static double read_raw(Service service) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)service.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    static const char request[] = "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    double begin = now();
    if (connect(connection, (struct sockaddr *)&address, sizeof address)) fail("the service is gone");
    write_all(connection, request, sizeof request - 1);
    static char bytes[1 << 16];
    volatile long lines = 0;
    for (ssize_t count; (count = read(connection, bytes, sizeof bytes)) > 0;)
        for (char *at = bytes; (at = memchr(at, '\n', (size_t)(bytes + count - at))); at++) lines++;
    close(connection);
    return now() - begin;
}

/// Runs one agent on the service; the seconds until its run has ended, and how old each piece was when it came, in µs.
static double relay(Service service, const char *store, double *ages, int pieces) {
    char params[512];
    snprintf(params, sizeof params,
             "{\"clientInfo\":{\"name\":\"bench\"},\"config\":{\"providers\":{\"openai\":"
             "{\"baseURL\":\"http://127.0.0.1:%d/v1\"}}}}", service.port);
    Peer *peer = start_fermata(store);
    call(peer, "initialize", params);
    notify(peer, "initialized");
    double begin = now();
    request(peer, "run/create",
            "{\"start\":true,\"workflow\":{\"name\":\"s\",\"flow\":{\"START\":\"a\",\"a\":"
            "{\"agent\":{\"model\":\"openai/m\"},\"prompt\":\"go\",\"next\":\"END\"}}}}");
    Message message;
    int told = 0;
    for (bool goes_on = true; goes_on;) {
        exchange(peer);
        while (goes_on && next_message(peer, &message)) {
            if (message.is_error || equals(message.method, "run/failed"))
                fail("%.*s", (int)message.whole.length, message.whole.start);
            goes_on = !equals(message.method, "run/completed");
            if (!equals(message.method, "execution/textDelta")) continue;
            Text text = member(&message, "text");
            double moment = now() * 1e6;
            for (size_t at = 0; at + STAMP <= text.length && told < pieces; at += STAMP)
                ages[told++] = moment - strtod(text.start + at, NULL);
        }
    }
    double took = now() - begin;
    end_peer(peer);
    if (told != pieces) fail("%d of %d pieces were told", told, pieces);
    return took;
}

void measure_streaming(int pieces) {
    if (pieces < 1 || pieces > MOST) fail("1 to %d pieces can be streamed", MOST);
    static double ages[MOST];
    Store store = registered_store("streaming", three_agents);
    Service burst = start_service(pieces, 0), paced = start_service(PACED, A_MILLISECOND);
    double floor = read_raw(burst), took = relay(burst, store.path, ages, pieces);
    report((Figure){.name = "pieces relayed in a burst", .unit = "1/s", .direction = HIGHER_IS_BETTER,
                    .value = pieces / took, .floor = pieces / floor});
    relay(paced, store.path, ages, PACED);
    report((Figure){.name = "age of a piece at 1 ms, p50", .unit = "us", .value = quantile(ages, PACED, 0.5),
                    .floor = NAN});
    report((Figure){.name = "age of a piece at 1 ms, p99", .unit = "us", .value = quantile(ages, PACED, 0.99),
                    .floor = NAN});
    kill(burst.process, SIGKILL);
    kill(paced.process, SIGKILL);
}

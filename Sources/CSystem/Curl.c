#define _GNU_SOURCE
#include "Curl.h"

#include <dlfcn.h>
#include <pthread.h>

enum { GLOBAL_DEFAULT = 3, INFO_RESPONSE_CODE = 0x200000 + 2, MESSAGE_DONE = 1 };
enum { POST_FIELDS_SIZE = 60, COPY_POST_FIELDS = 10165, HTTP_HEADER = 10023 };

/// As libcurl lays it out.
typedef struct {
    int kind;
    void *easy;
    union {
        void *pointer;
        int code;
    } data;
} Message;

static struct {
    int (*global_init)(long flags);
    void *(*easy_init)(void);
    void (*easy_cleanup)(void *);
    int (*easy_setopt)(void *, int, ...);
    int (*easy_getinfo)(void *, int, ...);
    const char *(*easy_strerror)(int);
    void *(*slist_append)(void *, const char *);
    void (*slist_free_all)(void *);
    void *(*multi_init)(void);
    int (*multi_add_handle)(void *, void *);
    int (*multi_remove_handle)(void *, void *);
    int (*multi_perform)(void *, int *);
    int (*multi_poll)(void *, void *, unsigned, int, int *);
    int (*multi_wakeup)(void *);
    Message *(*multi_info_read)(void *, int *);
} curl;

static const char *problem;

static void open_library(void) {
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl-nss.so.4", "libcurl.so"};
    void *library = NULL;
    for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        problem = "libcurl is not on this system: install it (Debian and Ubuntu: apt-get install libcurl4)";
        return;
    }
    const struct { const char *name; void *place; } wanted[] = {
        {"curl_global_init", &curl.global_init}, {"curl_easy_init", &curl.easy_init},
        {"curl_easy_cleanup", &curl.easy_cleanup}, {"curl_easy_setopt", &curl.easy_setopt},
        {"curl_easy_getinfo", &curl.easy_getinfo}, {"curl_easy_strerror", &curl.easy_strerror},
        {"curl_slist_append", &curl.slist_append}, {"curl_slist_free_all", &curl.slist_free_all},
        {"curl_multi_init", &curl.multi_init}, {"curl_multi_add_handle", &curl.multi_add_handle},
        {"curl_multi_remove_handle", &curl.multi_remove_handle}, {"curl_multi_perform", &curl.multi_perform},
        {"curl_multi_poll", &curl.multi_poll}, {"curl_multi_wakeup", &curl.multi_wakeup},
        {"curl_multi_info_read", &curl.multi_info_read},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        void *found = dlsym(library, wanted[i].name);
        if (!found) {
            problem = "the system's libcurl is older than 7.68: update it";
            return;
        }
        *(void **)wanted[i].place = found;
    }
    if (curl.global_init(GLOBAL_DEFAULT) != 0) problem = "libcurl cannot be initialized";
}

const char *fermata_curl_open(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_library);
    return problem;
}

void *fermata_curl_easy(void) { return curl.easy_init(); }
void fermata_curl_end_easy(void *easy) { curl.easy_cleanup(easy); }
void fermata_curl_set_long(void *easy, int option, long value) { curl.easy_setopt(easy, option, value); }
void fermata_curl_set_text(void *easy, int option, const char *value) { curl.easy_setopt(easy, option, value); }
void fermata_curl_set_data(void *easy, int option, void *value) { curl.easy_setopt(easy, option, value); }
void fermata_curl_set_taker(void *easy, int option, fermata_curl_taker value) { curl.easy_setopt(easy, option, value); }
void fermata_curl_set_headers(void *easy, void *list) { curl.easy_setopt(easy, HTTP_HEADER, list); }

void fermata_curl_set_body(void *easy, const void *bytes, long count) {
    curl.easy_setopt(easy, POST_FIELDS_SIZE, count);
    curl.easy_setopt(easy, COPY_POST_FIELDS, bytes);
}

long fermata_curl_response_code(void *easy) {
    long code = 0;
    curl.easy_getinfo(easy, INFO_RESPONSE_CODE, &code);
    return code;
}

const char *fermata_curl_meaning(int code) { return curl.easy_strerror(code); }

void *fermata_curl_append(void *list, const char *line) { return curl.slist_append(list, line); }
void fermata_curl_end_list(void *list) { curl.slist_free_all(list); }

void *fermata_curl_multi(void) { return curl.multi_init(); }
void fermata_curl_add(void *multi, void *easy) { curl.multi_add_handle(multi, easy); }
void fermata_curl_remove(void *multi, void *easy) { curl.multi_remove_handle(multi, easy); }

void fermata_curl_perform(void *multi) {
    int running;
    curl.multi_perform(multi, &running);
}

void fermata_curl_poll(void *multi, int milliseconds) { curl.multi_poll(multi, NULL, 0, milliseconds, NULL); }
void fermata_curl_wake(void *multi) { curl.multi_wakeup(multi); }

void *fermata_curl_next_done(void *multi, int *code) {
    int left;
    for (Message *message; (message = curl.multi_info_read(multi, &left));) {
        if (message->kind != MESSAGE_DONE) continue;
        *code = message->data.code;
        return message->easy;
    }
    return NULL;
}

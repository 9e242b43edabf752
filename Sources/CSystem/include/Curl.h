// libcurl, opened when it is first needed. Its headers need not be there: the numbers of its options are its ABI. What
// Swift cannot call, functions with variable arguments, is wrapped a type each.
#ifndef CURL_H_OF_FERMATA
#define CURL_H_OF_FERMATA

#include <stddef.h>

/// Opens the system's libcurl once for the process. Null when all is well, else a sentence that says what is missing.
const char *fermata_curl_open(void);

/// What libcurl calls with bytes; the last argument is what was set as its data. Anything but all of them ends the transfer.
typedef size_t (*fermata_curl_taker)(char *bytes, size_t size, size_t count, void *data);

void *fermata_curl_easy(void);
void fermata_curl_end_easy(void *easy);
void fermata_curl_set_long(void *easy, int option, long value);
void fermata_curl_set_text(void *easy, int option, const char *value);
void fermata_curl_set_data(void *easy, int option, void *value);
void fermata_curl_set_taker(void *easy, int option, fermata_curl_taker value);
/// Copies `count` bytes as what a POST sends.
void fermata_curl_set_body(void *easy, const void *bytes, long count);
/// Sets the list of headers; the list lives until `fermata_curl_end_list`.
void fermata_curl_set_headers(void *easy, void *list);
long fermata_curl_response_code(void *easy);
/// What a result code means, in libcurl's words.
const char *fermata_curl_meaning(int code);

void *fermata_curl_append(void *list, const char *line);
void fermata_curl_end_list(void *list);

void *fermata_curl_multi(void);
void fermata_curl_add(void *multi, void *easy);
void fermata_curl_remove(void *multi, void *easy);
/// Moves all transfers on as far as they can without waiting.
void fermata_curl_perform(void *multi);
/// Waits until something can move, somebody wakes it, or the time has passed.
void fermata_curl_poll(void *multi, int milliseconds);
/// Safe from any thread.
void fermata_curl_wake(void *multi);
/// A transfer that is over, and its result code; null when no more are.
void *fermata_curl_next_done(void *multi, int *code);

#endif

// One run of very many steps: whether the last of them cost what the first did.
#include "bench.h"

#include <stdlib.h>

enum { FEW = 1000, MOST_STEPS = 1 << 24 };

void measure_long(int steps) {
    if (steps < 4 * FEW || steps > MOST_STEPS) fail("%d to %d steps can be measured", 4 * FEW, MOST_STEPS);
    Store store = fresh_store("long");
    Peer *peer = open_fermata(store.path, false);
    char params[512];
    snprintf(params, sizeof params,
             "{\"start\":true,\"options\":{\"budget\":{\"maxSteps\":%d}},\"workflow\":{\"name\":\"long\","
             "\"state\":{\"n\":0},\"flow\":{\"START\":\"a\",\"a\":{\"agent\":{\"model\":\"scripted/echo\"},"
             "\"prompt\":\"Again.\",\"set\":{\"n\":\"${state.n + 1}\"},"
             "\"next\":[{\"when\":\"state.n == %d\",\"to\":\"END\"},{\"to\":\"a\"}]}}}}", steps + 1, steps);
    request(peer, "run/create", params);
    // The server's processor time after the first steps, the next ones, all but the last ones, and all.
    double times[4] = {0};
    Message message;
    int done = 0;
    for (bool goes_on = true; goes_on;) {
        exchange(peer);
        while (goes_on && next_message(peer, &message)) {
            if (message.is_error || equals(message.method, "run/failed"))
                fail("%.*s", (int)message.whole.length, message.whole.start);
            goes_on = !equals(message.method, "run/completed");
            if (!equals(message.method, "step/completed")) continue;
            done++;
            int mark = done == FEW ? 0 : done == 2 * FEW ? 1 : done == steps - FEW ? 2 : done == steps ? 3 : -1;
            if (mark >= 0) times[mark] = processor_time_of(peer);
        }
    }
    if (done != steps) fail("the run had %d steps, not %d", done, steps);
    end_peer(peer);
    report((Figure){.name = "processor time a step, last 1,000", .unit = "us", .value = (times[3] - times[2]) / FEW * 1e6,
                    .floor = (times[1] - times[0]) / FEW * 1e6});
}

// Linked in all the ways that foliot_add_module sees to that it is not. It works all the same.
#include <foliot/job.hpp>

template <class T>
int& shared_with_others() {
    static int count = 0;
    return count;
}

int shown_to_others() { return ++shared_with_others<char>(); }

static void run(foliot::Context&) { shown_to_others(); }

FOLIOT_MODULE("links_badly", "1.0.0", module) { module.job<run>("run"); }

// Ends by itself after a while, whether it is cancelled or not.
#include <foliot/job.hpp>

#include <chrono>
#include <thread>

static void run(foliot::Context&) { std::this_thread::sleep_for(std::chrono::milliseconds(900)); }

FOLIOT_MODULE("ends_when_it_likes", "1.0.0", module) { module.job<run>("run"); }

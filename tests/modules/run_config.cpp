// Returns the configuration it was given; "refuse": true makes init fail.
#include <foliot/job.hpp>

#include <stdexcept>
#include <string>

struct Config {
    std::string greeting = "hello";
    int times = 1;
    bool refuse = false;
    std::string password;
    static constexpr auto schema() {
        using foliot::field;
        return foliot::fields(
            field("greeting", &Config::greeting).optional(), field("times", &Config::times).range(1, 9).optional(),
            field("refuse", &Config::refuse).optional(), field("password", &Config::password).optional().secret());
    }
};

static Config current;

static foliot::Object run(foliot::Context&) {
    return foliot::Object{}.set("greeting", current.greeting).set("times", current.times);
}

FOLIOT_MODULE("run_config", "1.0.0", module) {
    module.config<Config>([](const Config& config) {
        if (config.refuse) throw std::runtime_error("refused as configured");
        current = config;
    });
    module.job<run>("run");
}

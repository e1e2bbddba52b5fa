// The functions of module @NAME@, declared so that tests can call them.
#pragma once

#include <foliot/job.hpp>

#include <string>

struct GreetArgs {
    std::string name = "world";
    int times = 1;

    static constexpr auto schema() {
        using foliot::field;
        return foliot::fields(field("name", &GreetArgs::name).help("Whom to greet").optional(),
                              field("times", &GreetArgs::times).help("How often").range(1, 1000).optional());
    }
};

foliot::Object greet(foliot::Context& context, const GreetArgs& args);

/* For the fixtures that job.hpp would not let happen: the note and the descriptor by hand. */
#ifndef FOLIOT_FIXTURES_RAW_H
#define FOLIOT_FIXTURES_RAW_H

#include <foliot/abi.h>

#define RAW_NOTE(NAME, MAJOR, MINOR)                                                 \
    __attribute__((section(".note.foliot"), used, aligned(4))) static const struct { \
        uint32_t owner_size, payload_size, type;                                     \
        char owner[8];                                                               \
        uint16_t major, minor;                                                       \
        char text[sizeof(NAME "\0"                                                   \
                              "1.0.0")];                                             \
    } raw_note = {7,                                                                 \
                  4 + sizeof(NAME "\0"                                               \
                                  "1.0.0"),                                          \
                  1,                                                                 \
                  "foliot",                                                          \
                  MAJOR,                                                             \
                  MINOR,                                                             \
                  NAME                                                               \
                  "\0"                                                               \
                  "1.0.0"};

#define RAW_JOB(ID, NAME, META, RUN) static const foliot_job ID = {sizeof(foliot_job), 0, NAME, META, 0, RUN};

#define RAW_ENTRY(NAME, MAJOR, MINOR, ...)                                         \
    static const foliot_job* const raw_jobs[] = {__VA_ARGS__};                     \
    static const foliot_module raw_module = {sizeof(foliot_module),                \
                                             MAJOR,                                \
                                             MINOR,                                \
                                             NAME,                                 \
                                             "1.0.0",                              \
                                             "{}",                                 \
                                             sizeof raw_jobs / sizeof raw_jobs[0], \
                                             raw_jobs,                             \
                                             0,                                    \
                                             0};                                   \
    const foliot_module* foliot_module_v1(uint32_t host_minor) {                   \
        (void)host_minor;                                                          \
        return &raw_module;                                                        \
    }

static inline int32_t raw_ok(const foliot_job* job, const foliot_host* host, foliot_run* run) {
    (void)job, (void)host, (void)run;
    return FOLIOT_OK;
}

#endif

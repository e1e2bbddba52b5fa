/* The C boundary between a job module and the program that loads it ("the host").

   Only this header is binding. What is built on it (foliot/job.hpp) is source compiled into each module and may change.

   Rules, and why:
    1. The major version is part of the entry's name, so a host asks for the newest one it knows and a module may export
       several. It rises only when something is removed or changes its meaning.
    2. Within a major, structs grow at the tail only, values are appended, a field is never reused. A reader tests
       FOLIOT_HAS before it reads what came after minor 0: the other side may be older.
    3. A host accepts a module when the majors are equal and module.abi_minor <= host.abi_minor. A struct longer than
       the reader knows is fine, its tail is ignored: what a module needs is said by abi_minor, not by sizes.
    4. No array of structs by value, bitfield, bool, long, enum type, varargs or FILE*: their layout or their stride is
       the compiler's choice. An array of descriptors is an array of pointers.
    5. Whoever allocates frees. The host copies every string it is given before it returns. What a pointer is good for
       is one of: static; until run returns; until init returns.
    6. No exception crosses, in either direction: the two sides may be built by different compilers. A host that meets
       one all the same reports a broken module.
    7. [job-thread] is the thread that called run; [any-thread] may be called from several at once. A job may start
       threads and must have joined them when run returns, else they meet the next run.
    8. Optional powers are asked for by get_extension("foliot.<name>/<revision>"). An id never changes its meaning.
    9. The entry and the descriptor have no side effects: a host calls the entry merely to describe a module. Work that
       must be done once belongs into init, which runs only where jobs run.
   10. Locale, signal handlers, umask, working folder, descriptors 0 to 4 and exit() belong to the host.

   Text is UTF-8 and carries its length; it is not NUL-terminated unless it is a const char*. Times are microseconds
   since 1970-01-01 UTC, delays are microseconds. */
#ifndef FOLIOT_ABI_H
#define FOLIOT_ABI_H

#include <stddef.h>
#include <stdint.h>

#define FOLIOT_ABI_MAJOR 1
#define FOLIOT_ABI_MINOR 0

/* The least minor the module needs. An author may define a lower one to run on older hosts. */
#ifndef FOLIOT_TARGET_MINOR
#define FOLIOT_TARGET_MINOR FOLIOT_ABI_MINOR
#endif

#define FOLIOT_EXPORT __attribute__((visibility("default")))

/* Does *p, a struct of type T that begins with struct_size, reach as far as field f? */
#define FOLIOT_HAS(p, T, f) ((p)->struct_size >= offsetof(T, f) + sizeof((p)->f))

/* The module's identity is also an ELF note (section .note.foliot), so that a host can refuse a file without running
   any of it: owner "foliot", this type, payload u16 major, u16 minor, then name and version, each with its NUL. */
#define FOLIOT_NOTE_OWNER "foliot"
#define FOLIOT_NOTE_TYPE 1

#ifdef __cplusplus
extern "C" {
#endif

typedef struct foliot_str {
    const char* data; /* may be null when size is 0 */
    size_t size;
} foliot_str;

/* foliot_value.kind */
enum {
    FOLIOT_NULL = 0,
    FOLIOT_BOOL = 1,   /* as.i: 0 or 1 */
    FOLIOT_INT = 2,    /* as.i */
    FOLIOT_REAL = 3,   /* as.d */
    FOLIOT_STRING = 4, /* as.s: count bytes */
    FOLIOT_LIST = 5,   /* as.items: count values */
    FOLIOT_MAP = 6     /* as.items: 2 * count values: key, value, key, value...; keys are strings, each once */
};

/* A JSON value as the host read it. Host-owned, immutable, until run returns. Frozen: it is an array element. */
typedef struct foliot_value {
    uint32_t kind;
    uint32_t count;
    union {
        int64_t i;
        double d;
        const char* s;
        const struct foliot_value* items;
    } as;
} foliot_value;

/* What run and init return. Any other value is a fault of the module. */
enum {
    FOLIOT_OK = 0,
    FOLIOT_FAILED = 1,          /* tried again as the job's retry policy says */
    FOLIOT_FAILED_FOR_GOOD = 2, /* not tried again */
    FOLIOT_RETRY_AFTER = 3,     /* failed; tried again after set_delay; counts as an attempt */
    FOLIOT_SNOOZED = 4,         /* did not run yet; again after set_delay; counts as no attempt */
    FOLIOT_CANCELLED = 5        /* ended because it was told to */
};

/* foliot_host.log's level */
enum { FOLIOT_LOG_DEBUG = 0, FOLIOT_LOG_INFO = 1, FOLIOT_LOG_WARNING = 2, FOLIOT_LOG_ERROR = 3 };

/* foliot_host.cancel_state */
enum { FOLIOT_RUNNING = 0, FOLIOT_CANCEL_USER = 1, FOLIOT_CANCEL_TIMEOUT = 2, FOLIOT_CANCEL_SHUTDOWN = 3 };

/* One call of a function. Opaque, host-owned, until run returns. */
typedef struct foliot_run foliot_run;

typedef struct foliot_run_info {
    uint32_t struct_size;
    uint32_t attempt;      /* 1 is the first */
    uint32_t max_attempts; /* 1: no retries */
    uint32_t reserved;     /* 0 */
    int64_t scheduled_us;  /* the nominal time of the run; 0: none */
    int64_t deadline_us;   /* when the run times out; 0: never */
    foliot_str execution_id, job_id, job_name;
} foliot_run_info;

/* What a module may ask of the program that runs it. Host-owned, static. No function pointer is null. */
typedef struct foliot_host {
    uint32_t struct_size;
    uint16_t abi_major, abi_minor;
    const char *name, *version;

    /* [any-thread] Null when the host has no such extension. */
    const void* (*get_extension)(const struct foliot_host*, const char* id);

    /* [any-thread] Until run returns. */
    const foliot_run_info* (*info)(foliot_run*);

    /* [any-thread] The positional arguments: always a LIST. Until run returns. */
    const foliot_value* (*args)(foliot_run*);

    /* [any-thread] The named arguments: always a MAP. In init: the module's configuration. Until run returns. */
    const foliot_value* (*kwargs)(foliot_run*);

    /* [job-thread] An empty folder for this run alone, made by the first call, removed with all in it after the run.
       Empty text when it cannot be made. Until run returns. */
    foliot_str (*work_dir)(foliot_run*);

    /* [any-thread] One line of the run's log. fields_json: a JSON object, or empty. Written before it returns, so the
       lines before a crash survive it. */
    void (*log)(foliot_run*, int32_t level, foliot_str text, foliot_str fields_json);

    /* [any-thread] How far the run is, 0 to 1, or NaN when unknown. May be called often: the host thins it out. */
    void (*progress)(foliot_run*, double fraction, foliot_str note);

    /* [any-thread] FOLIOT_RUNNING, or why the run shall end. Cheap enough for inner loops. */
    int32_t (*cancel_state)(foliot_run*);

    /* [any-thread] A descriptor that becomes readable, and stays so, once the run is cancelled. For poll() only: the
       host reads and closes it. */
    int (*cancel_fd)(foliot_run*);

    /* [job-thread] The run's result, one JSON text. At most once in a run, with whatever outcome. */
    void (*set_result)(foliot_run*, foliot_str json);

    /* [job-thread] Why it failed: a short code for machines, a text for people. The last one counts. */
    void (*set_error)(foliot_run*, foliot_str code, foliot_str text);

    /* [job-thread] For FOLIOT_RETRY_AFTER and FOLIOT_SNOOZED. */
    void (*set_delay)(foliot_run*, int64_t us);
} foliot_host;

/* One function of a module. Module-owned, static. */
typedef struct foliot_job {
    uint32_t struct_size;
    uint32_t flags;        /* 0 */
    const char* name;      /* "function" of module:function: [A-Za-z_][A-Za-z0-9_]{0,63} */
    const char* meta_json; /* title, help, params, retry defaults: a JSON object, so that more of it needs no new ABI */
    void* user;            /* the module's own */
    int32_t (*run)(const struct foliot_job*, const foliot_host*, foliot_run*); /* [job-thread] */
} foliot_job;

/* A module. Module-owned, static. */
typedef struct foliot_module {
    uint32_t struct_size;
    uint16_t abi_major, abi_minor; /* minor: the least it needs */
    const char* name;              /* as its file is called, without ".so": [A-Za-z_][A-Za-z0-9_.-]{0,127} */
    const char* version;
    const char* meta_json; /* a JSON object; "config": the params of its configuration */
    size_t job_count;
    const foliot_job* const* jobs;

    /* [job-thread] Called once in a process, before its first run; never where a module is only described. May be null.
       Takes a foliot_run of its own: kwargs is the module's configuration, log and set_error work. Anything but
       FOLIOT_OK means that the module cannot be used. Pointers are good until init returns. */
    int32_t (*init)(const foliot_host*, foliot_run*);

    /* [job-thread] Called at most once, after the last run, when the process ends in good order. May be null. */
    void (*deinit)(void);
} foliot_module;

/* A module's one exported symbol: foliot_module_v1. The same pointer each time; null says "I need a newer host". */
typedef const foliot_module* (*foliot_entry_fn)(uint32_t host_minor);
FOLIOT_EXPORT const foliot_module* foliot_module_v1(uint32_t host_minor);

#ifdef __cplusplus
}
#define FOLIOT_LAYOUT_(what) static_assert(what, "the layout of the module ABI is frozen")
#else
#define FOLIOT_LAYOUT_(what) _Static_assert(what, "the layout of the module ABI is frozen")
#endif

FOLIOT_LAYOUT_(sizeof(void*) == 8 && sizeof(size_t) == 8 && sizeof(int) == 4);
FOLIOT_LAYOUT_(sizeof(foliot_str) == 16 && offsetof(foliot_str, size) == 8);
FOLIOT_LAYOUT_(sizeof(foliot_value) == 16 && offsetof(foliot_value, count) == 4 && offsetof(foliot_value, as) == 8);
FOLIOT_LAYOUT_(offsetof(foliot_run_info, attempt) == 4 && offsetof(foliot_run_info, max_attempts) == 8);
FOLIOT_LAYOUT_(offsetof(foliot_run_info, scheduled_us) == 16 && offsetof(foliot_run_info, deadline_us) == 24);
FOLIOT_LAYOUT_(offsetof(foliot_run_info, execution_id) == 32 && offsetof(foliot_run_info, job_id) == 48);
FOLIOT_LAYOUT_(offsetof(foliot_run_info, job_name) == 64 && sizeof(foliot_run_info) == 80);
FOLIOT_LAYOUT_(offsetof(foliot_host, abi_major) == 4 && offsetof(foliot_host, abi_minor) == 6);
FOLIOT_LAYOUT_(offsetof(foliot_host, name) == 8 && offsetof(foliot_host, version) == 16);
FOLIOT_LAYOUT_(offsetof(foliot_host, get_extension) == 24 && offsetof(foliot_host, info) == 32);
FOLIOT_LAYOUT_(offsetof(foliot_host, args) == 40 && offsetof(foliot_host, kwargs) == 48);
FOLIOT_LAYOUT_(offsetof(foliot_host, work_dir) == 56 && offsetof(foliot_host, log) == 64);
FOLIOT_LAYOUT_(offsetof(foliot_host, progress) == 72 && offsetof(foliot_host, cancel_state) == 80);
FOLIOT_LAYOUT_(offsetof(foliot_host, cancel_fd) == 88 && offsetof(foliot_host, set_result) == 96);
FOLIOT_LAYOUT_(offsetof(foliot_host, set_error) == 104 && offsetof(foliot_host, set_delay) == 112);
FOLIOT_LAYOUT_(sizeof(foliot_host) == 120);
FOLIOT_LAYOUT_(offsetof(foliot_job, flags) == 4 && offsetof(foliot_job, name) == 8);
FOLIOT_LAYOUT_(offsetof(foliot_job, meta_json) == 16 && offsetof(foliot_job, user) == 24);
FOLIOT_LAYOUT_(offsetof(foliot_job, run) == 32 && sizeof(foliot_job) == 40);
FOLIOT_LAYOUT_(offsetof(foliot_module, abi_major) == 4 && offsetof(foliot_module, abi_minor) == 6);
FOLIOT_LAYOUT_(offsetof(foliot_module, name) == 8 && offsetof(foliot_module, version) == 16);
FOLIOT_LAYOUT_(offsetof(foliot_module, meta_json) == 24 && offsetof(foliot_module, job_count) == 32);
FOLIOT_LAYOUT_(offsetof(foliot_module, jobs) == 40 && offsetof(foliot_module, init) == 48);
FOLIOT_LAYOUT_(offsetof(foliot_module, deinit) == 56 && sizeof(foliot_module) == 64);

#endif

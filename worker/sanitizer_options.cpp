// Under a sanitizer a worker still dies as its job dies: by the signal, with the status. What a job leaked when it
// called exit() is no news either.
#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __asan_default_options();   // NOLINT: the sanitizer's name for it
extern "C" const char* __asan_default_options() {  // NOLINT
    return "handle_segv=0:handle_abort=0:handle_sigill=0:handle_sigfpe=0:handle_sigbus=0:detect_leaks=0";
}
#endif

#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_options();   // NOLINT: the sanitizer's name for it
extern "C" const char* __tsan_default_options() {  // NOLINT
    return "handle_segv=0:handle_abort=0:handle_sigill=0:handle_sigfpe=0:handle_sigbus=0";
}
#endif

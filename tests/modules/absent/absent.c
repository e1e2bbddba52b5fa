/* The library that needs_absent_library cannot find. */
int foliot_absent(void);
int foliot_absent(void) { return 0; }

#define _GNU_SOURCE
#include "allocation_count.h"
#include <errno.h>
#include <stdlib.h>

#if defined(__linux__) && defined(__GLIBC__)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static _Thread_local long calls;

void *malloc(size_t size) {
    calls++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    calls++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    calls++;
    return __libc_realloc(memory, size);
}

long hearth_allocation_count(void) { return calls; }

#else

long hearth_allocation_count(void) { return -1; }

#endif

#ifdef __linux__

#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int counter = -1;

int hearth_instructions_begin(void) {
    struct perf_event_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    counter = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
    return counter < 0 ? errno : 0;
}

long long hearth_instructions(void) {
    long long value;
    if (counter < 0 || read(counter, &value, sizeof value) != sizeof value) return -1;
    return value;
}

#else

int hearth_instructions_begin(void) { return ENOSYS; }

long long hearth_instructions(void) { return -1; }

#endif

#define _GNU_SOURCE
#include "malloc_count.h"

#if defined(__linux__) && defined(__GLIBC__)

extern void *__libc_malloc(size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local long calls;

void *malloc(size_t size) {
    calls++;
    return __libc_malloc(size);
}

/* What Swift calls for objects that need more than the usual alignment. */
void *aligned_alloc(size_t alignment, size_t size) {
    calls++;
    return __libc_memalign(alignment, size);
}

long hearth_malloc_count(void) { return calls; }

#else

long hearth_malloc_count(void) { return -1; }

#endif

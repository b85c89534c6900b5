#ifndef HEARTH_MALLOC_COUNT_H
#define HEARTH_MALLOC_COUNT_H

#include <stdlib.h>

/* Allocations of the calling thread so far; -1 where they cannot be counted. For tests. */
long hearth_malloc_count(void);

#endif

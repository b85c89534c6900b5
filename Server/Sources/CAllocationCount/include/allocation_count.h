#ifndef HEARTH_ALLOCATION_COUNT_H
#define HEARTH_ALLOCATION_COUNT_H

/* Counts of the calling thread, for programs that measure themselves. A program that links this target has its allocations counted: the
   functions of the C library are wrapped, without anything being preloaded. */

/* Calls of malloc, calloc and realloc; -1 where the C library cannot be wrapped. */
long hearth_allocation_count(void);

/* Begins counting user-space instructions; 0, or the errno of why the system does not allow it. */
int hearth_instructions_begin(void);

/* Instructions since hearth_instructions_begin; -1 when they are not counted. */
long long hearth_instructions(void);

#endif

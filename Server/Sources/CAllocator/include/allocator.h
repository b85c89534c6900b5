#ifndef HEARTH_ALLOCATOR_H
#define HEARTH_ALLOCATOR_H

/* A program that links this target allocates with jemalloc on Linux, instead of with the C library's allocator.

   The storage engine allocates and frees some hundred kilobytes of small pieces for every commit, on threads that take turns. The C library's
   allocator merges and splits them anew each time; see Docs/adr/0013-small-commits.md for what that costs. */

#endif

#include "allocator.h"

#ifdef __linux__

/* jemalloc reads this when the program starts; the environment variable MALLOC_CONF goes before it.

   Memory that was freed goes back to the system after some seconds, also while the program is idle: a thread of jemalloc's own sees to it. Few
   arenas, because what lies unused in one is not there for the others. Pieces of more than 8 MB are no exception (oversize_threshold): by default
   they go back at once, and each large answer would get its memory page by page from the system. */
__attribute__((used, retain, visibility("default"))) const char *malloc_conf =
    "narenas:4,background_thread:true,oversize_threshold:0,dirty_decay_ms:4000,muzzy_decay_ms:0";

#endif

#include "allocator.h"

#ifdef __linux__

/* jemalloc reads this when the program starts; the environment variable MALLOC_CONF goes before it.

   Memory that was freed goes back to the system after a second, also while the program is idle: a thread of jemalloc's own sees to it. Few
   arenas, because what lies unused in one is not there for the others. */
__attribute__((used, retain, visibility("default"))) const char *malloc_conf =
    "narenas:4,background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";

#endif

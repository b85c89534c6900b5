#define _GNU_SOURCE
#include "without_descriptors.h"

#ifdef __linux__

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

/* No descriptor has this number (the kernel's limit is far below): reading it fails, which the dispatch library takes for a thread that
   does not run at the moment, and closing it does nothing. */
enum { no_descriptor = INT_MAX };

int open(const char *path, int flags, ...) {
    static const char threads[] = "/proc/self/task/";
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    int descriptor = openat(AT_FDCWD, path, flags, mode);
    if (descriptor == -1 && (errno == EMFILE || errno == ENFILE) && strncmp(path, threads, sizeof threads - 1) == 0) {
        return no_descriptor;
    }
    return descriptor;
}

#endif

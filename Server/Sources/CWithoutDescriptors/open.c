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

/* Whether it is the state of a thread by its number: /proc/NUMBER/stat. */
static int is_thread_state(const char *path) {
    static const char head[] = "/proc/";
    if (strncmp(path, head, sizeof head - 1) != 0) return 0;
    const char *number = path + sizeof head - 1;
    size_t digits = strspn(number, "0123456789");
    return digits > 0 && strcmp(number + digits, "/stat") == 0;
}

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    int descriptor = openat(AT_FDCWD, path, flags, mode);
    int is_short = descriptor == -1 && (errno == EMFILE || errno == ENFILE);
    return is_short && is_thread_state(path) ? no_descriptor : descriptor;
}

#endif

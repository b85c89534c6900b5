// Calls of the engine that may run out of memory while it has called us. The engine then throws a C++ exception, which must not pass through Swift:
// its frames would be left without releasing what they hold. Each function returns whether the call succeeded.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Puts text or a blob into a row of a vector. Text has to be valid UTF-8.
bool hearth_vector_assign_bytes(void *vector, uint64_t row, const char *bytes, uint64_t count);

/// Makes room for `capacity` elements of a list vector in all.
bool hearth_list_vector_reserve(void *vector, uint64_t capacity);

/// Sets the number of elements of a list vector.
bool hearth_list_vector_set_size(void *vector, uint64_t count);

/// Lets a vector have NULLs.
bool hearth_vector_make_nullable(void *vector);

#ifdef __cplusplus
}
#endif

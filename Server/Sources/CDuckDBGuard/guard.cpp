#include "duckdb_guard.h"

#include <duckdb.h>

namespace {

duckdb_vector handle(void *vector) { return static_cast<duckdb_vector>(vector); }

/// Whether `call` ended without an exception.
template <typename Call>
bool guarded(Call call) noexcept {
    try {
        return call();
    } catch (...) {
        return false;
    }
}

}  // namespace

bool hearth_vector_assign_bytes(void *vector, uint64_t row, const char *bytes, uint64_t count) {
    return guarded([=] {
        duckdb_unsafe_vector_assign_string_element_len(handle(vector), row, bytes, count);
        return true;
    });
}

bool hearth_list_vector_reserve(void *vector, uint64_t capacity) {
    return guarded([=] { return duckdb_list_vector_reserve(handle(vector), capacity) == DuckDBSuccess; });
}

bool hearth_list_vector_set_size(void *vector, uint64_t count) {
    return guarded([=] { return duckdb_list_vector_set_size(handle(vector), count) == DuckDBSuccess; });
}

bool hearth_vector_make_nullable(void *vector) {
    return guarded([=] {
        duckdb_vector_ensure_validity_writable(handle(vector));
        return true;
    });
}

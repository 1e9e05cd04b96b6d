#include "memory.h"

#include <stdint.h>

long allocations_left = -1;

static int fails(void) {
    if (allocations_left < 0) return 0;
    if (!allocations_left) return 1;
    allocations_left--;
    return 0;
}

void *zeroed(size_t count, size_t size) { return fails() ? NULL : calloc(count, size); }

void *resized(void *old, size_t count, size_t size) {
    return fails() || count > SIZE_MAX / size ? NULL : realloc(old, count * size);
}

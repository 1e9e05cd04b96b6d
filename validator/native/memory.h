/* Memory that can run out on purpose: tests make any allocation fail. */
#ifndef UCLINT_MEMORY_H
#define UCLINT_MEMORY_H

#include <stdlib.h>

/* How many allocations succeed before one fails; negative: all do, as far as the machine has memory. */
extern long allocations_left;

/* Both return NULL where there is no memory; what was there before stays. */
void *zeroed(size_t count, size_t size);
void *resized(void *old, size_t count, size_t size);

#endif

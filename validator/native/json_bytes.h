/* The bytes of JSON: types, small readers of memory, and what stands for "not here".
 *
 * Offsets count from the start of a block. Offset 0 stands for "no such thing": nothing that is looked for ends there. */
#ifndef UCLINT_JSON_BYTES_H
#define UCLINT_JSON_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* The JSON type of a value. Numbers with a fraction or an exponent are NUMBER, as Python has them. */
enum json_kind { ABSENT, STRING, INTEGER, NUMBER, BOOLEAN, NIL, OBJECT, ARRAY, KINDS };

static inline uint64_t read_8_bytes(const uint8_t *from) {
    uint64_t value;
    memcpy(&value, from, 8);
    return value;
}

static inline int is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }

#endif

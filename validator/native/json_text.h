/* Reads JSON (RFC 8259) from a line whose special bytes are known.
 *
 * LF ends every line and is no part of any token, so that nothing here runs past the end of a line. White space is only
 * passed over within a line. Each reader is given the offset where something begins and returns the offset after it; 0
 * where the text is not JSON. */
#ifndef UCLINT_JSON_TEXT_H
#define UCLINT_JSON_TEXT_H

#include "json_bytes.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "bits are read as bytes in little-endian order"
#endif

/* Deepest nesting that can be asked for. */
#define MOST_DEPTH 1024

struct text {
    const uint8_t *bytes;
    const uint64_t *special; /* the bits of `find_special_bytes` */
    uint32_t depth;          /* how deep arrays and objects may nest */
};

extern int8_t hex_values[256];       /* of a hex digit; -1 for other bytes */
extern uint8_t sizes_of_escapes[256]; /* by the byte after the backslash; 0 where that makes no escape */

void prepare_json_text(void);

static inline size_t skip_space(const uint8_t *bytes, size_t at) {
    if (LIKELY(bytes[at] > ' ')) return at;
    while (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r') at++;
    return at;
}

/* The bits from `at` on; at least 57 of them mean something. */
static inline uint64_t special_from(const struct text *text, size_t at) {
    return read_8_bytes((const uint8_t *)text->special + (at >> 3)) >> (at & 7);
}

/* Negative where one of the four bytes is not a hex digit. */
static inline int hex_number(const uint8_t *digits) {
    return (int)((uint32_t)hex_values[digits[0]] << 12 | (uint32_t)hex_values[digits[1]] << 8
                 | (uint32_t)hex_values[digits[2]] << 4 | (uint32_t)hex_values[digits[3]]);
}

/* From after the opening quote of a string to its closing one; sets `*escaped` where it has escapes. */
static inline size_t closing_quote(const struct text *text, size_t at, int *escaped) {
    const uint8_t *bytes = text->bytes;
    for (;;) {
        uint64_t special = special_from(text, at);
        if (UNLIKELY(!special)) {
            at = (at | 7) + 57;
            continue;
        }
        at += (size_t)__builtin_ctzll(special);
        if (LIKELY(bytes[at] == '"')) return at;
        if (bytes[at] != '\\') return 0;
        *escaped = 1;
        size_t size = sizes_of_escapes[bytes[at + 1]];
        if (!size || (size == 6 && (memchr(bytes + at + 2, '\n', 4) || hex_number(bytes + at + 2) < 0))) return 0;
        at += size;
    }
}

/* The quick way past `key":"text"`: from after the key's opening quote to the text's closing one, and in `*key_end` the
 * key's; 0 where something else stands there. What bounds the speed is how soon the next offset is known: here, two are
 * found in one step. */
static inline size_t pair_of_strings(const struct text *text, size_t at, size_t *key_end) {
    const uint8_t *bytes = text->bytes;
    uint64_t first = special_from(text, at), third = first & (first - 1);
    third &= third - 1;
    if (UNLIKELY(!third)) return 0;
    size_t middle = *key_end = at + (size_t)__builtin_ctzll(first), end = at + (size_t)__builtin_ctzll(third);
    if (UNLIKELY(bytes[middle] != '"' || bytes[middle + 1] != ':' || bytes[middle + 2] != '"')) return 0;
    return LIKELY(bytes[end] == '"') ? end : 0;
}

/* From the opening quote of a key to its value; sets `*key_end` to its closing quote. */
static inline size_t value_of_key(const struct text *text, size_t at, size_t *key_end, int *escaped) {
    if (text->bytes[at] != '"' || !(*key_end = closing_quote(text, at + 1, escaped))) return 0;
    at = skip_space(text->bytes, *key_end + 1);
    return text->bytes[at] == ':' ? skip_space(text->bytes, at + 1) : 0;
}

static inline size_t number_end(const uint8_t *bytes, size_t at) {
    if (bytes[at] == '-') at++;
    if (bytes[at] == '0') at++;
    else if (is_digit(bytes[at])) while (is_digit(bytes[at])) at++;
    else return 0;
    if (bytes[at] == '.') {
        if (!is_digit(bytes[++at])) return 0;
        while (is_digit(bytes[at])) at++;
    }
    if ((bytes[at] | 0x20) == 'e') {
        at++;
        if (bytes[at] == '+' || bytes[at] == '-') at++;
        if (!is_digit(bytes[at])) return 0;
        while (is_digit(bytes[at])) at++;
    }
    return at;
}

static inline size_t literal_end(const uint8_t *bytes, size_t at) {
    const char *word = bytes[at] == 't' ? "true" : bytes[at] == 'f' ? "false" : "null";
    for (; *word; word++, at++)
        if (bytes[at] != (uint8_t)*word) return 0;
    return at;
}

/* Past a value, whatever it is; `depth` arrays and objects are open around it. Deeper nesting than allowed counts as no
 * JSON. */
size_t value_end(const struct text *text, size_t at, uint32_t depth);

/* The bytes of a string (without quotes) with its escapes resolved; returns their number, or -1 where it is longer than
 * the room or has half of a surrogate pair. */
ptrdiff_t unescape(const uint8_t *from, const uint8_t *end, uint8_t *room, size_t size);

#endif

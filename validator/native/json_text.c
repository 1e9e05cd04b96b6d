#include "json_text.h"

int8_t hex_values[256];
uint8_t sizes_of_escapes[256];

static const char escape_letters[] = "\"\\/bfnrt", escaped_bytes[] = "\"\\/\b\f\n\r\t";

void prepare_json_text(void) {
    memset(hex_values, -1, sizeof hex_values);
    for (int digit = 0; digit < 10; digit++) hex_values['0' + digit] = (int8_t)digit;
    for (int digit = 10; digit < 16; digit++)
        hex_values['a' + digit - 10] = hex_values['A' + digit - 10] = (int8_t)digit;
    for (const char *letter = escape_letters; *letter; letter++) sizes_of_escapes[(uint8_t)*letter] = 2;
    sizes_of_escapes['u'] = 6;
}

size_t value_end(const struct text *text, size_t at, uint32_t depth) {
    const uint8_t *bytes = text->bytes;
    uint8_t closing[MOST_DEPTH + 1]; /* the bracket that ends each open array or object */
    const uint32_t outside = depth;
    int escaped = 0;
    size_t key_end, end;
value:
    at = skip_space(bytes, at);
    if (LIKELY(bytes[at] == '"')) {
        if (!(at = closing_quote(text, at + 1, &escaped))) return 0;
        at++;
        goto after_value;
    }
    switch (bytes[at]) {
    case '{':
        if (++depth > text->depth) return 0;
        closing[depth] = '}';
        at = skip_space(bytes, at + 1);
        if (bytes[at] != '}') goto key;
        depth--, at++;
        break;
    case '[':
        if (++depth > text->depth) return 0;
        closing[depth] = ']';
        at = skip_space(bytes, at + 1);
        if (bytes[at] != ']') goto value;
        depth--, at++;
        break;
    case 't': case 'f': case 'n':
        if (!(at = literal_end(bytes, at))) return 0;
        break;
    default:
        if (!(at = number_end(bytes, at))) return 0;
    }
after_value:
    for (;;) {
        if (depth == outside) return at;
        at = skip_space(bytes, at);
        if (bytes[at] == ',') break;
        if (bytes[at] != closing[depth]) return 0;
        depth--, at++;
    }
    at = skip_space(bytes, at + 1);
    if (closing[depth] == ']') goto value;
key:
    if (bytes[at] != '"') return 0;
    if (LIKELY(end = pair_of_strings(text, at + 1, &key_end))) {
        at = end + 1;
        goto after_value;
    }
    if (!(at = value_of_key(text, at, &key_end, &escaped))) return 0;
    goto value;
}

static uint8_t *put_character(uint8_t *to, uint32_t character) {
    if (character < 0x80) {
        *to++ = (uint8_t)character;
        return to;
    }
    if (character < 0x800) {
        *to++ = (uint8_t)(0xc0 | character >> 6);
    } else {
        if (character < 0x10000) {
            *to++ = (uint8_t)(0xe0 | character >> 12);
        } else {
            *to++ = (uint8_t)(0xf0 | character >> 18);
            *to++ = (uint8_t)(0x80 | (character >> 12 & 63));
        }
        *to++ = (uint8_t)(0x80 | (character >> 6 & 63));
    }
    *to++ = (uint8_t)(0x80 | (character & 63));
    return to;
}

ptrdiff_t unescape(const uint8_t *from, const uint8_t *end, uint8_t *room, size_t size) {
    uint8_t *to = room;
    if ((size_t)(end - from) > size) return -1; /* what is resolved is never longer */
    while (from < end) {
        if (*from != '\\') {
            *to++ = *from++;
        } else if (from[1] != 'u') {
            *to++ = (uint8_t)escaped_bytes[strchr(escape_letters, from[1]) - escape_letters];
            from += 2;
        } else {
            uint32_t character = (uint32_t)hex_number(from + 2);
            from += 6;
            if (character >= 0xd800 && character < 0xe000) {
                int low = -1;
                if (character < 0xdc00 && end - from >= 6 && from[0] == '\\' && from[1] == 'u') low = hex_number(from + 2);
                if (low < 0xdc00 || low >= 0xe000) return -1;
                character = 0x10000 + ((character - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
                from += 6;
            }
            to = put_character(to, character);
        }
    }
    return to - room;
}

/* Whether objects and arrays have a shape of which the evaluator of schemas certainly finds nothing. The text is known to
 * be JSON. */
#include "core.h"

static size_t end_of_object(struct core *core, const struct shape *shape, uint32_t domain, size_t at) {
    const uint8_t *bytes = core->text.bytes;
    uint64_t seen = 0;
    at = skip_space(bytes, at + 1);
    while (bytes[at] != '}') {
        int escaped = 0;
        size_t key_at = at + 1, key_end, value;
        if (!(value = value_of_key(&core->text, at, &key_end, &escaped)) || escaped) return 0;
        struct byte_key key = key_of(bytes + key_at, key_end - key_at, bytes, domain);
        const struct byte_entry *known = table_find(&core->shape_keys, &key);
        if (known->domain) {
            const struct shape_key *own = &core->keys_of_shapes.at[known->value];
            seen |= own->required;
            at = own->shape ? end_of_shape(core, own->shape - 1, value) : value_end(&core->text, value, 0);
        } else {
            at = shape->closed ? 0 : value_end(&core->text, value, 0);
        }
        if (!at) return 0;
        at = skip_space(bytes, at);
        if (bytes[at] == ',') at = skip_space(bytes, at + 1);
    }
    return seen == shape->required ? at + 1 : 0;
}

static size_t end_of_array(struct core *core, const struct shape *shape, size_t at) {
    const uint8_t *bytes = core->text.bytes;
    if (!shape->items) return value_end(&core->text, at, 0);
    at = skip_space(bytes, at + 1);
    while (bytes[at] != ']') {
        if (!(at = end_of_shape(core, shape->items - 1, at))) return 0;
        at = skip_space(bytes, at);
        if (bytes[at] == ',') at = skip_space(bytes, at + 1);
    }
    return at + 1;
}

static size_t end_of_text(struct core *core, const struct shape *shape, uint32_t domain, size_t at) {
    const uint8_t *bytes = core->text.bytes;
    int escaped = 0;
    size_t end = closing_quote(&core->text, at + 1, &escaped);
    if (!end) return 0;
    if (shape->has_texts) {
        if (escaped) return 0;
        struct byte_key key = key_of(bytes + at + 1, end - at - 1, bytes, domain);
        if (!table_find(&core->shape_texts, &key)->domain) return 0;
    }
    return end + 1;
}

static size_t end_of_number(const struct core *core, const struct shape *shape, size_t at) {
    const uint8_t *bytes = core->text.bytes;
    size_t end = number_end(bytes, at);
    int whole = 1;
    double number;
    for (size_t i = at; i < end; i++) whole = whole && (is_digit(bytes[i]) || bytes[i] == '-');
    if (!end || !(shape->kinds >> (whole ? INTEGER : NUMBER) & 1)) return 0;
    if (shape->bounded) {
        if (!read_number(bytes, at, end, &number)) return 0;
        if (number < shape->least || (shape->above && number == shape->least)) return 0;
        if (number > shape->most || (shape->below && number == shape->most)) return 0;
    }
    return end;
}

size_t end_of_shape(struct core *core, uint32_t number, size_t at) {
    const struct shape *shape = &core->shapes.at[number];
    const uint32_t domain = number + 1;
    switch (core->text.bytes[at]) {
    case '"':
        return shape->kinds >> STRING & 1 ? end_of_text(core, shape, domain, at) : 0;
    case '{':
        return shape->kinds >> OBJECT & 1 ? end_of_object(core, shape, domain, at) : 0;
    case '[':
        return shape->kinds >> ARRAY & 1 ? end_of_array(core, shape, at) : 0;
    case 't': case 'f':
        return shape->kinds >> BOOLEAN & 1 ? literal_end(core->text.bytes, at) : 0;
    case 'n':
        return shape->kinds >> NIL & 1 ? literal_end(core->text.bytes, at) : 0;
    default:
        return end_of_number(core, shape, at);
    }
}

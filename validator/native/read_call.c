/* Reads one line: the fields of a call that matter, and its properties. */
#include "core.h"

/* A key, without its quotes; `closing` is where its value ends, if that is a string and known; else 0. */
struct key_text {
    size_t from, to, closing;
    int escaped;
};

/* Reads the key that begins at `at`; returns the offset of its value, 0 where there is no key and value. */
static inline size_t read_key(const struct text *text, size_t at, struct key_text *key) {
    if (text->bytes[at] != '"') return 0;
    key->from = at + 1;
    key->escaped = 0;
    if (LIKELY(key->closing = pair_of_strings(text, key->from, &key->to))) return key->to + 2;
    return value_of_key(text, at, &key->to, &key->escaped);
}

/* Notes what stands at `at` and returns the offset after it; `closing` is where a string ends, if that is known. */
static inline size_t read_value(struct core *core, size_t at, size_t closing, uint32_t depth, struct value *value) {
    const uint8_t *bytes = core->text.bytes;
    int escaped = 0;
    size_t end;
    value->from = (uint32_t)at;
    value->escaped = 0;
    switch (bytes[at]) {
    case '"':
        if (!(end = closing ? closing : closing_quote(&core->text, at + 1, &escaped))) return 0;
        *value = (struct value){(uint32_t)at + 1, (uint32_t)end, STRING, (uint8_t)escaped};
        return end + 1;
    case '{':
        value->kind = OBJECT;
        end = value_end(&core->text, at, depth);
        break;
    case '[':
        value->kind = ARRAY;
        end = value_end(&core->text, at, depth);
        break;
    case 't': case 'f':
        value->kind = BOOLEAN;
        end = literal_end(bytes, at);
        break;
    case 'n':
        value->kind = NIL;
        end = literal_end(bytes, at);
        break;
    default:
        end = number_end(bytes, at);
        value->kind = INTEGER;
        for (size_t i = at; i < end; i++)
            if (bytes[i] == '.' || (bytes[i] | 0x20) == 'e') value->kind = NUMBER;
        if (end - at > LONGEST_NUMBER) core->call.unsure = 1;
    }
    value->to = (uint32_t)end;
    return end;
}

size_t value_at(struct core *core, size_t at, struct value *value) { return read_value(core, at, 0, 0, value); }

/* The number of a key, found in a table of names; 0 for one that is not there. */
static inline uint32_t number_of_key(struct core *core, const struct byte_table *names, const struct key_text *key) {
    const uint8_t *bytes = core->text.bytes + key->from, *readable = core->text.bytes;
    size_t size = key->to - key->from;
    if (UNLIKELY(key->escaped)) {
        ptrdiff_t resolved = unescape(bytes, bytes + size, core->room, sizeof core->room);
        if (resolved < 0) {
            core->call.unsure = 1;
            return 0;
        }
        bytes = readable = core->room;
        size = (size_t)resolved;
    }
    struct byte_key looked_up = key_of(bytes, size, readable, 1);
    const struct byte_entry *entry = table_find(names, &looked_up);
    return entry->domain ? entry->value : 0;
}

/* A free member, once more keys than there is room for are unsure. */
static inline struct member *next_member(struct call *call) {
    if (UNLIKELY(call->member_count == MOST_MEMBERS)) {
        call->unsure = 1;
        call->member_count--;
    }
    return &call->members[call->member_count++];
}

/* The members of the properties, from after their opening bracket to after the closing one. */
static size_t read_properties(struct core *core, size_t at) {
    const uint8_t *bytes = core->text.bytes;
    struct call *call = &core->call;
    at = skip_space(bytes, at);
    if (bytes[at] == '}') return at + 1;
    for (;;) {
        struct key_text key;
        if (!(at = read_key(&core->text, at, &key))) return 0;
        struct member *member = next_member(call);
        uint32_t slot = number_of_key(core, &core->keys, &key);
        if (!(at = read_value(core, at, key.closing, 2, &member->value))) return 0;
        member->slot = slot;
        member->key_from = (uint32_t)key.from;
        member->key_to = (uint32_t)key.to;
        member->key_escaped = (uint8_t)key.escaped;
        if (slot) {
            if (UNLIKELY(core->stamps[slot] == core->stamp)) call->unsure = 1; /* the key comes twice */
            core->stamps[slot] = core->stamp;
            core->member_of[slot] = (uint16_t)(member - call->members);
        }
        at = skip_space(bytes, at);
        if (bytes[at] != ',') break;
        at = skip_space(bytes, at + 1);
    }
    return bytes[at] == '}' ? at + 1 : 0;
}

size_t read_call(struct core *core, size_t at) {
    const uint8_t *bytes = core->text.bytes;
    struct call *call = &core->call;
    for (uint32_t field = 0; field < core->field_count; field++) call->fields[field].kind = ABSENT;
    call->member_count = 0;
    call->unsure = 0;
    if (UNLIKELY(++core->stamp == 0)) {
        memset(core->stamps, 0, MOST_SLOTS * sizeof *core->stamps);
        core->stamp = 1;
    }
    if (!core->depth) return 0;
    at = skip_space(bytes, at + 1);
    if (bytes[at] == '}') return at + 1;
    for (;;) {
        struct key_text key;
        if (!(at = read_key(&core->text, at, &key))) return 0;
        uint32_t field = number_of_key(core, &core->field_names, &key);
        if (!field) {
            at = key.closing ? key.closing + 1 : value_end(&core->text, at, 1);
        } else {
            struct value *value = &call->fields[--field];
            if (value->kind != ABSENT) call->unsure = 1; /* the field comes twice */
            if (field == PROPERTIES && bytes[at] == '{') {
                if (core->depth < 2) return 0;
                *value = (struct value){(uint32_t)at, 0, OBJECT, 0};
                at = read_properties(core, at + 1);
                value->to = (uint32_t)at;
            } else {
                at = read_value(core, at, key.closing, 1, value);
            }
        }
        if (!at) return 0;
        at = skip_space(bytes, at);
        if (bytes[at] != ',') break;
        at = skip_space(bytes, at + 1);
    }
    return bytes[at] == '}' ? at + 1 : 0;
}

/* The group of a call: its values in the fields by which counts are broken down. */
#include "core.h"

/* A value below an object: the one under a key; ABSENT where there is none. Returns 0 where Python has to tell. */
static int value_below(struct core *core, const struct path_key *key, struct value *value) {
    const uint8_t *bytes = core->text.bytes;
    struct value found = {0, 0, ABSENT, 0}, other;
    size_t at = value->kind == OBJECT ? skip_space(bytes, value->from + 1) : 0;
    while (at && bytes[at] != '}') {
        size_t from = at + 1, to = 0;
        int escaped = 0;
        at = value_of_key(&core->text, at, &to, &escaped);
        if (!at || escaped) return 0;
        int is_key = to - from == key->size && !memcmp(bytes + from, key->bytes, key->size);
        if (is_key && found.kind != ABSENT) return 0; /* the key comes twice */
        if (!(at = value_at(core, at, is_key ? &found : &other))) return 0;
        at = skip_space(bytes, at);
        if (bytes[at] == ',') at = skip_space(bytes, at + 1);
    }
    *value = found;
    return 1;
}

/* What of a path's value makes its label; 0 where Python has to tell. */
static int label_text(struct core *core, const struct path *path, struct value *value, const uint8_t **text,
                      const uint8_t **readable, size_t *size) {
    *readable = core->text.bytes;
    if (path->by_day) {
        int64_t moment;
        const struct value *time = NULL;
        enum chosen found = time_of_call(core, &moment, &time);
        if (found == NOT_KNOWN) return 0;
        *value = found == CHOSEN ? (struct value){time->from, time->from + DAY_LENGTH, STRING, 0} : (struct value){0, 0, ABSENT, 0};
    } else {
        *value = core->call.fields[path->field];
        for (uint32_t i = 0; i < path->count; i++)
            if (!value_below(core, &path->keys[i], value)) return 0;
    }
    if (path->by_flags) {
        ptrdiff_t used = value->kind == OBJECT ? text_of_flags(core, value, core->room) : 0;
        *text = *readable = core->room;
        *size = (size_t)used;
        return used >= 0;
    }
    *text = core->text.bytes + value->from;
    *size = value->kind == STRING || value->kind == INTEGER || value->kind == NUMBER || value->kind == BOOLEAN
        ? value->to - value->from : 0; /* other kinds have one label, whatever the value */
    return !value->escaped && *size <= (value->kind == STRING ? LONGEST_LABEL : LONGEST_LABEL_NUMBER);
}

/* The number of a path's label for the call; UNKNOWN_LABEL where it is asked for, or Python has to tell. */
static uint32_t label_of(struct core *core, uint32_t path_number) {
    const struct path *path = &core->paths[path_number];
    struct value value;
    const uint8_t *text, *readable;
    size_t size;
    if (path->is_constant) return path->constant;
    if (!label_text(core, path, &value, &text, &readable, &size)) {
        core->hand_back = 1;
        return UNKNOWN_LABEL;
    }
    struct byte_key key = key_of(text, size, readable, path_number * KINDS + value.kind + 1);
    const struct byte_entry *known = table_find(&core->labels, &key);
    if (LIKELY(known->domain)) return known->value;
    if (core->labels.used >= MOST_LABELS) core->is_full = 1;
    if (core->is_full || core->questions.used >= MOST_QUESTIONS) {
        core->hand_back = 1;
        return UNKNOWN_LABEL;
    }
    core->waits = 1;
    ask(core, (struct asked){.what = ASK_LABEL, .kind = value.kind, .owner = path_number, .from = value.from,
                             .to = path->by_flags ? value.to : value.from + (uint32_t)size});
    return UNKNOWN_LABEL;
}

int find_group(struct core *core, uint32_t *group) {
    uint32_t labels[MOST_PATHS] = {0};
    for (uint32_t i = 0; i < core->path_count; i++) {
        labels[i] = label_of(core, i);
        if (labels[i] == UNKNOWN_LABEL) return 0;
    }
    struct byte_key key = key_of((const uint8_t *)labels, core->path_count * sizeof *labels, (const uint8_t *)labels, 1);
    const struct byte_entry *known = table_find(&core->groups, &key);
    *group = known->value;
    if (LIKELY(known->domain)) return 1;
    *group = core->groups.used;
    if (core->groups.used >= MOST_LABELS) core->is_full = 1;
    else if (GROW_BY(core->labels_of_groups, core->path_count) && GROW(core->counts_of_groups, MOST_LABELS) && table_set(&core->groups, &key, *group)) {
        memcpy(core->labels_of_groups.at + core->labels_of_groups.used, labels, core->path_count * sizeof *labels);
        core->labels_of_groups.used += core->path_count;
        core->counts_of_groups.at[core->counts_of_groups.used++] = (struct group_counts){0};
        return 1;
    }
    core->hand_back = 1;
    return 0;
}

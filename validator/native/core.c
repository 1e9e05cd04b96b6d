/* Makes and frees the core. */
#include "core.h"

#include "memory.h"

enum { BYTE_TABLES = 13 };

int grow_list(void **at, size_t size, uint32_t used, uint32_t *room, uint32_t most) {
    if (used >= most) return 0;
    uint32_t larger = *room < 32 ? 64 : *room > most / 2 ? most : *room * 2;
    while (larger <= used && larger < most) larger = larger > most / 2 ? most : larger * 2;
    void *grown = resized(*at, larger, size);
    if (!grown) return 0;
    *at = grown;
    *room = larger;
    return 1;
}

void ask(struct core *core, struct asked question) {
    if (core->questions.used < MOST_QUESTIONS && GROW(core->questions, MOST_QUESTIONS))
        core->questions.at[core->questions.used++] = question;
}

static struct byte_table *const *tables_of_bytes(struct core *core, struct byte_table *room[BYTE_TABLES]) {
    struct byte_table *all[] = {&core->field_names, &core->keys, &core->names, &core->values,
                                &core->joints_found, &core->key_sets, &core->breaks_found, &core->shape_keys, &core->shape_texts,
                                &core->labels, &core->groups, &core->signatures_found, &core->hashes_wanted};
    memcpy(room, all, sizeof all);
    return room;
}

static void free_members(struct core *core) {
    for (uint32_t i = 0; i < core->tests.used; i++) {
        free(core->tests.at[i].cuts);
        free(core->tests.at[i].lengths);
        free(core->tests.at[i].automata);
    }
    for (uint32_t i = 0; i < core->tables.used; i++) free(core->tables.at[i].cells);
    core->tests.used = core->cells.used = core->tables.used = 0;
}

int core_make(struct core *core, uint32_t depth, size_t longest_call, size_t longest_line) {
    static const char *const names[OWN_FIELDS] = {
        "type", "event", "properties", "batch", "userId", "anonymousId", "groupId", "previousId", "traits",
    };
    struct byte_table *room[BYTE_TABLES];
    int made = 1;
    core->depth = depth;
    core->longest_call = longest_call;
    core->longest_line = longest_line;
    core->slot_count = 1; /* 0 stands for a key that is not known */
    for (int i = 0; i < BYTE_TABLES; i++) made = table_make(tables_of_bytes(core, room)[i]) && made;
    core->stamps = zeroed(MOST_SLOTS, sizeof *core->stamps);
    core->member_of = zeroed(MOST_SLOTS, sizeof *core->member_of);
    if (!made || !core->stamps || !core->member_of) return 0;
    for (core->field_count = 0; core->field_count < OWN_FIELDS; core->field_count++) {
        const uint8_t *name = (const uint8_t *)names[core->field_count];
        struct byte_key key = key_of(name, strlen(names[core->field_count]), name, 1);
        if (!table_set(&core->field_names, &key, core->field_count + 1)) return 0;
    }
    return 1;
}

void core_clear(struct core *core) {
    free_members(core);
    table_clear(&core->keys);
    table_clear(&core->names);
    table_clear(&core->values);
    table_clear(&core->joints_found);
    table_clear(&core->key_sets);
    table_clear(&core->breaks_found);
    table_clear(&core->shape_keys);
    table_clear(&core->shape_texts);
    table_clear(&core->labels);
    table_clear(&core->groups);
    table_clear(&core->signatures_found);
    core->labels_of_groups.used = core->counts_of_groups.used = core->signatures.used = core->sums_of_signatures.used = 0;
    core->is_full = 0;
    core->slot_count = 1;
    core->type_count = 0;
    core->sums.used = core->entries.used = core->joints.used = core->broken.used = 0;
    core->shapes.used = core->keys_of_shapes.used = 0;
    core->deferred.used = 0;
    memset(core->stamps, 0, MOST_SLOTS * sizeof *core->stamps);
    core->stamp = 0;
}

void core_free(struct core *core) {
    struct byte_table *room[BYTE_TABLES];
    free_members(core);
    for (int i = 0; i < BYTE_TABLES; i++) table_free(tables_of_bytes(core, room)[i]);
    for (uint32_t i = 0; i < core->automata.used; i++) {
        free(core->automata.at[i].next);
        free(core->automata.at[i].accepts);
    }
    free(core->sums.at);
    free(core->cells.at);
    free(core->tests.at);
    free(core->tables.at);
    free(core->entries.at);
    free(core->joints.at);
    free(core->automata.at);
    free(core->broken.at);
    free(core->shapes.at);
    free(core->keys_of_shapes.at);
    for (uint32_t i = 0; i < core->path_count; i++)
        for (uint32_t step = 0; step < core->paths[i].count; step++) free(core->paths[i].keys[step].bytes);
    free(core->labels_of_groups.at);
    free(core->counts_of_groups.at);
    free(core->ids.at);
    free(core->signatures.at);
    free(core->sums_of_signatures.at);
    free(core->signature_of_line.at);
    free(core->batch.at);
    free(core->sums_of_batch.at);
    free(core->handed.at);
    free(core->deferred.at);
    free(core->shown.at);
    free(core->questions.at);
    free(core->special);
    free(core->stamps);
    free(core->member_of);
}

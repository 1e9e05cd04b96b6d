#include "byte_table.h"

#include "memory.h"

#define FIRST_ENTRIES 256
#define MOST_HELD UINT32_MAX

uint64_t hash_seed = 0x9e3779b97f4a7c15ull;

int table_make(struct byte_table *table) {
    *table = (struct byte_table){zeroed(FIRST_ENTRIES, sizeof(struct byte_entry)), FIRST_ENTRIES - 1, 0, NULL, 0, 0};
    return table->entries != NULL;
}

void table_free(struct byte_table *table) {
    free(table->entries);
    free(table->held);
    *table = (struct byte_table){NULL, 0, 0, NULL, 0, 0};
}

void table_clear(struct byte_table *table) {
    memset(table->entries, 0, ((size_t)table->mask + 1) * sizeof(struct byte_entry));
    table->used = 0;
    table->filled = 0;
}

/* The key of what an entry holds; short bytes are put together again in `room`. */
static struct byte_key key_again(const struct byte_table *table, const struct byte_entry *entry, uint8_t room[16]) {
    if (entry->size > 16) return key_of(table->held + entry->at, entry->size, table->held, entry->domain);
    if (entry->size > 8) {
        memcpy(room, &entry->first, 8);
        memcpy(room + entry->size - 8, &entry->last, 8);
    } else {
        memcpy(room, &entry->last, 8);
    }
    return key_of(room, entry->size, room, entry->domain);
}

static int grow_entries(struct byte_table *table) {
    uint32_t size = table->mask + 1;
    struct byte_table grown = *table;
    if (size > UINT32_MAX / 4 || !(grown.entries = zeroed((size_t)size * 2, sizeof(struct byte_entry)))) return 0;
    grown.mask = size * 2 - 1;
    for (uint32_t i = 0; i < size; i++) {
        uint8_t room[16];
        if (!table->entries[i].domain) continue;
        struct byte_key key = key_again(table, &table->entries[i], room);
        *table_find(&grown, &key) = table->entries[i];
    }
    free(table->entries);
    *table = grown;
    return 1;
}

int table_set(struct byte_table *table, const struct byte_key *key, uint32_t value) {
    struct byte_entry *entry = table_find(table, key);
    if (entry->domain) {
        entry->value = value;
        return 1;
    }
    size_t held = key->size > 16 ? key->size : 0;
    if (table->filled + held > MOST_HELD) return 0;
    if (table->filled + held > table->room) {
        size_t room = (table->filled + held) * 2 + 1024;
        uint8_t *grown = resized(table->held, room, 1);
        if (!grown) return 0;
        table->held = grown;
        table->room = room;
    }
    if (((uint64_t)table->used + 1) * 2 > table->mask && !grow_entries(table)) return 0;
    if (held) memcpy(table->held + table->filled, key->bytes, held);
    *table_find(table, key) = (struct byte_entry){
        key->last, key->first, (uint32_t)table->filled, (uint32_t)key->size, key->domain, value,
    };
    table->filled += held;
    table->used++;
    return 1;
}

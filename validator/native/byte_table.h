/* A hash table from (domain, bytes) to a number.
 *
 * The domain tells apart what the bytes are of, so that one table holds keys, names and texts of many kinds. Up to 16
 * bytes are held in the entry and compared as two numbers: the last 8 bytes, and the first 8 where there are more. */
#ifndef UCLINT_BYTE_TABLE_H
#define UCLINT_BYTE_TABLE_H

#include "json_bytes.h"

struct byte_key {
    uint64_t last, first, hash;
    const uint8_t *bytes;
    size_t size;
    uint32_t domain; /* never 0 */
};

struct byte_entry {
    uint64_t last, first;
    uint32_t at, size, domain, value; /* `at`: where longer bytes are held; a free entry has domain 0 */
};

struct byte_table {
    struct byte_entry *entries;
    uint32_t mask, used;
    uint8_t *held;
    size_t filled, room;
};

extern uint64_t hash_seed; /* random, so that nobody can make keys that collide */

static inline uint64_t mixed(uint64_t one, uint64_t other) {
    __uint128_t product = (__uint128_t)one * other;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The key of some bytes; those from `readable` on may be read as well. */
static inline struct byte_key key_of(const uint8_t *bytes, size_t size, const uint8_t *readable, uint32_t domain) {
    struct byte_key key = {0, 0, 0, bytes, size, domain};
    if (LIKELY(size && bytes + size >= readable + 8)) {
        key.last = read_8_bytes(bytes + size - 8) >> (size < 8 ? 64 - 8 * size : 0);
    } else {
        for (size_t i = 0; i < size; i++) key.last |= (uint64_t)bytes[i] << 8 * i;
    }
    key.first = size > 8 ? read_8_bytes(bytes) : 0;
    uint64_t hash = hash_seed ^ (uint64_t)domain << 32 ^ size;
    if (UNLIKELY(size > 16)) {
        for (size_t i = 8; i < size - 8; i += 8) hash = mixed(hash ^ read_8_bytes(bytes + i), 0xa0761d6478bd642full);
    }
    key.hash = mixed(hash ^ key.last, key.first ^ 0xe7037ed1a0b428dbull ^ hash << 1);
    return key;
}

/* The key of a number. */
static inline struct byte_key key_of_number(uint64_t number, uint32_t domain) {
    struct byte_key key = {number, 0, 0, NULL, 8, domain};
    uint64_t hash = hash_seed ^ (uint64_t)domain << 32 ^ 8;
    key.hash = mixed(hash ^ number, 0xe7037ed1a0b428dbull ^ hash << 1);
    return key;
}

/* The entry of a key, or the free one where it belongs. */
static inline struct byte_entry *table_find(const struct byte_table *table, const struct byte_key *key) {
    for (uint32_t i = (uint32_t)key->hash & table->mask;; i = (i + 1) & table->mask) {
        struct byte_entry *entry = &table->entries[i];
        if (!entry->domain) return entry;
        if (entry->last == key->last && entry->first == key->first && entry->size == key->size
            && entry->domain == key->domain
            && (LIKELY(key->size <= 16) || !memcmp(table->held + entry->at, key->bytes, key->size)))
            return entry;
    }
}

/* Returns 0 where there is no memory. */
int table_make(struct byte_table *table);
void table_free(struct byte_table *table);
void table_clear(struct byte_table *table);

/* Sets the value of a key; returns 0 where there is no memory, and leaves the table as it was. */
int table_set(struct byte_table *table, const struct byte_key *key, uint32_t value);

#endif

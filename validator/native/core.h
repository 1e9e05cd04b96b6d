/* The core: what it was told of a program, what it counts, and what it hands back.
 *
 * The core knows no plan. It reads each line and splits it into facts: the call's type and event, the JSON type of each
 * property, where the value decides a class of it, which keys are missing. What a fact means it was told before: an
 * `outcome`. A line of which every outcome is known is counted here, and shown where its place is still wanted. Where one
 * is unknown, the core asks, and reads the line again once it is answered. Where it is not certain, the line is handed
 * back: Python counts it by its own loop. */
#ifndef UCLINT_CORE_H
#define UCLINT_CORE_H

#include "byte_table.h"
#include "json_text.h"

/* What a fact means: one of these, or FIRST_SUM and the number of the sum that it adds to. */
enum { FINE, UNKNOWN, ASKED, HAND_BACK, BY_VALUE, FIRST_SUM };
typedef uint32_t outcome;

/* Fields of a batch whose values its members share. */
enum { CONTEXT, INTEGRATIONS, SHARED_FIELDS };

/* Top-level fields that are always read; fields that plans use follow. */
enum { TYPE, EVENT, PROPERTIES, BATCH, USER_ID, ANONYMOUS_ID, GROUP_ID, PREVIOUS_ID, TRAITS, OWN_FIELDS };

/* What lint rules find of a call beside its properties. */
enum { NO_ID, NO_GROUP_ID, NO_PREVIOUS_ID, TRAITS_NO_OBJECT, CALL_FAULTS };

enum {
    MOST_FIELDS = 64,
    MOST_MEMBERS = 1024,    /* properties of a call; one with more is handed back */
    MOST_SUMS_OF_CALL = 512,
    MOST_SLOTS = 1 << 13,   /* keys of properties */
    MOST_CELLS = 1 << 17,
    MOST_TABLES = 1 << 16,
    MOST_ENTRIES = 1 << 16,
    MOST_COUNTS = 1 << 24,
    MOST_VALUES = 1 << 16,  /* values whose outcome is remembered */
    MOST_QUESTIONS = 1 << 12, /* of a block; what is not asked now is asked when it comes again */
    MOST_LABELS = 1 << 16,  /* values by which calls are grouped, and groups */
    MOST_SIGNATURES = 1 << 16,
    MOST_PATHS = 16,        /* fields by which calls are grouped */
    MOST_STEPS = 8,         /* of a path below its field */
    MOST_TIMES = 4,
    MOST_JOINT_PLACES = 16,
    MOST_REQUIRED = 64,     /* bits of a mask */
    LONGEST_TEXT = 64,      /* of a text whose outcome is remembered */
    LONGEST_NUMBER = 300,   /* Python has another type for integers of thousands of digits */
    LONGEST_NAME = 4096,    /* of a key or name with escapes */
    LONGEST_LABEL = 512,    /* of a text by which calls are grouped */
    LONGEST_LABEL_NUMBER = 16,
    DAY_LENGTH = 10,        /* 2024-03-01 */
    LONGEST_SHAPED = 1 << 14, /* of properties whose values have shapes: more may be too much for the evaluator */
};

/* Domains of names: of types, and above that two for each type, of events and of their absence. */
enum { TYPE_NAMES = 1, EVENT_NAMES = 2 };

struct value {
    uint32_t from, to; /* of a string: without its quotes */
    uint8_t kind, escaped;
};

struct member {
    struct value value;
    uint32_t slot; /* the number of the key; 0 for one that is not known */
    uint32_t key_from, key_to;
    uint8_t key_escaped;
};

/* One line, read. */
struct call {
    struct value fields[MOST_FIELDS];
    struct member members[MOST_MEMBERS];
    uint32_t member_count;
    int unsure; /* something of it can only be told by Python */
};

struct sum {
    uint64_t count, breaks; /* the plans for which it makes a call invalid, a bit for each */
    uint32_t left;          /* so many calls are still shown for their places */
    uint32_t shown_in;      /* the block in which a call was shown last */
};

/* A pattern as a table of states over bytes. */
struct automaton {
    uint8_t *next; /* 256 a state */
    uint8_t *accepts;
    uint32_t states, start;
};
enum { NEVER, ALWAYS, NOT_CERTAIN, FIRST_STATE };

/* Values that a schema of types, properties, elements, bounds and texts certainly allows. */
struct shape {
    uint32_t kinds; /* a bit for each kind that is allowed */
    uint32_t items; /* 1 + the shape of the elements; 0 where any are allowed */
    uint64_t required;
    double least, most;
    uint8_t bounded, above, below; /* whether numbers have to be within both, and not at `least`, or `most` */
    uint8_t closed;                /* whether other keys are not allowed */
    uint8_t has_texts;             /* whether a text has to be one of those in `shape_texts` */
};

/* A key of the objects of a shape. */
struct shape_key {
    uint32_t shape; /* 1 + the shape of its values; 0 where any are allowed */
    uint64_t required;
};

/* How the class of a value is found; cells with the same checks share it. */
struct value_tests {
    double *cuts; /* of numbers, ascending */
    uint32_t *lengths; /* of texts in characters, ascending */
    uint32_t *automata;
    uint32_t cut_count, length_count, automaton_count;
    uint32_t shapes[KINDS]; /* of objects and arrays: 1 + the shape that is fine; 0 for none */
    uint8_t numbers_by_cuts, texts_by_class, items; /* otherwise by the very bytes, or not at all */
    uint32_t asked, known;
};

/* A key of the properties in one table. */
struct cell {
    outcome outcomes[KINDS];
    uint64_t closed, seen; /* the rules that do not allow it; its bit among the required keys */
    outcome further;       /* the sum that counts it by name, where no plan names it */
    uint32_t tests;        /* 1 + its tests of values; 0 for none */
    uint32_t fitting;      /* the kinds that are fine apart from these tests, a bit for each */
};

struct place {
    uint8_t in_properties;
    uint32_t number; /* slot or field */
};

/* Places that are judged together. */
struct joint {
    struct place places[MOST_JOINT_PLACES];
    uint32_t count, next; /* 1 + the next one of the table */
};

/* Calls to which the same plan rules apply. */
struct table {
    uint32_t *cells; /* slot -> 1 + cell */
    uint32_t cell_room;
    outcome calls, fault;
    uint64_t breaks, required;
    outcome missing[MOST_REQUIRED];
    uint32_t joint;
    uint8_t counts_further, hand_back;
};

/* Calls of one raw type and event. */
struct entry {
    uint32_t tables[KINDS]; /* by the kind of the properties: 1 + table; 0 where it is not known */
    uint8_t asked[KINDS];
    outcome seen, faults[CALL_FAULTS];
    uint8_t hand_back, left_out; /* whether such calls are not selected */
    uint32_t watched;            /* a number that keeps its calls apart as evidence; 0 if their ids do not matter */
};

struct path_key {
    uint8_t *bytes;
    size_t size;
};

/* A field by which calls are grouped. */
struct path {
    uint32_t field, count;
    struct path_key keys[MOST_STEPS]; /* from the field's value down */
    uint32_t constant;                /* its label, if it is the same for all calls */
    uint8_t by_day, is_constant;
    uint8_t by_flags; /* whether only the names in an object, and whether each is true or false, make its label */
};
enum { UNKNOWN_LABEL = UINT32_MAX, NO_SIGNATURE = UINT32_MAX };

/* The sums that calls of one group add to. */
struct signature {
    uint32_t from, count, group; /* its sums are in `sums_of_signatures` */
    uint64_t calls;
};

/* What is counted of the calls of a group as evidence. */
struct group_counts {
    uint64_t calls;
    int64_t first, last; /* in microseconds from 1970 on, if any of them has a time */
    int timed;
};

/* What one call adds to that. */
struct witness {
    uint32_t group, id_from, id_to; /* the id is that of a call to be recognised; 0 for none */
    int timed;
    int64_t moment;
};

struct span {
    uint32_t from, to;
};

enum question { ASK_ENTRY, ASK_TABLE, ASK_KEY, ASK_OUTCOME, ASK_VALUE, ASK_MISSING, ASK_KEYS, ASK_JOINT, ASK_LABEL };

struct asked {
    uint8_t what, kind;
    uint8_t escaped, more_escaped; /* whether the texts have escapes */
    uint8_t has_more;
    uint32_t owner; /* entry, table, cell or joint */
    uint64_t number;
    uint32_t from, to, more_from, more_to; /* texts in the block */
};

/* Lines that are no calls. */
enum line_class { BLANK, NOT_OBJECT, MALFORMED, NOT_UTF8, LINE_CLASSES };

struct handed {
    uint32_t line, from, to;
    uint8_t sure; /* it is a JSON object in UTF-8, no longer than a call may be, and not too deep */
};

/* Where a call stands: its line, its number in a batch, and its bytes. */
struct spot {
    uint32_t line, line_from, member, from, to;
};
enum { NO_MEMBER = UINT32_MAX };

/* A call whose place a sum wants. */
struct shown {
    struct spot spot;
    uint32_t sum;
};

/* What was found of a call; its sums are elsewhere. */
struct found_call {
    uint32_t table, signature, count;
    struct witness witness;
};

struct batch_member {
    struct found_call found;
    struct spot spot;
    uint32_t sums; /* from there on in `sums_of_batch` */
};

struct broken {
    uint64_t count, breaks;
    uint32_t table;
};

#define LIST(type) struct { type *at; uint32_t used, room; }

struct core {
    uint32_t depth;
    size_t longest_call, longest_line; /* a line that is a batch may be longer than a call */

    /* What it was told. */
    struct byte_table field_names, keys, names, values, joints_found, key_sets, breaks_found;
    uint32_t field_count, slot_count, type_count;
    uint32_t shared_fields[SHARED_FIELDS]; /* 0 where a field does not matter */
    LIST(struct sum) sums;
    LIST(struct cell) cells;
    LIST(struct value_tests) tests;
    LIST(struct table) tables;
    LIST(struct entry) entries;
    LIST(struct joint) joints;
    LIST(struct automaton) automata;
    LIST(struct broken) broken;
    struct byte_table shape_keys, shape_texts, labels, groups, signatures_found;
    LIST(struct shape) shapes;
    LIST(struct shape_key) keys_of_shapes;
    LIST(uint32_t) labels_of_groups; /* for each group the label of each path */
    LIST(struct group_counts) counts_of_groups;
    LIST(struct signature) signatures;
    LIST(uint32_t) sums_of_signatures;
    int is_full; /* whether it has no room for more, and has to forget */

    /* Which calls are counted, and what is wanted of each. */
    struct path paths[MOST_PATHS];
    uint32_t path_count, times[MOST_TIMES], time_count, sampled_by;
    uint64_t share;
    int64_t since, until;
    int selects, bounded; /* whether calls are left out at all, and by their time */
    int observed;         /* whether the signature of each line is wanted */
    int witnessed;        /* whether evidence is wanted; then the first path's label is what the entry has `watched` */
    uint32_t identity;    /* the field of the ids by which calls are recognised */
    uint64_t largest_hash; /* ids with larger hashes are not wanted, except these: */
    struct byte_table hashes_wanted;
    LIST(struct span) ids; /* of calls of the block */

    /* The block. */
    struct text text;
    uint64_t *special;
    size_t special_room;
    int sound; /* whether all of it is UTF-8 */
    uint32_t countable; /* the classes of lines that need no place, a bit for each */
    uint64_t calls, batches, left_out, strays, lines[LINE_CLASSES]; /* `strays`: members that are no objects */
    LIST(uint32_t) signature_of_line;
    LIST(struct handed) handed;
    LIST(struct handed) deferred; /* lines that wait for answers */
    LIST(struct shown) shown;
    size_t size;
    uint32_t block; /* its number */
    int again;      /* whether lines that waited are read again */
    LIST(struct asked) questions;
    int out_of_memory;

    /* The line. */
    struct call call;
    uint32_t stamp, *stamps; /* slot -> the stamp of the last line with the key */
    uint16_t *member_of;     /* slot -> its member, if the stamp is this line's */
    uint32_t found[MOST_SUMS_OF_CALL];
    uint32_t found_count;
    LIST(struct batch_member) batch;
    LIST(uint32_t) sums_of_batch;
    int hand_back, waits;
    uint8_t room[LONGEST_NAME], more_room[LONGEST_NAME];
};

/* Makes room for one more in a list; 0 where there is no memory. */
#define GROW(list, most) \
    ((list).used < (list).room || grow_list((void **)&(list).at, sizeof *(list).at, (list).used, &(list).room, most))
/* The same for so many more. */
#define GROW_BY(list, more) \
    ((list).used + (more) <= (list).room || \
     grow_list((void **)&(list).at, sizeof *(list).at, (list).used + (more), &(list).room, MOST_COUNTS))
int grow_list(void **at, size_t size, uint32_t used, uint32_t *room, uint32_t most);

/* read_call.c: the offset after the last bracket of a call that begins at `at`; 0 where it is no JSON object. */
size_t read_call(struct core *core, size_t at);

/* Domains of values: of those in one cell, and of those in which tests find nothing, in whatever cell. */
static inline uint32_t domain_in_cell(uint32_t cell, uint32_t kind) { return cell * KINDS + kind + 1; }
static inline uint32_t domain_of_tests(uint32_t tests, uint32_t kind) { return 1u << 31 | (tests * KINDS + kind); }

/* Reads the value that begins at `at`; the offset after it, 0 where it is no JSON. */
size_t value_at(struct core *core, size_t at, struct value *value);

/* selection.c: whether a call is counted, by its time and its id. */
enum chosen { CHOSEN, LEFT_OUT, NOT_KNOWN };
void prepare_selection(void);
enum chosen chosen_call(const struct core *core);

/* The time of a call, in microseconds from 1970 on, and the field that it is from; LEFT_OUT where it has none. */
enum chosen time_of_call(const struct core *core, int64_t *moment, const struct value **from);

/* A hash of an id, as zlib has it. */
uint32_t crc_of(const uint8_t *bytes, const uint8_t *end);

/* evidence.c: what a call adds to the evidence, its group aside; 0 where Python has to tell. */
int read_witness(struct core *core, const struct entry *entry, struct witness *witness);
void add_witness(struct core *core, const struct witness *witness); /* there must be room for one more id */
ptrdiff_t text_of_flags(struct core *core, const struct value *value, uint8_t room[LONGEST_NAME]);

/* groups.c: the number of the call's group; 0 where it is not known. */
int find_group(struct core *core, uint32_t *group);

/* signatures.c: the number of the signature of what was found of the call; NO_SIGNATURE where there is no room. */
uint32_t signature_of_call(struct core *core, uint32_t group);

/* values.c: the outcome of the class of a value. */
outcome outcome_of_value(struct core *core, uint32_t cell_number, const struct value *value);

/* Reads a number exactly as Python does; 0 where that is not certain. */
int read_number(const uint8_t *bytes, size_t from, size_t to, double *number);

/* shapes.c: the offset after a value that has a shape; 0 where that is not certain. */
size_t end_of_shape(struct core *core, uint32_t shape, size_t at);

/* judge.c: counts the call that was read, if it can. */
enum verdict { COUNTED, NOT_SELECTED, WAITS, BACK };
enum verdict count_call(struct core *core, uint32_t line, size_t from, size_t to);

/* Finds what is to be counted of the call that was read: its sums are in `found`. */
enum verdict find_call(struct core *core, struct found_call *found);

/* Adds a call to its sums; 0 where there is no memory, and then nothing was added. */
int add_call(struct core *core, const struct found_call *call, const uint32_t *sums);

/* Shows a call to the sums that want its place. A call that waited comes after later ones of its block: it is shown to all
 * sums that were shown any of those. */
void show_call(struct core *core, const struct found_call *call, const uint32_t *sums, const struct spot *spot);

/* batch.c: counts the batch that was read, if it can. */
enum verdict count_batch(struct core *core, uint32_t line, size_t from);

/* scan.c: counts the lines of a block, each of which ends with LF; 0 where there is no memory, and then what was counted
 * of the block is of no use. */
int scan_block(struct core *core, const uint8_t *bytes, size_t size, uint32_t *lines);

/* Reads the lines of the block that waited for answers again; with `last` those that still wait are handed back. */
int scan_deferred(struct core *core, const uint8_t *bytes, int last);

/* core.c */
void ask(struct core *core, struct asked question); /* a question that there is no room for is passed over */
int core_make(struct core *core, uint32_t depth, size_t longest_call, size_t longest_line);
void core_clear(struct core *core); /* forgets what it was told and what it counted */
void core_free(struct core *core);

#endif

/* What the core is told of a program: sums, entries, tables, keys, tests of values, and what facts mean. */
#include "core_object.h"
#include "memory.h"

/* Reads a tuple of outcomes; 0 with an exception. */
static int read_outcomes(PyObject *given, outcome *outcomes, Py_ssize_t count) {
    if (PyTuple_Size(given) != count) {
        if (!PyErr_Occurred()) wrong("not as many outcomes as there are");
        return 0;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        unsigned long found = PyLong_AsUnsignedLong(PyTuple_GetItem(given, i));
        if (PyErr_Occurred()) return 0;
        outcomes[i] = (outcome)found;
    }
    return 1;
}

/* Whether an outcome is one of those or a sum that there is. */
static int is_outcome(const struct core *core, outcome found) { return found < FIRST_SUM + core->sums.used; }

PyObject *add_field(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    const char *name;
    Py_ssize_t size;
    if (!core || !PyArg_ParseTuple(args, "y#", &name, &size)) return NULL;
    struct byte_key key = key_of((const uint8_t *)name, (size_t)size, (const uint8_t *)name, 1);
    const struct byte_entry *known = table_find(&core->field_names, &key);
    if (known->domain) return PyLong_FromUnsignedLong(known->value - 1);
    if (core->field_count == MOST_FIELDS) return wrong("too many fields");
    if (!table_set(&core->field_names, &key, core->field_count + 1)) return nothing_left();
    if (size == 7 && !memcmp(name, "context", 7)) core->shared_fields[CONTEXT] = core->field_count;
    if (size == 12 && !memcmp(name, "integrations", 12)) core->shared_fields[INTEGRATIONS] = core->field_count;
    return PyLong_FromUnsignedLong(core->field_count++);
}

PyObject *add_sum(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned long long breaks;
    unsigned int left;
    if (!core || !PyArg_ParseTuple(args, "KI", &breaks, &left)) return NULL;
    if (!GROW(core->sums, MOST_COUNTS)) return nothing_left();
    core->sums.at[core->sums.used] = (struct sum){0, breaks, left, 0};
    return PyLong_FromUnsignedLong(FIRST_SUM + core->sums.used++);
}

/* So many calls are still shown for the places of a sum. */
PyObject *set_left(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int sum, left;
    if (!core || !PyArg_ParseTuple(args, "II", &sum, &left)) return NULL;
    if (sum < FIRST_SUM || !is_outcome(core, sum)) return wrong("no such sum");
    core->sums.at[sum - FIRST_SUM].left = left;
    Py_RETURN_NONE;
}

PyObject *add_table(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    struct table table = {0};
    unsigned long long breaks, required;
    unsigned int calls, fault;
    int counts_further, hand_back;
    if (!core || !PyArg_ParseTuple(args, "IIKKpp", &calls, &fault, &breaks, &required, &counts_further, &hand_back))
        return NULL;
    if (!is_outcome(core, calls) || !is_outcome(core, fault)) return wrong("no such outcome");
    if (!GROW(core->tables, MOST_TABLES)) return nothing_left();
    table.calls = calls;
    table.fault = fault;
    table.breaks = breaks;
    table.required = required;
    table.counts_further = (uint8_t)counts_further;
    table.hand_back = (uint8_t)hand_back;
    for (int bit = 0; bit < MOST_REQUIRED; bit++) table.missing[bit] = UNKNOWN;
    core->tables.at[core->tables.used] = table;
    return PyLong_FromUnsignedLong(core->tables.used++);
}

/* Hands back all calls of a table. */
PyObject *refuse_table(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int table;
    if (!core || !PyArg_ParseTuple(args, "I", &table)) return NULL;
    if (table >= core->tables.used) return wrong("no such table");
    core->tables.at[table].hand_back = 1;
    Py_RETURN_NONE;
}

PyObject *set_table(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int entry, kind, table;
    if (!core || !PyArg_ParseTuple(args, "III", &entry, &kind, &table)) return NULL;
    if (entry >= core->entries.used || kind >= KINDS || table >= core->tables.used) return wrong("no such table");
    core->entries.at[entry].tables[kind] = table + 1;
    Py_RETURN_NONE;
}

PyObject *add_entry(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    struct entry entry = {0};
    const char *type, *event;
    Py_ssize_t type_size, event_size;
    unsigned int seen;
    PyObject *faults;
    int hand_back, left_out;
    if (!core || !PyArg_ParseTuple(args, "y#z#IO!ppI", &type, &type_size, &event, &event_size, &seen, &PyTuple_Type,
                                   &faults, &hand_back, &left_out, &entry.watched))
        return NULL;
    if (!read_outcomes(faults, entry.faults, CALL_FAULTS)) return NULL;
    entry.seen = seen;
    entry.hand_back = (uint8_t)hand_back;
    entry.left_out = (uint8_t)left_out;
    for (int fault = 0; fault < CALL_FAULTS; fault++)
        if (!is_outcome(core, entry.faults[fault])) return wrong("no such outcome");
    if (!is_outcome(core, seen)) return wrong("no such outcome");
    if (!GROW(core->entries, MOST_ENTRIES)) return nothing_left();
    struct byte_key key = key_of((const uint8_t *)type, (size_t)type_size, (const uint8_t *)type, TYPE_NAMES);
    const struct byte_entry *known = table_find(&core->names, &key);
    uint32_t number = known->domain ? known->value : core->type_count;
    if (!known->domain) {
        if (!table_set(&core->names, &key, number)) return nothing_left();
        core->type_count++;
    }
    /* A call without an event is kept apart from one with an empty name. */
    const uint8_t *name = (const uint8_t *)(event ? event : "");
    key = key_of(name, event ? (size_t)event_size : 0, name, EVENT_NAMES + 2 * number + !event);
    if (!table_set(&core->names, &key, core->entries.used)) return nothing_left();
    core->entries.at[core->entries.used] = entry;
    return PyLong_FromUnsignedLong(core->entries.used++);
}

/* The slot of a key, which is made if there is room; 0 with an exception where there is no memory, or without. */
static uint32_t slot_of(struct core *core, const char *name, Py_ssize_t size) {
    struct byte_key key = key_of((const uint8_t *)name, (size_t)size, (const uint8_t *)name, 1);
    const struct byte_entry *known = table_find(&core->keys, &key);
    if (known->domain) return known->value;
    if (core->slot_count == MOST_SLOTS) return 0;
    if (!table_set(&core->keys, &key, core->slot_count)) {
        PyErr_NoMemory();
        return 0;
    }
    return core->slot_count++;
}

/* Room for the cell of a slot in a table; 0 where there is no memory. */
static int make_cell_room(struct table *table, uint32_t slot) {
    if (slot < table->cell_room) return 1;
    uint32_t room = slot + slot / 2 + 16;
    uint32_t *grown = resized(table->cells, room, sizeof *grown);
    if (!grown) return 0;
    memset(grown + table->cell_room, 0, (room - table->cell_room) * sizeof *grown);
    table->cells = grown;
    table->cell_room = room;
    return 1;
}

/* The number of the cell of a key; None where there is no room for more keys. */
PyObject *add_cell(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    struct cell cell = {0};
    unsigned int table_number, further, tests, fitting;
    const char *name;
    Py_ssize_t size;
    PyObject *outcomes;
    unsigned long long closed, seen;
    if (!core || !PyArg_ParseTuple(args, "Iy#O!KKIII", &table_number, &name, &size, &PyTuple_Type, &outcomes,
                                   &closed, &seen, &further, &tests, &fitting))
        return NULL;
    if (!read_outcomes(outcomes, cell.outcomes, KINDS)) return NULL;
    for (int kind = 0; kind < KINDS; kind++)
        if (!is_outcome(core, cell.outcomes[kind])) return wrong("no such outcome");
    if (table_number >= core->tables.used || !is_outcome(core, further)) return wrong("no such table");
    if (tests > core->tests.used) return wrong("no such tests");
    cell.closed = closed;
    cell.seen = seen;
    cell.further = further;
    cell.tests = tests;
    cell.fitting = fitting;
    uint32_t slot = slot_of(core, name, size);
    if (!slot || core->cells.used == MOST_CELLS) {
        if (PyErr_Occurred()) return NULL;
        Py_RETURN_NONE;
    }
    struct table *table = &core->tables.at[table_number];
    if (!make_cell_room(table, slot) || !GROW(core->cells, MOST_CELLS)) return nothing_left();
    core->cells.at[core->cells.used] = cell;
    table->cells[slot] = ++core->cells.used;
    return PyLong_FromUnsignedLong(core->cells.used - 1);
}

/* Reads a tuple of numbers into new memory; 0 with an exception. */
static int read_doubles(PyObject *given, double **numbers, uint32_t *count) {
    Py_ssize_t size = PyTuple_Size(given);
    if (size < 0 || !(*numbers = zeroed((size_t)size + 1, sizeof **numbers))) return nothing_left() != NULL;
    for (Py_ssize_t i = 0; i < size; i++) (*numbers)[i] = PyFloat_AsDouble(PyTuple_GetItem(given, i));
    *count = (uint32_t)size;
    return !PyErr_Occurred();
}

static int read_numbers(PyObject *given, uint32_t **numbers, uint32_t *count) {
    Py_ssize_t size = PyTuple_Size(given);
    if (size < 0 || !(*numbers = zeroed((size_t)size + 1, sizeof **numbers))) return nothing_left() != NULL;
    for (Py_ssize_t i = 0; i < size; i++) (*numbers)[i] = (uint32_t)PyLong_AsUnsignedLong(PyTuple_GetItem(given, i));
    *count = (uint32_t)size;
    return !PyErr_Occurred();
}

/* A shape: the kinds, the shape of elements or None, whether it is closed, (least, most, above, below) or None,
 * ((key, shape or None, required), ...), and the texts or None. */
PyObject *add_shape(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    struct shape shape = {0};
    PyObject *items, *bounds, *keys, *texts;
    int closed;
    if (!core || !PyArg_ParseTuple(args, "IOpOO!O", &shape.kinds, &items, &closed, &bounds, &PyTuple_Type, &keys, &texts))
        return NULL;
    shape.closed = (uint8_t)closed;
    if (items != Py_None) shape.items = (uint32_t)PyLong_AsUnsignedLong(items) + 1;
    if (PyErr_Occurred() || shape.items > core->shapes.used) return PyErr_Occurred() ? NULL : wrong("no such shape");
    if (bounds != Py_None) {
        int above, below;
        if (!PyArg_ParseTuple(bounds, "ddpp", &shape.least, &shape.most, &above, &below)) return NULL;
        shape.bounded = 1;
        shape.above = (uint8_t)above;
        shape.below = (uint8_t)below;
    }
    if (!GROW(core->shapes, MOST_TABLES)) return nothing_left();
    uint32_t number = core->shapes.used;
    for (Py_ssize_t i = 0; i < PyTuple_Size(keys); i++) {
        const char *name;
        Py_ssize_t size;
        PyObject *inner;
        struct shape_key own = {0, 0};
        unsigned long long required;
        if (!PyArg_ParseTuple(PyTuple_GetItem(keys, i), "y#OK", &name, &size, &inner, &required)) return NULL;
        if (inner != Py_None) own.shape = (uint32_t)PyLong_AsUnsignedLong(inner) + 1;
        if (PyErr_Occurred() || own.shape > core->shapes.used) return PyErr_Occurred() ? NULL : wrong("no such shape");
        own.required = required;
        shape.required |= required;
        struct byte_key key = key_of((const uint8_t *)name, (size_t)size, (const uint8_t *)name, number + 1);
        if (!GROW(core->keys_of_shapes, MOST_COUNTS) || !table_set(&core->shape_keys, &key, core->keys_of_shapes.used))
            return nothing_left();
        core->keys_of_shapes.at[core->keys_of_shapes.used++] = own;
    }
    shape.has_texts = texts != Py_None;
    for (Py_ssize_t i = 0; texts != Py_None && i < PyTuple_Size(texts); i++) {
        char *text;
        Py_ssize_t size;
        if (PyBytes_AsStringAndSize(PyTuple_GetItem(texts, i), &text, &size) < 0) return NULL;
        struct byte_key key = key_of((const uint8_t *)text, (size_t)size, (const uint8_t *)text, number + 1);
        if (!table_set(&core->shape_texts, &key, 1)) return nothing_left();
    }
    if (PyErr_Occurred()) return NULL;
    core->shapes.at[number] = shape;
    core->shapes.used++;
    return PyLong_FromUnsignedLong(number);
}

/* How values are classed: cuts of numbers, lengths, automata; None where the very bytes decide. */
PyObject *add_tests(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    struct value_tests tests = {0};
    PyObject *cuts, *lengths, *automata;
    unsigned int objects, arrays;
    int items;
    if (!core || !PyArg_ParseTuple(args, "OOOpII", &cuts, &lengths, &automata, &items, &objects, &arrays)) return NULL;
    if (objects > core->shapes.used || arrays > core->shapes.used) return wrong("no such shape");
    tests.shapes[OBJECT] = objects;
    tests.shapes[ARRAY] = arrays;
    tests.numbers_by_cuts = cuts != Py_None;
    tests.texts_by_class = lengths != Py_None;
    tests.items = (uint8_t)items;
    int read = (cuts == Py_None || read_doubles(cuts, &tests.cuts, &tests.cut_count))
        && (lengths == Py_None || (read_numbers(lengths, &tests.lengths, &tests.length_count)
                                   && read_numbers(automata, &tests.automata, &tests.automaton_count)));
    for (uint32_t i = 0; read && i < tests.automaton_count; i++)
        if (tests.automata[i] >= core->automata.used || tests.automaton_count > 32) read = !!wrong("no such automaton");
    if (read && !GROW(core->tests, MOST_CELLS)) read = !!nothing_left();
    if (!read) {
        free(tests.cuts);
        free(tests.lengths);
        free(tests.automata);
        return NULL;
    }
    core->tests.at[core->tests.used] = tests;
    return PyLong_FromUnsignedLong(++core->tests.used);
}

PyObject *set_outcome(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int cell, kind, found;
    if (!core || !PyArg_ParseTuple(args, "III", &cell, &kind, &found)) return NULL;
    if (cell >= core->cells.used || kind >= KINDS || !is_outcome(core, found)) return wrong("no such outcome");
    core->cells.at[cell].outcomes[kind] = found;
    Py_RETURN_NONE;
}

/* The outcome of a class of values in a cell, or of the very bytes of one; or that the tests find nothing in it. */
PyObject *set_value(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int cell, kind, found;
    unsigned long long class;
    const char *bytes;
    Py_ssize_t size;
    int of_tests;
    if (!core || !PyArg_ParseTuple(args, "IIKz#Ip", &cell, &kind, &class, &bytes, &size, &found, &of_tests)) return NULL;
    if (cell >= core->cells.used || kind >= KINDS || !is_outcome(core, found)) return wrong("no such outcome");
    uint32_t domain = of_tests ? domain_of_tests(core->cells.at[cell].tests, kind) : domain_in_cell(cell, kind);
    struct byte_key key = bytes ? key_of((const uint8_t *)bytes, (size_t)size, (const uint8_t *)bytes, domain)
                                : key_of_number(class, domain);
    if (!table_set(&core->values, &key, found)) return nothing_left();
    Py_RETURN_NONE;
}

PyObject *set_missing(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int table, bit, found;
    if (!core || !PyArg_ParseTuple(args, "III", &table, &bit, &found)) return NULL;
    if (table >= core->tables.used || bit >= MOST_REQUIRED || !is_outcome(core, found)) return wrong("no such outcome");
    core->tables.at[table].missing[bit] = found;
    Py_RETURN_NONE;
}

/* The outcome of the rules that do not allow some key of a call: a bit for each. */
PyObject *set_keys(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int table, found;
    unsigned long long closed;
    if (!core || !PyArg_ParseTuple(args, "IKI", &table, &closed, &found)) return NULL;
    if (table >= core->tables.used || !is_outcome(core, found)) return wrong("no such outcome");
    struct byte_key key = key_of_number(closed, table + 1);
    if (!table_set(&core->key_sets, &key, found)) return nothing_left();
    Py_RETURN_NONE;
}

/* Places of a table that are judged together: pairs of whether one is a property, and its key or field. */
PyObject *add_joint(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    struct joint joint = {0};
    unsigned int table;
    PyObject *places;
    if (!core || !PyArg_ParseTuple(args, "IO!", &table, &PyTuple_Type, &places)) return NULL;
    Py_ssize_t count = PyTuple_Size(places);
    if (table >= core->tables.used || count > MOST_JOINT_PLACES) return wrong("no such table, or too many places");
    for (Py_ssize_t i = 0; i < count; i++) {
        int in_properties;
        const char *name;
        Py_ssize_t size;
        if (!PyArg_ParseTuple(PyTuple_GetItem(places, i), "py#", &in_properties, &name, &size)) return NULL;
        uint32_t number = 0;
        if (in_properties) {
            if (!(number = slot_of(core, name, size))) return PyErr_Occurred() ? NULL : wrong("too many keys");
        } else {
            struct byte_key key = key_of((const uint8_t *)name, (size_t)size, (const uint8_t *)name, 1);
            const struct byte_entry *known = table_find(&core->field_names, &key);
            if (!known->domain) return wrong("no such field");
            number = known->value - 1;
        }
        joint.places[joint.count++] = (struct place){(uint8_t)in_properties, number};
    }
    if (!GROW(core->joints, MOST_TABLES)) return nothing_left();
    joint.next = core->tables.at[table].joint;
    core->joints.at[core->joints.used] = joint;
    core->tables.at[table].joint = ++core->joints.used;
    return PyLong_FromUnsignedLong(core->joints.used - 1);
}

PyObject *set_joint(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int joint, found;
    unsigned long long kinds;
    if (!core || !PyArg_ParseTuple(args, "IKI", &joint, &kinds, &found)) return NULL;
    if (joint >= core->joints.used || !is_outcome(core, found)) return wrong("no such outcome");
    struct byte_key key = key_of_number(kinds, joint + 1);
    if (!table_set(&core->joints_found, &key, found)) return nothing_left();
    Py_RETURN_NONE;
}

/* A pattern: 256 next states for each state, which states accept, and the first one. */
PyObject *add_automaton(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    const char *next, *accepts;
    Py_ssize_t size, states;
    unsigned int start;
    if (!core || !PyArg_ParseTuple(args, "y#y#I", &next, &size, &accepts, &states, &start)) return NULL;
    if (states < FIRST_STATE || states > 256 || size != 256 * states || start >= states) return wrong("no automaton");
    for (Py_ssize_t i = 0; i < size; i++)
        if ((uint8_t)next[i] >= states) return wrong("no such state");
    struct automaton automaton = {zeroed((size_t)size, 1), zeroed((size_t)states, 1), (uint32_t)states, start};
    if (!automaton.next || !automaton.accepts || !GROW(core->automata, MOST_TABLES)) {
        free(automaton.next);
        free(automaton.accepts);
        return nothing_left();
    }
    memcpy(automaton.next, next, (size_t)size);
    for (Py_ssize_t i = 0; i < states; i++) automaton.accepts[i] = accepts[i] != 0;
    core->automata.at[core->automata.used] = automaton;
    return PyLong_FromUnsignedLong(core->automata.used++);
}

/* The core for Python: `Core` is told what facts mean, scans blocks, and gives what it counted. */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "core.h"
#include "memory.h"
#include "special_bytes.h"

/* What the Python side has to agree with: it grows with each change of what is told or given. */
#define CONTRACT 3

struct core_object {
    PyObject_HEAD
    struct core core;
    int busy; /* a block is being scanned, perhaps by another thread */
};

static struct core *idle(PyObject *self) {
    struct core_object *object = (struct core_object *)self;
    if (!object->busy) return &object->core;
    PyErr_SetString(PyExc_RuntimeError, "a block is being scanned");
    return NULL;
}

static PyObject *nothing_left(void) { return PyErr_NoMemory(); }

static PyObject *wrong(const char *what) {
    PyErr_SetString(PyExc_ValueError, what);
    return NULL;
}

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

static PyObject *add_field(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    const char *name;
    Py_ssize_t size;
    if (!core || !PyArg_ParseTuple(args, "y#", &name, &size)) return NULL;
    struct byte_key key = key_of((const uint8_t *)name, (size_t)size, (const uint8_t *)name, 1);
    const struct byte_entry *known = table_find(&core->field_names, &key);
    if (known->domain) return PyLong_FromUnsignedLong(known->value - 1);
    if (core->field_count == MOST_FIELDS) return wrong("too many fields");
    if (!table_set(&core->field_names, &key, core->field_count + 1)) return nothing_left();
    return PyLong_FromUnsignedLong(core->field_count++);
}

static PyObject *add_sum(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned long long breaks;
    unsigned int left;
    if (!core || !PyArg_ParseTuple(args, "KI", &breaks, &left)) return NULL;
    if (!GROW(core->sums, MOST_COUNTS)) return nothing_left();
    core->sums.at[core->sums.used] = (struct sum){0, breaks, left, 0};
    return PyLong_FromUnsignedLong(FIRST_SUM + core->sums.used++);
}

static PyObject *add_table(PyObject *self, PyObject *args) {
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
static PyObject *refuse_table(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int table;
    if (!core || !PyArg_ParseTuple(args, "I", &table)) return NULL;
    if (table >= core->tables.used) return wrong("no such table");
    core->tables.at[table].hand_back = 1;
    Py_RETURN_NONE;
}

static PyObject *set_table(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int entry, kind, table;
    if (!core || !PyArg_ParseTuple(args, "III", &entry, &kind, &table)) return NULL;
    if (entry >= core->entries.used || kind >= KINDS || table >= core->tables.used) return wrong("no such table");
    core->entries.at[entry].tables[kind] = table + 1;
    Py_RETURN_NONE;
}

static PyObject *add_entry(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    struct entry entry = {0};
    const char *type, *event;
    Py_ssize_t type_size, event_size;
    unsigned int seen;
    PyObject *faults;
    int hand_back;
    if (!core || !PyArg_ParseTuple(args, "y#z#IO!p", &type, &type_size, &event, &event_size, &seen, &PyTuple_Type,
                                   &faults, &hand_back))
        return NULL;
    if (!read_outcomes(faults, entry.faults, CALL_FAULTS)) return NULL;
    entry.seen = seen;
    entry.hand_back = (uint8_t)hand_back;
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
static PyObject *add_cell(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    struct cell cell = {0};
    unsigned int table_number, further;
    const char *name;
    Py_ssize_t size;
    PyObject *outcomes;
    unsigned long long closed, seen;
    if (!core || !PyArg_ParseTuple(args, "Iy#O!KKI", &table_number, &name, &size, &PyTuple_Type, &outcomes, &closed,
                                   &seen, &further))
        return NULL;
    if (!read_outcomes(outcomes, cell.outcomes, KINDS)) return NULL;
    for (int kind = 0; kind < KINDS; kind++)
        if (!is_outcome(core, cell.outcomes[kind])) return wrong("no such outcome");
    if (table_number >= core->tables.used || !is_outcome(core, further)) return wrong("no such table");
    cell.closed = closed;
    cell.seen = seen;
    cell.further = further;
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
static PyObject *add_shape(PyObject *self, PyObject *args) {
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

/* How the values in a cell are classed: cuts of numbers, lengths, automata; None where the very bytes decide. */
static PyObject *set_tests(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    struct value_tests tests = {0};
    unsigned int number;
    PyObject *cuts, *lengths, *automata;
    unsigned int objects, arrays;
    int items;
    if (!core || !PyArg_ParseTuple(args, "IOOOpII", &number, &cuts, &lengths, &automata, &items, &objects, &arrays))
        return NULL;
    if (number >= core->cells.used) return wrong("no such cell");
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
    struct value_tests *old = &core->cells.at[number].tests;
    if (!read || old->cuts || old->lengths || old->automata) {
        free(tests.cuts);
        free(tests.lengths);
        free(tests.automata);
        return read ? wrong("tests are told once") : NULL;
    }
    *old = tests;
    Py_RETURN_NONE;
}

static PyObject *set_outcome(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int cell, kind, found;
    if (!core || !PyArg_ParseTuple(args, "III", &cell, &kind, &found)) return NULL;
    if (cell >= core->cells.used || kind >= KINDS || !is_outcome(core, found)) return wrong("no such outcome");
    core->cells.at[cell].outcomes[kind] = found;
    Py_RETURN_NONE;
}

/* The outcome of a class of values in a cell, or of the very bytes of one. */
static PyObject *set_value(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int cell, kind, found;
    unsigned long long class;
    const char *bytes;
    Py_ssize_t size;
    if (!core || !PyArg_ParseTuple(args, "IIKz#I", &cell, &kind, &class, &bytes, &size, &found)) return NULL;
    if (cell >= core->cells.used || kind >= KINDS || !is_outcome(core, found)) return wrong("no such outcome");
    uint32_t domain = cell * KINDS + kind + 1;
    struct byte_key key = bytes ? key_of((const uint8_t *)bytes, (size_t)size, (const uint8_t *)bytes, domain)
                                : key_of_number(class, domain);
    if (!table_set(&core->values, &key, found)) return nothing_left();
    Py_RETURN_NONE;
}

static PyObject *set_missing(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int table, bit, found;
    if (!core || !PyArg_ParseTuple(args, "III", &table, &bit, &found)) return NULL;
    if (table >= core->tables.used || bit >= MOST_REQUIRED || !is_outcome(core, found)) return wrong("no such outcome");
    core->tables.at[table].missing[bit] = found;
    Py_RETURN_NONE;
}

/* The outcome of the rules that do not allow some key of a call: a bit for each. */
static PyObject *set_keys(PyObject *self, PyObject *args) {
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
static PyObject *add_joint(PyObject *self, PyObject *args) {
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

static PyObject *set_joint(PyObject *self, PyObject *args) {
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
static PyObject *add_automaton(PyObject *self, PyObject *args) {
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

/* Appends a new object, which is taken, to a list; 0 with an exception. */
static int append(PyObject *list, PyObject *made) {
    int failed = !made || PyList_Append(list, made);
    Py_XDECREF(made);
    return !failed;
}

static PyObject *text_of(const struct core *core, int is, uint32_t from, uint32_t to, int escaped) {
    uint8_t room[LONGEST_NAME];
    const uint8_t *bytes = core->text.bytes + from;
    if (!is) return Py_NewRef(Py_None);
    ptrdiff_t size = (ptrdiff_t)(to - from);
    if (escaped) {
        size = unescape(bytes, bytes + size, room, sizeof room);
        bytes = room;
        if (size < 0) return Py_NewRef(Py_None);
    }
    return PyBytes_FromStringAndSize((const char *)bytes, size);
}

static PyObject *question_object(const struct core *core, const struct asked *asked) {
    int is_text = asked->to > asked->from || asked->what == ASK_ENTRY || asked->what == ASK_KEY || asked->what == ASK_VALUE;
    PyObject *text = text_of(core, is_text, asked->from, asked->to, asked->escaped);
    PyObject *more = text_of(core, asked->what == ASK_ENTRY && asked->has_more, asked->more_from, asked->more_to, asked->more_escaped);
    if (text && more)
        return Py_BuildValue("BBIKNNi", asked->what, asked->kind, asked->owner, (unsigned long long)asked->number, text,
                             more, asked->has_more);
    Py_XDECREF(text);
    Py_XDECREF(more);
    return NULL;
}

/* What a pass over a block gave: calls, [(line, from, to, sure)] that are handed back, [question], [(line, from, to, sum)]
 * that are shown, and how many lines wait. */
static PyObject *pass_result(const struct core *core) {
    PyObject *handed = PyList_New(0), *questions = PyList_New(0), *shown = PyList_New(0);
    int made = handed && questions && shown;
    for (uint32_t i = 0; made && i < core->handed.used; i++) {
        const struct handed *line = &core->handed.at[i];
        made = append(handed, Py_BuildValue("IIIi", line->line, line->from, line->to, line->sure));
    }
    for (uint32_t i = 0; made && i < core->questions.used; i++)
        made = append(questions, question_object(core, &core->questions.at[i]));
    for (uint32_t i = 0; made && i < core->shown.used; i++) {
        const struct shown *one = &core->shown.at[i];
        made = append(shown, Py_BuildValue("IIII", one->line, one->from, one->to, FIRST_SUM + one->sum));
    }
    if (made)
        return Py_BuildValue("KNNNI", (unsigned long long)core->calls, handed, questions, shown, core->deferred.used);
    Py_XDECREF(handed);
    Py_XDECREF(questions);
    Py_XDECREF(shown);
    return NULL;
}

/* scan(data, countable) -> lines, those that are blank, not objects, malformed, and not UTF-8, result of the first pass */
static PyObject *scan(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    Py_buffer view;
    unsigned int countable;
    int scanned;
    uint32_t lines = 0;
    if (!core || !PyArg_ParseTuple(args, "y*I", &view, &countable)) return NULL;
    const uint8_t *bytes = view.buf;
    if (view.len > INT32_MAX || (view.len && bytes[view.len - 1] != '\n')) {
        PyBuffer_Release(&view);
        return wrong("not whole lines, or too many");
    }
    ((struct core_object *)self)->busy = 1;
    core->countable = countable;
    Py_BEGIN_ALLOW_THREADS
    scanned = scan_block(core, bytes, (size_t)view.len, &lines);
    Py_END_ALLOW_THREADS
    ((struct core_object *)self)->busy = 0;
    core->size = (size_t)view.len;
    PyObject *pass = scanned ? pass_result(core) : PyErr_NoMemory();
    PyBuffer_Release(&view);
    if (!pass) return NULL;
    const uint64_t *found = core->lines;
    return Py_BuildValue("IKKKKN", lines, (unsigned long long)found[BLANK], (unsigned long long)found[NOT_OBJECT],
                         (unsigned long long)found[MALFORMED], (unsigned long long)found[NOT_UTF8], pass);
}

/* scan_again(data, last) -> result of a pass over the lines of the block that waited */
static PyObject *scan_again(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    Py_buffer view;
    int last;
    if (!core || !PyArg_ParseTuple(args, "y*p", &view, &last)) return NULL;
    PyObject *pass;
    if ((size_t)view.len != core->size) pass = wrong("another block");
    else pass = scan_deferred(core, view.buf, last) ? pass_result(core) : PyErr_NoMemory();
    PyBuffer_Release(&view);
    return pass;
}

/* take() -> [(sum, count)], [(table, breaks, count)] since the last time */
static PyObject *take_counts(PyObject *self, PyObject *unused) {
    struct core *core = idle(self);
    (void)unused;
    if (!core) return NULL;
    PyObject *sums = PyList_New(0), *broken = PyList_New(0);
    int made = sums && broken;
    for (uint32_t i = 0; made && i < core->sums.used; i++)
        if (core->sums.at[i].count)
            made = append(sums, Py_BuildValue("IK", FIRST_SUM + i, (unsigned long long)core->sums.at[i].count));
    for (uint32_t i = 0; made && i < core->broken.used; i++) {
        const struct broken *one = &core->broken.at[i];
        if (one->count)
            made = append(broken, Py_BuildValue("IKK", one->table, (unsigned long long)one->breaks, (unsigned long long)one->count));
    }
    if (!made) {
        Py_XDECREF(sums);
        Py_XDECREF(broken);
        return NULL;
    }
    for (uint32_t i = 0; i < core->sums.used; i++) core->sums.at[i].count = 0;
    for (uint32_t i = 0; i < core->broken.used; i++) core->broken.at[i].count = 0;
    return Py_BuildValue("NN", sums, broken);
}

static PyObject *clear(PyObject *self, PyObject *unused) {
    struct core *core = idle(self);
    (void)unused;
    if (!core) return NULL;
    core_clear(core);
    Py_RETURN_NONE;
}

static int init(PyObject *self, PyObject *args, PyObject *kwargs) {
    struct core *core = idle(self);
    unsigned int depth;
    Py_ssize_t longest_line;
    if (!core) return -1;
    if (kwargs && PyDict_Size(kwargs)) return wrong("no names are taken"), -1;
    if (!PyArg_ParseTuple(args, "In", &depth, &longest_line)) return -1;
    if (core->stamps || depth > MOST_DEPTH || longest_line < 0) return wrong("made twice, or too deep"), -1;
    if (core_make(core, depth, (size_t)longest_line)) return 0;
    PyErr_NoMemory();
    return -1;
}

static void dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    core_free(&((struct core_object *)self)->core);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* For tests: lets an allocation fail after so many; a negative number lets none fail. */
static PyObject *fail_after(PyObject *self, PyObject *args) {
    (void)self;
    if (!PyArg_ParseTuple(args, "l", &allocations_left)) return NULL;
    Py_RETURN_NONE;
}

/* For tests: uses other instructions. */
static PyObject *use_instructions(PyObject *self, PyObject *args) {
    int most;
    (void)self;
    if (!PyArg_ParseTuple(args, "i", &most)) return NULL;
    choose_instructions((enum instructions)most);
    return PyUnicode_FromString(instructions_in_use());
}

static PyMethodDef core_methods[] = {
    {"add_field", add_field, METH_VARARGS, NULL},
    {"add_sum", add_sum, METH_VARARGS, NULL},
    {"add_table", add_table, METH_VARARGS, NULL},
    {"refuse_table", refuse_table, METH_VARARGS, NULL},
    {"set_table", set_table, METH_VARARGS, NULL},
    {"add_entry", add_entry, METH_VARARGS, NULL},
    {"add_cell", add_cell, METH_VARARGS, NULL},
    {"add_shape", add_shape, METH_VARARGS, NULL},
    {"set_tests", set_tests, METH_VARARGS, NULL},
    {"set_outcome", set_outcome, METH_VARARGS, NULL},
    {"set_value", set_value, METH_VARARGS, NULL},
    {"set_missing", set_missing, METH_VARARGS, NULL},
    {"set_keys", set_keys, METH_VARARGS, NULL},
    {"add_joint", add_joint, METH_VARARGS, NULL},
    {"set_joint", set_joint, METH_VARARGS, NULL},
    {"add_automaton", add_automaton, METH_VARARGS, NULL},
    {"scan", scan, METH_VARARGS, NULL},
    {"scan_again", scan_again, METH_VARARGS, NULL},
    {"take", take_counts, METH_NOARGS, NULL},
    {"clear", clear, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot core_slots[] = {
    {Py_tp_init, init}, {Py_tp_dealloc, dealloc}, {Py_tp_methods, core_methods}, {0, NULL},
};

static PyType_Spec core_spec = {"validator.native._core.Core", sizeof(struct core_object), 0, Py_TPFLAGS_DEFAULT, core_slots};

static PyMethodDef functions[] = {
    {"fail_after", fail_after, METH_VARARGS, NULL},
    {"use_instructions", use_instructions, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_core", NULL, -1, functions, NULL, NULL, NULL, NULL};

static int seed_hashes(void) {
    PyObject *os = PyImport_ImportModule("os"), *random = os ? PyObject_CallMethod(os, "urandom", "i", 8) : NULL;
    char *bytes = random ? PyBytes_AsString(random) : NULL;
    if (bytes) memcpy(&hash_seed, bytes, 8);
    Py_XDECREF(random);
    Py_XDECREF(os);
    return bytes != NULL;
}

PyMODINIT_FUNC PyInit__core(void) {
    PyObject *module = PyModule_Create(&definition), *type = PyType_FromSpec(&core_spec);
    prepare_json_text();
    choose_instructions(WIDEST);
    if (!module || !type || !seed_hashes() || PyModule_AddObjectRef(module, "Core", type) < 0
        || PyModule_AddIntConstant(module, "CONTRACT", CONTRACT) < 0
        || PyModule_AddStringConstant(module, "INSTRUCTIONS", instructions_in_use()) < 0)
        Py_CLEAR(module);
    Py_XDECREF(type);
    return module;
}

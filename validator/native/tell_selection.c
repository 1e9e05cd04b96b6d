/* What the core is told of which calls are counted, and by what they are grouped. */
#include "core_object.h"
#include "memory.h"

/* select(fields of times, since, until, field of the id or None, share): moments in microseconds from 1970 on, or None for
 * no bounds; the share is of 2^32. */
PyObject *select_calls(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    PyObject *times, *bounds, *identity;
    long long since = 0, until = 0;
    unsigned long long share;
    if (!core || !PyArg_ParseTuple(args, "O!OOK", &PyTuple_Type, &times, &bounds, &identity, &share)) return NULL;
    if (bounds != Py_None && !PyArg_ParseTuple(bounds, "LL", &since, &until)) return NULL;
    if (PyTuple_Size(times) > MOST_TIMES) return wrong("too many fields of times");
    uint32_t fields[MOST_TIMES] = {0}, sampled_by = 0;
    for (Py_ssize_t i = 0; i < PyTuple_Size(times); i++) fields[i] = (uint32_t)PyLong_AsUnsignedLong(PyTuple_GetItem(times, i));
    if (identity != Py_None) sampled_by = (uint32_t)PyLong_AsUnsignedLong(identity);
    if (PyErr_Occurred()) return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_Size(times); i++)
        if (fields[i] >= core->field_count) return wrong("no such field");
    if (sampled_by >= core->field_count) return wrong("no such field");
    memcpy(core->times, fields, sizeof fields);
    core->time_count = (uint32_t)PyTuple_Size(times);
    core->bounded = bounds != Py_None;
    core->since = since;
    core->until = until;
    core->sampled_by = sampled_by;
    core->share = share;
    core->selects = core->bounded || sampled_by;
    Py_RETURN_NONE;
}

/* add_path(field, keys below it, by day, constant, by flags): one more value by which calls are grouped. */
PyObject *add_path(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    struct path path = {0};
    unsigned int field;
    PyObject *keys;
    int by_day, is_constant, by_flags;
    if (!core || !PyArg_ParseTuple(args, "IO!ppp", &field, &PyTuple_Type, &keys, &by_day, &is_constant, &by_flags)) return NULL;
    if (core->path_count == MOST_PATHS || PyTuple_Size(keys) > MOST_STEPS) return wrong("too many paths, or too long");
    if (field >= core->field_count) return wrong("no such field");
    path.field = field;
    path.by_day = (uint8_t)by_day;
    path.is_constant = (uint8_t)is_constant;
    path.by_flags = (uint8_t)by_flags;
    for (; path.count < PyTuple_Size(keys); path.count++) {
        char *bytes;
        Py_ssize_t size;
        struct path_key *key = &path.keys[path.count];
        if (PyBytes_AsStringAndSize(PyTuple_GetItem(keys, path.count), &bytes, &size) < 0) break;
        if (!(key->bytes = zeroed((size_t)size + 1, 1))) {
            nothing_left();
            break;
        }
        memcpy(key->bytes, bytes, (size_t)size);
        key->size = (size_t)size;
    }
    if (PyErr_Occurred()) {
        for (uint32_t i = 0; i < path.count; i++) free(path.keys[i].bytes);
        return NULL;
    }
    core->paths[core->path_count++] = path;
    Py_RETURN_NONE;
}

/* The label of all calls from now on, of a path that is constant. */
PyObject *set_constant(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int path, label;
    if (!core || !PyArg_ParseTuple(args, "II", &path, &label)) return NULL;
    if (path >= core->path_count || !core->paths[path].is_constant) return wrong("no such path");
    core->paths[path].constant = label;
    Py_RETURN_NONE;
}

/* The label of a value of a path. */
PyObject *set_label(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int path, kind, label;
    const char *text;
    Py_ssize_t size;
    if (!core || !PyArg_ParseTuple(args, "IIz#I", &path, &kind, &text, &size, &label)) return NULL;
    if (path >= core->path_count || kind >= KINDS || label == UNKNOWN_LABEL) return wrong("no such path");
    const uint8_t *bytes = (const uint8_t *)(text ? text : "");
    struct byte_key key = key_of(bytes, text ? (size_t)size : 0, bytes, path * KINDS + kind + 1);
    if (!table_set(&core->labels, &key, label)) return nothing_left();
    Py_RETURN_NONE;
}

PyObject *observe(PyObject *self, PyObject *unused) {
    struct core *core = idle(self);
    (void)unused;
    if (!core) return NULL;
    core->observed = 1;
    Py_RETURN_NONE;
}

/* witness(field of ids, hashes that are wanted): evidence is wanted. The first path is constant; its label is what the entry
 * of a call has `watched`. */
PyObject *witness_calls(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int identity;
    PyObject *hashes;
    if (!core || !PyArg_ParseTuple(args, "IO!", &identity, &PyTuple_Type, &hashes)) return NULL;
    if (identity >= core->field_count || !core->path_count || !core->paths[0].is_constant) return wrong("no such field");
    for (Py_ssize_t i = 0; i < PyTuple_Size(hashes); i++) {
        struct byte_key key = key_of_number(PyLong_AsUnsignedLong(PyTuple_GetItem(hashes, i)), 1);
        if (PyErr_Occurred()) return NULL;
        if (!table_set(&core->hashes_wanted, &key, 1)) return nothing_left();
    }
    core->identity = identity;
    core->largest_hash = UINT32_MAX;
    core->witnessed = 1;
    Py_RETURN_NONE;
}

/* Ids with larger hashes are not wanted from now on. */
PyObject *set_largest_hash(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int largest;
    if (!core || !PyArg_ParseTuple(args, "I", &largest)) return NULL;
    core->largest_hash = largest;
    Py_RETURN_NONE;
}

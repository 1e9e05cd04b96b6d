/* What the core gives: its counts, and what calls have in common that add to the same sums. */
#include "core_object.h"

/* take() -> [(sum, count)], [(table, breaks, count)] since the last time */
PyObject *take_counts(PyObject *self, PyObject *unused) {
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

/* take_signatures() -> [(signature, calls)] since the last time */
PyObject *take_signatures(PyObject *self, PyObject *unused) {
    struct core *core = idle(self);
    (void)unused;
    PyObject *taken = core ? PyList_New(0) : NULL;
    int made = taken != NULL;
    for (uint32_t i = 0; made && i < core->signatures.used; i++) {
        const struct signature *one = &core->signatures.at[i];
        if (one->calls) made = append(taken, Py_BuildValue("IK", i, (unsigned long long)one->calls));
    }
    if (!made) Py_CLEAR(taken);
    for (uint32_t i = 0; made && i < core->signatures.used; i++) core->signatures.at[i].calls = 0;
    return taken;
}

/* The numbers as a tuple, each greater by so much. */
static PyObject *tuple_of(const uint32_t *numbers, uint32_t count, uint32_t more) {
    PyObject *list = PyList_New(0), *tuple = NULL;
    int made = list != NULL;
    for (uint32_t i = 0; made && i < count; i++) made = append(list, PyLong_FromUnsignedLong(numbers[i] + more));
    if (made) tuple = PyList_AsTuple(list);
    Py_XDECREF(list);
    return tuple;
}

/* signature(number) -> labels of its group, its sums */
PyObject *signature(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    unsigned int number;
    if (!core || !PyArg_ParseTuple(args, "I", &number)) return NULL;
    if (number >= core->signatures.used) return wrong("no such signature");
    const struct signature *one = &core->signatures.at[number];
    PyObject *sums = tuple_of(core->sums_of_signatures.at + one->from, one->count, FIRST_SUM);
    PyObject *labels = tuple_of(core->labels_of_groups.at + one->group * core->path_count, core->path_count, 0);
    if (sums && labels) return Py_BuildValue("NN", labels, sums);
    Py_XDECREF(sums);
    Py_XDECREF(labels);
    return NULL;
}

/* signatures_of_lines() -> for each line of the block its signature as 4 bytes; all bits are set where it has none */
PyObject *signatures_of_lines(PyObject *self, PyObject *unused) {
    struct core *core = idle(self);
    (void)unused;
    if (!core) return NULL;
    return PyBytes_FromStringAndSize((const char *)core->signature_of_line.at,
                                     (Py_ssize_t)(core->signature_of_line.used * sizeof(uint32_t)));
}

PyObject *is_full(PyObject *self, PyObject *unused) {
    struct core *core = idle(self);
    (void)unused;
    return core ? PyBool_FromLong(core->is_full) : NULL;
}

/* take_groups() -> [(labels, calls, first time, last time)] since the last time; None for times that no call has */
PyObject *take_groups(PyObject *self, PyObject *unused) {
    struct core *core = idle(self);
    (void)unused;
    PyObject *taken = core ? PyList_New(0) : NULL;
    int made = taken != NULL;
    for (uint32_t i = 0; made && i < core->counts_of_groups.used; i++) {
        const struct group_counts *counts = &core->counts_of_groups.at[i];
        if (!counts->calls) continue;
        PyObject *labels = tuple_of(core->labels_of_groups.at + (size_t)i * core->path_count, core->path_count, 0);
        PyObject *first = counts->timed ? PyLong_FromLongLong(counts->first) : Py_NewRef(Py_None);
        PyObject *last = counts->timed ? PyLong_FromLongLong(counts->last) : Py_NewRef(Py_None);
        made = labels && first && last;
        if (made) made = append(taken, Py_BuildValue("OKOO", labels, (unsigned long long)counts->calls, first, last));
        Py_XDECREF(labels);
        Py_XDECREF(first);
        Py_XDECREF(last);
    }
    if (!made) Py_CLEAR(taken);
    for (uint32_t i = 0; made && i < core->counts_of_groups.used; i++)
        core->counts_of_groups.at[i] = (struct group_counts){0};
    return taken;
}

/* take_ids(data) -> the ids of calls of that block that are wanted */
PyObject *take_ids(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    Py_buffer view;
    if (!core || !PyArg_ParseTuple(args, "y*", &view)) return NULL;
    PyObject *taken = (size_t)view.len == core->size ? PyList_New(0) : wrong("another block");
    int made = taken != NULL;
    for (uint32_t i = 0; made && i < core->ids.used; i++) {
        const struct span *id = &core->ids.at[i];
        made = append(taken, PyBytes_FromStringAndSize((const char *)view.buf + id->from, (Py_ssize_t)(id->to - id->from)));
    }
    if (!made) Py_CLEAR(taken);
    else core->ids.used = 0;
    PyBuffer_Release(&view);
    return taken;
}

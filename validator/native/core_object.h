/* The core as a Python object, for the files that are its methods. */
#ifndef UCLINT_CORE_OBJECT_H
#define UCLINT_CORE_OBJECT_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "core.h"

struct core_object {
    PyObject_HEAD
    struct core core;
    int busy; /* a block is being scanned, perhaps by another thread */
};

/* The core, unless a block is being scanned: then NULL with an exception. */
struct core *idle(PyObject *self);

/* Both set an exception and return NULL. */
PyObject *nothing_left(void);
PyObject *wrong(const char *what);

/* tell.c: what the core is told. */
PyObject *add_field(PyObject *self, PyObject *args);
PyObject *add_sum(PyObject *self, PyObject *args);
PyObject *set_left(PyObject *self, PyObject *args);
PyObject *add_table(PyObject *self, PyObject *args);
PyObject *refuse_table(PyObject *self, PyObject *args);
PyObject *set_table(PyObject *self, PyObject *args);
PyObject *add_entry(PyObject *self, PyObject *args);
PyObject *add_cell(PyObject *self, PyObject *args);
PyObject *add_shape(PyObject *self, PyObject *args);
PyObject *add_tests(PyObject *self, PyObject *args);
PyObject *set_outcome(PyObject *self, PyObject *args);
PyObject *set_value(PyObject *self, PyObject *args);
PyObject *set_missing(PyObject *self, PyObject *args);
PyObject *set_keys(PyObject *self, PyObject *args);
PyObject *add_joint(PyObject *self, PyObject *args);
PyObject *set_joint(PyObject *self, PyObject *args);
PyObject *add_automaton(PyObject *self, PyObject *args);

/* object_spans.c: object_spans(bytes, start, in an array, longest) -> [(start, end, lines before it)], counted from `start`,
 * of the objects that follow each other there, up to what is none, or not complete. */
PyObject *object_spans(PyObject *self, PyObject *args);

/* tell_selection.c: which calls are counted, and what is wanted of each. */
PyObject *select_calls(PyObject *self, PyObject *args);
PyObject *add_path(PyObject *self, PyObject *args);
PyObject *set_constant(PyObject *self, PyObject *args);
PyObject *set_label(PyObject *self, PyObject *args);
PyObject *observe(PyObject *self, PyObject *unused);
PyObject *witness_calls(PyObject *self, PyObject *args);
PyObject *set_largest_hash(PyObject *self, PyObject *args);

/* give.c: what the core counted. */
PyObject *take_counts(PyObject *self, PyObject *unused);
PyObject *take_signatures(PyObject *self, PyObject *unused);
PyObject *signature(PyObject *self, PyObject *args);
PyObject *signatures_of_lines(PyObject *self, PyObject *unused);
PyObject *take_groups(PyObject *self, PyObject *unused);
PyObject *take_ids(PyObject *self, PyObject *args);
PyObject *is_full(PyObject *self, PyObject *unused);

/* Appends a new object, which is taken, to a list; 0 with an exception. */
int append(PyObject *list, PyObject *made);

#endif

/* Sums: what `sums.py` says, which is where to read what each function promises. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Add the weights of numbers that are not yet marked as counted. */
static int add_numbers(PyObject *numbers, PyObject *weights, unsigned char *counted, long long *total)
{
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(numbers); place++) {
        Py_ssize_t number = PyLong_AsSsize_t(PyTuple_GET_ITEM(numbers, place));
        if (number < 0 || number >= PyList_GET_SIZE(weights)) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_IndexError, "sum_once: no such weight");
            return -1;
        }
        if (counted[number])
            continue;
        counted[number] = 1;
        long long weight = PyLong_AsLongLong(PyList_GET_ITEM(weights, number));
        if (weight == -1 && PyErr_Occurred())
            return -1;
        *total += weight;
    }
    return 0;
}

static PyObject *sum_once(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 2 || !PyList_Check(args[0]) || !PyList_Check(args[1]))
        return PyErr_Format(PyExc_TypeError, "sum_once: no two lists");
    PyObject *weights = args[0], *found = args[1];
    unsigned char *counted = PyMem_Calloc(PyList_GET_SIZE(weights) + 1, 1);
    if (counted == NULL)
        return PyErr_NoMemory();
    long long total = 0;
    int failed = 0;
    for (Py_ssize_t place = 0; !failed && place < PyList_GET_SIZE(found); place++) {
        PyObject *numbers = PyList_GET_ITEM(found, place);
        if (PyTuple_Check(numbers))
            failed = add_numbers(numbers, weights, counted, &total);
        else {
            PyErr_SetString(PyExc_TypeError, "sum_once: no tuple");
            failed = -1;
        }
    }
    PyMem_Free(counted);
    return failed ? NULL : PyLong_FromLongLong(total);
}

static uint32_t crc_of_byte[256]; /* as zlib's crc32 has it */

static uint32_t crc_on(uint32_t crc, const char *bytes, Py_ssize_t size)
{
    for (Py_ssize_t place = 0; place < size; place++)
        crc = crc_of_byte[(crc ^ (unsigned char)bytes[place]) & 255] ^ (crc >> 8);
    return crc;
}

static PyObject *least_hashes(PyObject *self, PyObject *words)
{
    enum { RUN_WORDS = 3 };
    const uint32_t shuffle = 0x9E3779B1u;
    if (!PyList_Check(words) || PyList_GET_SIZE(words) < RUN_WORDS)
        return PyErr_Format(PyExc_ValueError, "least_hashes: no list of three words or more");
    uint32_t least = UINT32_MAX, shuffled = UINT32_MAX;
    for (Py_ssize_t start = 0; start + RUN_WORDS <= PyList_GET_SIZE(words); start++) {
        uint32_t crc = UINT32_MAX;
        for (int place = 0; place < RUN_WORDS; place++) {
            Py_ssize_t size;
            const char *bytes = PyUnicode_AsUTF8AndSize(PyList_GET_ITEM(words, start + place), &size);
            if (bytes == NULL)
                return NULL;
            crc = crc_on(place ? crc_on(crc, " ", 1) : crc, bytes, size);
        }
        crc = ~crc;
        least = crc < least ? crc : least;
        shuffled = crc * shuffle < shuffled ? crc * shuffle : shuffled;
    }
    return Py_BuildValue("(kk)", (unsigned long)least, (unsigned long)shuffled);
}

static PyMethodDef functions[] = {
    {"sum_once", (PyCFunction)(void (*)(void))sum_once, METH_FASTCALL, NULL},
    {"least_hashes", least_hashes, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "sums", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_sums(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
        crc_of_byte[byte] = crc;
    }
    return PyModule_Create(&module);
}

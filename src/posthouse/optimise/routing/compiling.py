"""How the kernels are compiled: each once, and none that Python does not call with a way in for Python.

With an empty cache these choices halve the wait for the first answer. Numba's `inline="always"` copies the callee's
code at every call before types are known and works it out again each time; LLVM inlines what is compiled already. A
kernel is compiled again for every other type of an argument, so rows, slots and customers come in one type each, and
constants that are arguments are numpy's.
"""

ENTRY = {"_nrt": False, "cache": True, "no_cfunc_wrapper": True}  # Python calls it; its file in the cache holds all
KERNEL = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
PART = {**KERNEL, "forceinline": True}  # becomes a part of the kernels that call it

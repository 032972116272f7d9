"""The one exception a user may meet: input that cannot be used, said in one line.

Data faults are Findings (see `findings`); a fault of the program is whatever Python raises.
"""


class UnusableInputError(Exception):
    """The input or the arguments cannot be used at all; nothing was written. The command line exits with 2.

    The message says what was expected, what was found, where, and what to do.
    """

//! `/ui`, in debug builds only: every piece in each of its states.

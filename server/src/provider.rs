//! What each system can be asked: the seam between `http` and those who answer.

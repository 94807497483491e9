//! Invented people for trying the portal out.

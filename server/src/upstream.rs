//! The real systems: credentials, paging, retries, their quirks.

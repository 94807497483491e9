//! `portal-server`: serves the portal.

fn main() {}

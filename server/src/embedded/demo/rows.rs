//! Charge points side by side, and what stands on each.

/// Charge points of the same kind, side by side.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Their ids begin with this; a number follows.
    pub prefix: &'static str,
    /// How many.
    pub count: u32,
    /// What each has, from connector 1 on.
    pub connectors: &'static [Plugs],
    /// What charging there costs, by the tariff's id.
    pub tariff: &'static str,
}

/// A kind of connector and what it delivers.
#[derive(Clone, Copy, Debug)]
pub struct Plugs {
    /// Whether it is direct current.
    pub direct: bool,
    /// In watts.
    pub power_w: i64,
}

pub(super) const AC11: Plugs = Plugs {
    direct: false,
    power_w: 11_000,
};
pub(super) const AC22: Plugs = Plugs {
    direct: false,
    power_w: 22_000,
};
pub(super) const DC50: Plugs = Plugs {
    direct: true,
    power_w: 50_000,
};
pub(super) const DC150: Plugs = Plugs {
    direct: true,
    power_w: 150_000,
};
pub(super) const DC300: Plugs = Plugs {
    direct: true,
    power_w: 300_000,
};

pub(super) const fn row(
    prefix: &'static str,
    count: u32,
    connectors: &'static [Plugs],
    tariff: &'static str,
) -> Row {
    Row {
        prefix,
        count,
        connectors,
        tariff,
    }
}

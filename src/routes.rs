//! Every link inside the portal, written once.

use std::fmt::Display;

use portal_api::portal::Tab;

/// The start page.
pub const HOME: &str = "/";
/// The driver's sessions.
pub const SESSIONS: &str = "/sessions";
/// The driver's disputes.
pub const DISPUTES: &str = "/disputes";
/// Where one can charge.
pub const CHARGERS: &str = "/chargers";
/// The driver's holds and bookings.
pub const RESERVATIONS: &str = "/reservations";
/// One booking stands below.
pub const BOOKINGS: &str = "/bookings";
/// Where a plug can be booked that isn't one of ours.
pub const ELSEWHERE: &str = "/bookings/find";
/// What a guest's link shows; its secret comes behind `#`.
pub const GUEST: &str = "/guest";
/// What the QR code of a plug leads to, before the charge point's id.
pub const SCANNED: &str = "/r";
/// The person's fleet groups.
pub const GROUPS: &str = "/groups";
/// The disputes that wait for the operator's staff.
pub const DESK: &str = "/desk/disputes";
/// The person's own things.
pub const ACCOUNT: &str = "/account";
/// Sign in.
pub const SIGN_IN: &str = "/sign-in";
/// Ask for the letter that sets a new password.
pub const FORGOTTEN_PASSWORD: &str = "/forgotten-password";
/// Set the new password; the letter's token comes behind `#`.
pub const RESET_PASSWORD: &str = "/reset-password";
/// Every piece in each of its states.
#[cfg(debug_assertions)]
pub const PIECES: &str = "/ui";

/// One session.
pub fn session(id: impl Display) -> String {
    [SESSIONS, "/", &escaped(&id.to_string())].concat()
}

/// The id of the session that a path names, if it names one.
pub fn session_in(path: &str) -> Option<String> {
    id_below(SESSIONS, path)
}

/// Say that the cost of a session is wrong: the line of that word, or the total.
pub fn dispute_about(session_id: &str, line: Option<&str>) -> String {
    let query = line.map(|line| ["?line=", &escaped(line)].concat());
    [&session(session_id), FORM, &query.unwrap_or_default()].concat()
}

/// Say that it is wrong because of what our own check finds, by its word.
pub fn dispute_about_finding(session_id: &str, finding: &str) -> String {
    [&session(session_id), FORM, "?finding=", &escaped(finding)].concat()
}

/// The id of the session whose cost is said to be wrong.
pub fn dispute_about_in(path: &str) -> Option<String> {
    session_in(path.strip_suffix(FORM)?)
}

/// One of the driver's disputes.
pub fn dispute(id: &str) -> String {
    [DISPUTES, "/", &escaped(id)].concat()
}

/// The id of the dispute that a path names, if it names one.
pub fn dispute_in(path: &str) -> Option<String> {
    id_below(DISPUTES, path)
}

/// One charge point.
pub fn charger(id: &str) -> String {
    [CHARGERS, "/", &escaped(id)].concat()
}

/// The id of the charge point that a path names, if it names one.
pub fn charger_in(path: &str) -> Option<String> {
    id_below(CHARGERS, path)
}

/// One plug of a charge point, as its QR code leads there.
pub fn plug(charge_point_id: &str, connector_id: u32) -> String {
    let number = connector_id.to_string();
    [SCANNED, "/", &escaped(charge_point_id), "/", &number].concat()
}

/// The charge point and the plug that a QR code's path names.
pub fn scanned_in(path: &str) -> Option<(String, u32)> {
    let (charge_point, connector) = path.rsplit_once('/')?;
    Some((id_below(SCANNED, charge_point)?, connector.parse().ok()?))
}

/// A part of a group's page.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum GroupPart {
    /// What is left, and what is shown at the plug.
    #[default]
    Overview,
    /// What was charged.
    Charges,
    /// Who is in it.
    Members,
    /// Its cards and numbers, for whoever looks after it.
    Cards,
    /// Who charged what, for whoever looks after it.
    Usage,
}

impl GroupPart {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 5] = [
        Self::Overview,
        Self::Charges,
        Self::Members,
        Self::Cards,
        Self::Usage,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Charges => "/charges",
            Self::Members => "/members",
            Self::Cards => "/cards",
            Self::Usage => "/usage",
        }
    }
}

/// A part of a group's page.
pub fn group(id: &str, part: GroupPart) -> String {
    [GROUPS, "/", &escaped(id), part.path()].concat()
}

/// The id of the group that a path names, and the part of its page.
pub fn group_in(path: &str) -> Option<(String, GroupPart)> {
    let mut parts = GroupPart::ALL.into_iter().rev();
    parts.find_map(|part| Some((id_below(GROUPS, path.strip_suffix(part.path())?)?, part)))
}

/// The same page, at the booking of a plug for later.
pub fn later(path: &str) -> String {
    [path, "?", WHEN, "=", LATER].concat()
}

/// The parameter of a charger's page that says when somebody wants to charge.
pub const WHEN: &str = "when";

/// Its value for whoever books ahead.
pub const LATER: &str = "later";

/// One booking.
pub fn booking(id: &str) -> String {
    [BOOKINGS, "/", &escaped(id)].concat()
}

/// The id of the booking that a path names, if it names one.
pub fn booking_in(path: &str) -> Option<String> {
    id_below(BOOKINGS, path)
}

/// A dispute at the desk.
pub fn desk_dispute(id: &str) -> String {
    [DESK, "/", &escaped(id)].concat()
}

/// The id of the dispute at the desk that a path names, if it names one.
pub fn desk_dispute_in(path: &str) -> Option<String> {
    id_below(DESK, path)
}

/// What stands behind a session to say that its cost is wrong.
const FORM: &str = "/dispute";

/// The id of what a path names below another.
fn id_below(folder: &str, path: &str) -> Option<String> {
    let id = path.strip_prefix(folder)?.strip_prefix('/')?;
    let plain = !id.is_empty() && !id.contains('/');
    plain.then(|| unescaped(id)).flatten()
}

/// Another system's ids may have any sign in them.
fn escaped(id: &str) -> String {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut escaped = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            escaped.push(byte.into());
        } else {
            escaped.push('%');
            escaped.push(HEX[usize::from(byte >> 4)]);
            escaped.push(HEX[usize::from(byte & 15)]);
        }
    }
    escaped
}

/// The id of an escaped one; `None` if it never was one.
fn unescaped(escaped: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Where a tab leads.
pub fn tab(tab: Tab) -> &'static str {
    match tab {
        Tab::Sessions => SESSIONS,
        Tab::Charge => CHARGERS,
        Tab::Group => GROUPS,
        Tab::Desk => DESK,
        Tab::Account => ACCOUNT,
        Tab::Home | Tab::Unknown => HOME,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_found_by_its_own_link_whatever_its_id() {
        for id in ["sess_1", "a/b?c#d", "größe 7", "%41", "..", "a+b"] {
            assert_eq!(session_in(&session(id)).as_deref(), Some(id), "{id}");
            let about = dispute_about(id, None);
            assert_eq!(dispute_about_in(&about).as_deref(), Some(id), "{id}");
            assert_eq!(dispute_in(&dispute(id)).as_deref(), Some(id), "{id}");
            assert_eq!(desk_dispute_in(&desk_dispute(id)).as_deref(), Some(id));
            assert_eq!(charger_in(&charger(id)).as_deref(), Some(id));
            assert_eq!(booking_in(&booking(id)).as_deref(), Some(id));
        }
    }

    #[test]
    fn every_part_of_a_group_has_an_address() {
        for part in GroupPart::ALL {
            for id in ["group_1", "a/b?c", "usage", ".."] {
                let path = group(id, part);
                assert_eq!(group_in(&path), Some((id.to_owned(), part)), "{path}");
            }
        }
        for path in ["/groups", "/groups/", "/groups/a/b", "/groups//usage"] {
            assert_eq!(group_in(path), None, "{path}");
        }
    }

    #[test]
    fn a_qr_code_names_a_charge_point_and_a_plug() {
        assert_eq!(plug("CP-1", 2), "/r/CP-1/2");
        assert_eq!(scanned_in("/r/CP-1/2"), Some(("CP-1".to_owned(), 2)));
        for path in ["/r/CP-1", "/r/CP-1/", "/r/CP-1/x", "/r//1", "/r/a/b/1"] {
            assert_eq!(scanned_in(path), None, "{path}");
        }
    }

    #[test]
    fn a_broken_link_names_no_session() {
        for path in [
            "/sessions",
            "/sessions/",
            "/sessions/a/b",
            "/sessions/%4",
            "/sessions/%ff",
            "/sessionss/a",
        ] {
            assert_eq!(session_in(path), None, "{path}");
        }
    }
}

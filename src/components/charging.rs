//! What drivers need to know of a plug: what fits, what it is doing, what it costs.

pub mod terms;

use leptos::prelude::*;
use portal_api::{
    decimal::Decimal,
    portal::{
        Current,
        charge_points::{ConnectorState, Place, Plug},
    },
};

use crate::{
    format,
    i18n::words,
    ui::{
        chip::{Chip, Tone},
        icon::Icon,
    },
};

/// What fits, by its name.
pub fn plug_name(plug: Option<&Plug>) -> String {
    match plug {
        Some(Plug::Type2) => words::plug_type2(),
        Some(Plug::Ccs) => words::plug_ccs(),
        Some(Plug::Chademo) => words::plug_chademo(),
        Some(Plug::Other(word)) => word.clone(),
        None => words::plug_unknown(),
    }
}

/// A plug and its number: `CCS · Connector 2`.
pub fn plug_and_number(plug: Option<&Plug>, connector_id: u32) -> String {
    let number = words::session_connector(&connector_id.to_string());
    match plug {
        Some(plug) => [plug_name(Some(plug)), number].join(" · "),
        None => number,
    }
}

/// The power of a plug and what flows.
pub fn power(power_kw: Decimal, current: Option<Current>) -> String {
    let power = format::whole_power(power_kw);
    match current {
        Some(Current::Dc) => words::session_power_dc(&power),
        Some(Current::Ac) => words::session_power_ac(&power),
        _ => power,
    }
}

/// A link that opens a map there, if anybody knows where it is.
pub fn map_link(place: &Place) -> Option<AnyView> {
    let href = map(place)?;
    let link = view! {
        <a class="button" href=href target="_blank" rel="noopener noreferrer">
            <Icon name="pin" />
            {words::charger_map()}
        </a>
    };
    Some(link.into_any())
}

/// Where a map finds it: the device's own where a link can open that. `geo:` is known to
/// Android only, and elsewhere does nothing at all.
fn map(place: &Place) -> Option<String> {
    let position = place.position?;
    let (lat, lon) = (
        &*position.latitude.to_string(),
        &*position.longitude.to_string(),
    );
    let name = &*String::from(js_sys::encode_uri_component(&place.name));
    let agent = window().navigator().user_agent().unwrap_or_default();
    let parts: &[&str] = if agent.contains("Android") {
        &["geo:", lat, ",", lon, "?q=", lat, ",", lon, "(", name, ")"]
    } else if agent.contains("Mac OS X") {
        // So do phones and tablets with a system like it.
        let address = "https://maps.apple.com/?ll=";
        &[address, lat, ",", lon, "&q=", name]
    } else {
        let address = "https://www.openstreetmap.org/?mlat=";
        &[address, lat, "&mlon=", lon, "#map=18/", lat, "/", lon]
    };
    Some(parts.concat())
}

/// What a connector is doing, in a word.
#[component]
pub fn StateChip(
    /// What it is doing.
    state: ConnectorState,
) -> impl IntoView {
    let (tone, icon, text) = match &state {
        ConnectorState::Available => (Tone::Good, "check", words::connector_available()),
        ConnectorState::Occupied => (Tone::Neutral, "bolt", words::connector_occupied()),
        ConnectorState::Reserved => (Tone::Neutral, "clock", words::connector_reserved()),
        ConnectorState::Faulted => (Tone::Notable, "alert", words::connector_faulted()),
        ConnectorState::Unavailable => (Tone::Notable, "stop", words::connector_unavailable()),
        ConnectorState::Offline => (Tone::Notable, "offline", words::connector_offline()),
        ConnectorState::Other(word) => (Tone::Neutral, "alert", words::status_as_sent(word)),
    };
    view! { <Chip tone icon text /> }
}

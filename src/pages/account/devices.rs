//! Where they are signed in.

use leptos::prelude::*;
use portal_api::portal::{Device, Devices};

use crate::{
    client,
    components::{loaded::Loaded, needs_network::NeedsNetwork},
    format,
    i18n::{problem::say, words},
    run::{live, to_the_end},
    state::{
        clock::use_clock,
        identity::use_identity,
        network::use_network,
        remote::{Remote, remote},
        toasts::use_toasts,
    },
    ui::{
        button::{Button, Weight},
        chip::{Chip, Tone},
        icon::Icon,
        skeleton::Shape,
    },
};

/// All devices, with a way to end each.
#[component]
pub fn DeviceList() -> impl IntoView {
    let devices = remote(client::portal::devices);
    view! {
        <section class="card" aria-labelledby="devices">
            <h2 class="card-title" id="devices">{words::account_devices()}</h2>
            <p>{words::account_devices_text()}</p>
            <Loaded
                remote=devices
                shape=Shape::Rows(2)
                children=move |here: Devices| view! { <Rows here devices /> }.into_any()
            />
        </section>
    }
}

#[component]
fn Rows(here: Devices, devices: Remote<Devices>) -> impl IntoView {
    let others = here.devices.iter().any(|device| !device.current);
    let rows = here
        .devices
        .into_iter()
        .map(|device| view! { <DeviceRow device devices /> })
        .collect_view();
    let end_others = Ending::new(devices);
    view! {
        <ul class="rows">{rows}</ul>
        {others.then(|| view! {
            <NeedsNetwork>
                <Button
                    text=words::account_end_others()
                    busy_text=words::account_ending()
                    busy=end_others.busy
                    on_press=move |()| end_others.run(None)
                />
            </NeedsNetwork>
        })}
    }
}

#[component]
fn DeviceRow(device: Device, devices: Remote<Devices>) -> impl IntoView {
    let clock = use_clock();
    let name = match (&device.browser, &device.system) {
        (Some(browser), Some(system)) => words::account_device(browser, system),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => words::account_device_unknown(),
    };
    let signed_in = words::account_signed_in(&format::day_and_clock(device.signed_in_at));
    let last_seen = device.last_seen_at;
    let seen = move || words::account_last_seen(&format::ago(last_seen, clock.now()));
    let end = Ending::new(devices);
    let id = StoredValue::new(device.id);
    let action = if device.current {
        view! { <Chip tone=Tone::Good icon="check" text=words::account_this_device() /> }.into_any()
    } else {
        let network = use_network();
        let online = Memo::new(move |_| network.online());
        let label = words::account_end_device(&name);
        // Why there is nothing to press is said once, below all of them.
        live(move || {
            online.get().then(|| {
                view! {
                    <Button
                        weight=Weight::Quiet
                        text=words::account_end()
                        label=label.clone()
                        busy=end.busy
                        on_press=move |()| end.run(Some(id.get_value()))
                    />
                }
            })
        })
        .into_any()
    };
    view! {
        <li class="device-row">
            <Icon name="device" />
            <div>
                <p class="device-name">{name}</p>
                <p class="facts-note">{signed_in}", "{live(seen)}</p>
            </div>
            {action}
        </li>
    }
}

/// Ending the sign-in of one device, or of all others.
#[derive(Clone, Copy)]
struct Ending {
    busy: Signal<bool>,
    going: RwSignal<bool>,
    devices: Remote<Devices>,
    toasts: crate::state::toasts::Toasts,
    identity: crate::state::identity::Identity,
}

impl Ending {
    fn new(devices: Remote<Devices>) -> Self {
        let going = RwSignal::new(false);
        Self {
            busy: going.into(),
            going,
            devices,
            toasts: use_toasts(),
            identity: use_identity(),
        }
    }

    /// Ends one, or all others.
    fn run(self, id: Option<String>) {
        self.going.set(true);
        to_the_end(async move {
            let outcome = match &id {
                Some(id) => client::portal::end_device(id).await,
                None => client::portal::end_other_devices().await,
            };
            match outcome {
                Ok(()) if id.is_some() => self.toasts.say(words::account_ended()),
                Ok(()) => self.toasts.say(words::account_others_ended()),
                Err(problem) => {
                    self.identity.heed(&problem);
                    self.toasts.say(say(&problem).text);
                }
            }
            self.going.try_set(false);
            self.devices.again();
        });
    }
}

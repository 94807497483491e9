//! One stream of what changes for all pages of the portal in this browser: one page
//! reads it and hands it on to the others. A page that nobody looks at for a while
//! leaves that to another one, and a stream that breaks off is opened again, each
//! time after a longer pause.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::prelude::*;
use portal_api::{
    path,
    portal::{
        events::{self, BookingNews, ConnectorNews, Hello, SessionNews},
        holds::Hold,
    },
};
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, EventSource, MessageEvent};

use super::{identity::use_identity, network::use_network};
use crate::{
    boot, json,
    run::{pause, while_here},
};

/// How often the stream is looked after.
const BEAT: Duration = Duration::from_secs(3);

/// For how many beats the stream is read for a page that nobody looks at.
const UNSEEN: u32 = 20;

/// The longest pause before the stream is opened again, in beats.
const LONGEST_PAUSE: u32 = 20;

/// All that is told.
const NAMES: [&str; 6] = [
    events::HELLO,
    events::BOOKING,
    events::CONNECTOR,
    events::HOLD,
    events::SESSION,
    events::RESET,
];

/// What changed.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The stream stands.
    Hello(Hello),
    /// A connector.
    Connector(ConnectorNews),
    /// A booking of the driver.
    Booking(Box<BookingNews>),
    /// A hold of the driver.
    Hold(Box<Hold>),
    /// A session of the driver.
    Session(SessionNews),
    /// Too much to tell it all.
    Reset,
}

impl News {
    /// What was told by name and data; `None` if it isn't meant for this portal.
    fn read(name: &str, data: &str) -> Option<Self> {
        match name {
            events::HELLO => json::read(data).ok().map(Self::Hello),
            events::CONNECTOR => json::read(data).ok().map(Self::Connector),
            events::BOOKING => json::read(data)
                .ok()
                .map(|news| Self::Booking(Box::new(news))),
            events::HOLD => json::read(data).ok().map(|hold| Self::Hold(Box::new(hold))),
            events::SESSION => json::read(data).ok().map(Self::Session),
            events::RESET => Some(Self::Reset),
            _ => None,
        }
    }
}

/// Hears what changes as long as this part of the page is there.
pub fn follow(hear: impl Fn(News) + 'static) {
    let (identity, network) = (use_identity(), use_network());
    let Some(me) = identity.person() else { return };
    let name = ["live ", &me.id].concat();
    let Ok(channel) = BroadcastChannel::new(&name) else {
        return;
    };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let text = message.data().as_string().unwrap_or_default();
        let news = text
            .split_once('\n')
            .and_then(|(name, data)| News::read(name, data));
        if let Some(news) = news {
            hear(news);
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    let gone = Rc::new(Cell::new(false));
    let kept = StoredValue::new_local((channel, heard, gone.clone()));
    on_cleanup(move || {
        kept.try_with_value(|(channel, _, gone)| {
            gone.set(true);
            channel.close();
        });
    });
    while_here(async move {
        let mut rest = 1;
        while !gone.get() {
            if !is_seen() || untrack(|| !network.online() || identity.has_ended()) {
                pause(BEAT).await;
                continue;
            }
            let stood = Rc::new(Cell::new(false));
            let still = {
                let gone = gone.clone();
                move || !gone.get() && untrack(|| !identity.has_ended())
            };
            boot::alone("live", read(name.clone(), stood.clone(), still)).await;
            rest = if stood.get() {
                1
            } else {
                (rest * 2).min(LONGEST_PAUSE)
            };
            pause(BEAT * rest).await;
        }
    });
}

fn is_seen() -> bool {
    !document().hidden()
}

/// Reads the stream and hands it on until it breaks off for good, nobody looks at
/// this page for a while, or it is no longer wanted.
async fn read(name: String, stood: Rc<Cell<bool>>, still: impl Fn() -> bool) {
    let (Ok(source), Ok(channel)) = (EventSource::new(path::EVENTS), BroadcastChannel::new(&name))
    else {
        return;
    };
    let told = channel.clone();
    let hand_on = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let data = event.data().as_string().unwrap_or_default();
        let text = [&event.type_(), "\n", &data].concat();
        // A page that doesn't hear it reads it when it is looked at again.
        let _ = told.post_message(&text.into());
        if event.type_() == events::HELLO && !stood.replace(true) {
            // Whatever changed before the stream stood was told to nobody.
            let _ = told.post_message(&[events::RESET, "\n"].concat().into());
        }
    });
    for name in NAMES {
        let listener = hand_on.as_ref().unchecked_ref();
        if source
            .add_event_listener_with_callback(name, listener)
            .is_err()
        {
            return source.close();
        }
    }
    let mut unseen = 0;
    while still() && source.ready_state() != EventSource::CLOSED && unseen < UNSEEN {
        pause(BEAT).await;
        unseen = if is_seen() { 0 } else { unseen + 1 };
    }
    source.close();
    channel.close();
}

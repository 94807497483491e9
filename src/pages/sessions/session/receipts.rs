//! A session's receipts: to be opened, kept and shared. One that isn't there yet
//! comes by itself.

mod file;

use std::time::Duration;

use leptos::prelude::*;
use portal_api::{
    dynamo::{Session, SessionStatus},
    portal::{Receipt, SessionDetail},
};

use self::file::ReceiptFile;
use crate::{format, i18n::words, state::remote::Remote, ui::icon::Icon};

/// How often one looks whether the receipt is there.
const LOOK: Duration = Duration::from_secs(15);

/// The receipts of a session, or when there will be one.
#[component]
pub fn Receipts(
    /// All about the session.
    detail: SessionDetail,
    /// Where that comes from.
    remote: Remote<SessionDetail>,
) -> impl IntoView {
    let session = &detail.session;
    let body = if session.status == SessionStatus::Active {
        view! { <p class="session-note">{words::receipt_running()}</p> }.into_any()
    } else if session.is_settling() {
        look_again(remote);
        view! { <p class="session-note" role="status">{words::receipt_settling()}</p> }.into_any()
    } else {
        all(&detail).into_any()
    };
    view! {
        <section class="card" aria-labelledby="receipt">
            <h2 class="card-title" id="receipt">{words::receipt_title()}</h2>
            {body}
        </section>
    }
}

/// Asks again and again while somebody looks.
fn look_again(remote: Remote<SessionDetail>) {
    let look = move || {
        if !document().hidden() {
            remote.again();
        }
    };
    if let Ok(timer) = set_interval_with_handle(look, LOOK) {
        on_cleanup(move || timer.clear());
    }
}

/// The newest one first; the older ones stand behind it.
fn all(detail: &SessionDetail) -> impl IntoView + use<> {
    let session = &detail.session;
    let Some((newest, older)) = detail.receipts.split_last() else {
        return view! { <ReceiptFile id=session.session_id.clone() /> }.into_any();
    };
    let corrected = older
        .iter()
        .rev()
        .map(|receipt| {
            let number = receipt.number.clone();
            view! {
                <li class="receipt">
                    {head(receipt, session)}
                    <ReceiptFile id=session.session_id.clone() number />
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="receipt">
            {head(newest, session)}
            <ReceiptFile id=session.session_id.clone() />
        </div>
        {(!older.is_empty()).then(|| view! {
            <details class="receipts-before">
                <summary><Icon name="next" />{words::receipt_before()}</summary>
                <ul>{corrected}</ul>
            </details>
        })}
    }
    .into_any()
}

/// Its number, its day and what it corrects.
fn head(receipt: &Receipt, session: &Session) -> impl IntoView + use<> {
    let day = format::full_day(receipt.issued_at, session.time_zone.as_deref());
    let corrects = receipt.corrects.as_deref().map(words::receipt_corrects);
    view! {
        <p>
            <strong class="receipt-number">{receipt.number.clone()}</strong>
            <span class="receipt-about">
                {words::receipt_issued(&day)}
                {corrects.map(|corrects| [" · ", &corrects].concat())}
            </span>
        </p>
    }
}

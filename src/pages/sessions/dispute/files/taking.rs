//! What becomes of a file that was chosen.

use std::time::Duration;

use leptos::prelude::*;
use portal_api::portal::disputes::{DisputeFile, FILE_KINDS, FILE_LARGEST, MOST_FILES};
use web_sys::File;

use super::super::typed::Filing;
use crate::{
    boot,
    client::{self, Problem},
    components::dispute::{filing::may_be_sent_again, say_of_file},
    i18n::words,
    run::{to_the_end, whenever},
    state::{
        identity::{Identity, use_identity},
        network::{Network, use_network},
        papers,
    },
};

/// How long what could not be sent waits before it is tried again: a network that the
/// browser takes for one may carry nothing.
const AGAIN: Duration = Duration::from_secs(15);

/// What takes files for a dispute in the making.
#[derive(Clone, Copy)]
pub struct Taking {
    /// What they go with.
    pub filing: Filing,
    /// What is wrong with one of them.
    pub wrong: RwSignal<Option<String>>,
    /// How many are on their way and not in the list yet.
    coming: StoredValue<usize>,
    /// Whether what waits is about to be tried again.
    patient: StoredValue<bool>,
    identity: Identity,
    network: Network,
}

impl Taking {
    /// Takes files for a dispute.
    pub fn of(filing: Filing) -> Self {
        Self {
            filing,
            wrong: RwSignal::new(None),
            coming: StoredValue::new(0),
            patient: StoredValue::new(false),
            identity: use_identity(),
            network: use_network(),
        }
    }

    /// Sends a file, or keeps it on the device for later.
    pub fn take(self, file: File) {
        if let Some(text) = self.refusal(&file) {
            return self.wrong.set(Some([&file.name(), ": ", &text].concat()));
        }
        let online = untrack(|| self.network.online());
        self.coming.update_value(|coming| *coming += 1);
        to_the_end(async move {
            let sent = if online {
                self.under_way(client::disputes::send_file(&file)).await
            } else {
                Err(Problem::Offline)
            };
            match sent {
                Ok(sent) => drop(self.add(self.filing.files, sent)),
                Err(problem) => self.keep(&file, &problem).await,
            }
            self.coming.try_update_value(|coming| *coming -= 1);
        });
    }

    /// Why a file cannot go with it; checked before it is kept or sent.
    fn refusal(self, file: &File) -> Option<String> {
        #[expect(clippy::cast_precision_loss, reason = "five million")]
        let largest = FILE_LARGEST as f64;
        if self.filing.file_count() + self.coming.get_value() >= MOST_FILES {
            Some(words::dispute_files_many())
        } else if !FILE_KINDS.contains(&file.type_().as_str()) {
            Some(words::dispute_file_kind())
        } else {
            (file.size() > largest).then(words::dispute_file_large)
        }
    }

    async fn keep(self, file: &File, problem: &Problem) {
        self.identity.heed(problem);
        if may_be_sent_again(problem)
            && self.filing.keeps()
            && let Some(kept) = papers::keep(file).await
        {
            if self.add(self.filing.kept, kept.clone()) {
                self.send_kept_later();
            } else {
                papers::forget(vec![kept]).await;
            }
        } else {
            self.say(&file.name(), problem);
        }
    }

    /// Sends what waits, at once, and when the network or the person comes back.
    pub fn send_kept_in_time(self) {
        whenever(move || {
            self.identity.returns();
            self.send_kept_if_online();
        });
    }

    fn send_kept_if_online(self) {
        if self.network.online() {
            to_the_end(boot::alone("files", self.send_kept()));
        }
    }

    fn send_kept_later(self) {
        if self
            .patient
            .try_update_value(|on| std::mem::replace(on, true))
            != Some(false)
        {
            return;
        }
        let again = move || {
            if self.patient.try_update_value(std::mem::take).is_some() {
                untrack(|| self.send_kept_if_online());
            }
        };
        set_timeout(again, AGAIN);
    }

    async fn send_kept(self) {
        let kept = self.filing.kept.try_get_untracked();
        for file in kept.unwrap_or_default() {
            let sent = match self.under_way(papers::send(&file)).await {
                Ok(sent) => Some(sent),
                Err(problem) if may_be_sent_again(&problem) => {
                    self.identity.heed(&problem);
                    return self.send_kept_later();
                }
                Err(problem) => {
                    self.say(&file.name, &problem);
                    None
                }
            };
            self.settle(file, sent).await;
        }
    }

    /// A file that waited is with the server, or never will be. Somebody may have
    /// removed it meanwhile.
    async fn settle(self, file: DisputeFile, sent: Option<DisputeFile>) {
        let taken_out = self.filing.kept.try_update(|kept| {
            let place = kept.iter().position(|other| other.id == file.id)?;
            Some(kept.remove(place))
        });
        if let Some(Some(file)) = taken_out {
            self.filing.files.update(|files| files.extend(sent));
            self.filing.changed();
            papers::forget(vec![file]).await;
        }
    }

    /// Puts a file into a list; `false` if the page is gone.
    fn add(self, list: RwSignal<Vec<DisputeFile>>, file: DisputeFile) -> bool {
        let added = list.try_update(|files| files.push(file)).is_some();
        if added {
            self.filing.changed();
        }
        added
    }

    fn say(self, name: &str, problem: &Problem) {
        self.wrong.try_set(Some(say_of_file(name, problem)));
    }

    /// Shows that a file is on its way as long as it is.
    async fn under_way<T>(self, sending: impl Future<Output = T>) -> T {
        let uploading = self.filing.uploading;
        uploading.try_update(|count| *count += 1);
        let sent = sending.await;
        uploading.try_update(|count| *count = count.saturating_sub(1));
        sent
    }
}

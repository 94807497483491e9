//! Sending the photos and papers of what waits; its code is fetched when there are any.

use crate::{
    components::dispute::{filing::may_be_sent_again, say_of_file},
    state::{
        identity::Identity,
        outbox::{Outbox, Waiting},
        papers,
    },
};

/// Sends the files of something that waits, one after the other. `None` if it has to
/// wait on: for the network, or for somebody to say what to do about a file that the
/// server doesn't take.
pub async fn send_files(
    mut waiting: Waiting,
    outbox: Outbox,
    identity: Identity,
) -> Option<Waiting> {
    while let Some(file) = waiting.next_file() {
        match papers::send(file).await {
            Ok(sent) => waiting.sent.push(sent.id),
            Err(problem) if may_be_sent_again(&problem) => {
                identity.heed(&problem);
                return None;
            }
            Err(problem) => {
                waiting.unfit = Some(say_of_file(&file.name, &problem));
                waiting.refused = true;
                outbox.note(waiting);
                return None;
            }
        }
        outbox.note(waiting.clone());
    }
    Some(waiting)
}

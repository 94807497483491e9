//! Photos and papers that wait on the device for the network.

use portal_api::portal::disputes::DisputeFile;
use web_sys::File;

use crate::{
    boot,
    client::{self, Problem, Result},
};

/// Keeps a file on the device; `None` where it can't be kept. Its id is one of ours.
pub async fn keep(file: &File) -> Option<DisputeFile> {
    let id = client::new_key();
    if !boot::keep_file(&id, file).await {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of bytes"
    )]
    let size = file.size() as u64;
    Some(DisputeFile {
        id,
        name: file.name(),
        kind: file.type_(),
        size,
    })
}

/// Sends a file that is kept: the same one is the same to the server, however often
/// it is sent. One that is gone is missing.
pub async fn send(kept: &DisputeFile) -> Result<DisputeFile> {
    let file = boot::kept_file(&kept.id).await;
    client::disputes::send_file(&file.ok_or(Problem::Missing)?).await
}

/// Forgets files that were kept.
pub async fn forget(kept: Vec<DisputeFile>) {
    for file in kept {
        boot::forget_file(&file.id).await;
    }
}

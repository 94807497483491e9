//! Writes receipts without holding up the rest: as many at a time as there are
//! cores.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Semaphore,
    task::spawn_blocking,
    time::{error::Elapsed, timeout},
};

use super::{
    receipt::{Receipt, pdf},
    sheet::Unwritable,
};

/// How long a receipt may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Writes receipts; clones share their turns.
#[derive(Clone, Debug)]
pub struct Press(Arc<Semaphore>);

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum Unprinted {
    /// Too many are asked for.
    #[error("too many documents are asked for")]
    Busy,
    /// It cannot be written.
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
    /// The program is ending, or writing it panicked.
    #[error("the document was given up")]
    GivenUp,
}

impl From<Elapsed> for Unprinted {
    fn from(_: Elapsed) -> Self {
        Self::Busy
    }
}

impl Press {
    /// Writes so many at a time.
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once)))
    }

    /// A receipt as a PDF.
    pub async fn print(&self, receipt: Receipt) -> Result<Vec<u8>, Unprinted> {
        let turn = timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await?;
        let turn = turn.map_err(|_| Unprinted::GivenUp)?;
        let work = spawn_blocking(move || {
            // Kept until the work is done, also when nobody waits for it any more.
            let _turn = turn;
            pdf(&receipt)
        });
        Ok(work.await.map_err(|_| Unprinted::GivenUp)??)
    }
}

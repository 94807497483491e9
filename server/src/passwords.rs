//! Passwords: Argon2id on as many threads as there are cores, and which ones
//! are too weak.

mod weak;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use tokio::sync::oneshot;

pub use self::weak::is_weak;
use crate::ids;

/// What one hash costs: 19 MiB and two passes, the least that is advised.
const KIBIBYTES: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How many sign-ins may wait for each core: a second or two.
const WAITING_PER_CORE: usize = 16;

/// Why a password can't be hashed or checked.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Failure {
    /// Too many others are waiting.
    #[error("too many passwords are being checked")]
    Busy,
    /// The machine has no memory or no randomness to give.
    #[error("the password cannot be hashed")]
    Impossible,
}

/// What one hash is worked out in. Made once and used again: glibc never gives
/// blocks of this alignment out twice, so that each hash would cost its own.
type Memory = Vec<Block>;

/// Argon2id as a PHC string. Takes as long as it is meant to: call it off the
/// threads that serve, or use a [`Hasher`].
pub fn hash(password: &str) -> Result<String, Failure> {
    hash_in(&mut Memory::new(), password).ok_or(Failure::Impossible)
}

fn hash_in(memory: &mut Memory, password: &str) -> Option<String> {
    let params = Params::new(KIBIBYTES, PASSES, LANES, None).ok()?;
    let salt: [u8; 16] = ids::random().ok()?;
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(Salt::new(&salt).ok()?),
        hash: {
            fill(memory, params, password, &salt, &mut output)?;
            Some(Output::new(&output).ok()?)
        },
    };
    Some(hash.to_string())
}

fn matches_in(memory: &mut Memory, password: &str, phc: &str) -> Option<bool> {
    let hash = PasswordHash::new(phc).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let (salt, expected) = (hash.salt?, hash.hash?);
    if hash.algorithm != ARGON2ID_IDENT {
        return None;
    }
    let mut output = vec![0; expected.len()];
    fill(memory, params, password, salt.as_ref(), &mut output)?;
    // Compares in constant time.
    Some(Output::new(&output).ok()? == expected)
}

fn fill(
    memory: &mut Memory,
    params: Params,
    password: &str,
    salt: &[u8],
    output: &mut [u8],
) -> Option<()> {
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), salt, output, memory.as_mut_slice())
        .ok()
}

type Work = Box<dyn FnOnce(&mut Memory) + Send>;

/// Hashes no more than one password per core at a time, so that sign-ins can
/// exhaust neither the processors nor the memory.
///
/// It has threads of its own, each with memory of its own.
#[derive(Clone, Debug)]
pub struct Hasher {
    queue: SyncSender<Work>,
    /// Stands in for the hash of people who don't exist.
    nobody: Arc<str>,
    done: Arc<AtomicU64>,
}

impl Hasher {
    /// One for so many cores.
    pub fn new(cores: usize) -> Result<Self, Failure> {
        let (queue, works) = sync_channel::<Work>(cores * WAITING_PER_CORE);
        let works = Arc::new(Mutex::new(works));
        for _ in 0..cores {
            let works = Arc::clone(&works);
            thread::Builder::new()
                .name("passwords".to_owned())
                .spawn(move || work(&works))
                .map_err(|_| Failure::Impossible)?;
        }
        Ok(Self {
            queue,
            nobody: hash("nobody has this password")?.into(),
            done: Arc::default(),
        })
    }

    /// Whether `phc` is the hash of `password`. Without a hash it is not, but
    /// finding that out takes just as long.
    pub async fn matches(&self, password: String, phc: Option<String>) -> Result<bool, Failure> {
        let nobody = Arc::clone(&self.nobody);
        self.run(move |memory| {
            let known = phc.is_some();
            let phc = phc.as_deref().unwrap_or(&nobody);
            matches_in(memory, &password, phc).unwrap_or(false) && known
        })
        .await
    }

    /// The hash of `password`.
    pub async fn hash(&self, password: String) -> Result<String, Failure> {
        self.run(move |memory| hash_in(memory, &password))
            .await?
            .ok_or(Failure::Impossible)
    }

    /// How many passwords were hashed or checked so far.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let (sender, done) = oneshot::channel();
        let count = Arc::clone(&self.done);
        let work = move |memory: &mut Memory| {
            // Whoever asked may have gone away while it waited.
            if !sender.is_closed() {
                count.fetch_add(1, Ordering::Relaxed);
                drop(sender.send(work(memory)));
            }
        };
        self.queue
            .try_send(Box::new(work))
            .map_err(|_| Failure::Busy)?;
        done.await.map_err(|_| Failure::Impossible)
    }
}

/// Works until the last [`Hasher`] is gone.
fn work(works: &Mutex<Receiver<Work>>) {
    let mut memory = Memory::new();
    loop {
        // Held while waiting, not while working.
        let next = works.lock().map(|works| works.recv());
        match next {
            Ok(Ok(work)) => work(&mut memory),
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_says_that_it_is_strong_enough() {
        let phc = hash("charge-ahead").unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
    }

    #[test]
    fn a_password_is_compared_exactly_as_typed() {
        let typed = "Größe 90 kWh ⚡ ";
        let phc = hash(typed).unwrap();
        let mut memory = Memory::new();
        assert_eq!(matches_in(&mut memory, typed, &phc), Some(true));
        for other in [
            "größe 90 kWh ⚡ ",
            "Größe 90 kWh ⚡",
            "",
            "Größe 90 kWh ⚡  ",
        ] {
            let matches = matches_in(&mut memory, other, &phc);
            assert_eq!(matches, Some(false), "{other:?}");
        }
    }

    #[test]
    fn hashes_of_other_programs_and_strengths_are_understood() {
        use argon2::password_hash::{PasswordHasher, PasswordVerifier};

        let mut memory = Memory::new();
        let params = Params::new(8192, 3, 1, None).unwrap();
        let theirs: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password(b"kettle")
            .unwrap();
        let theirs = theirs.to_string();
        assert_eq!(matches_in(&mut memory, "kettle", &theirs), Some(true));
        assert_eq!(matches_in(&mut memory, "Kettle", &theirs), Some(false));
        // Twice in the same memory: nothing of the first is left in the second.
        let ours = hash_in(&mut memory, "kettle").unwrap();
        let ours = PasswordHash::new(&ours).unwrap();
        let understood = Argon2::default().verify_password(b"kettle", &ours);
        assert!(understood.is_ok());
        assert_eq!(matches_in(&mut memory, "kettle", "$2b$10$abc"), None);
    }

    #[tokio::test]
    async fn nobody_has_the_password_of_nobody() {
        let hasher = Hasher::new(1).unwrap();
        let password = "nobody has this password".to_owned();
        assert_eq!(hasher.matches(password, None).await, Ok(false));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn more_than_can_wait_are_turned_away_at_once() {
        let hasher = Hasher::new(1).unwrap();
        let (go_on, held) = std::sync::mpsc::channel::<()>();
        let (began, begun) = oneshot::channel();
        let busy = hasher.clone();
        let first = tokio::spawn(async move {
            let work = move |_: &mut Memory| {
                began.send(()).unwrap();
                // Until the test lets go of the other end.
                let _ = held.recv();
            };
            busy.run(work).await
        });
        begun.await.unwrap();
        let mut waiting = Vec::new();
        for _ in 0..WAITING_PER_CORE {
            waiting.push(Box::pin(hasher.run(|_| ())));
        }
        for one in &mut waiting {
            // Polled once: it is in the queue now.
            let polled = futures_util::poll!(one.as_mut());
            assert!(polled.is_pending());
        }
        assert_eq!(hasher.run(|_| ()).await, Err(Failure::Busy));
        drop(go_on);
        assert_eq!(first.await.unwrap(), Ok(()));
        for one in waiting {
            assert_eq!(one.await, Ok(()));
        }
        assert_eq!(hasher.run(|_| ()).await, Ok(()));
    }
}

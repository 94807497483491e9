//! Many charge points at one server.

use std::{collections::HashMap, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::timeout,
};

use crate::{
    chance::Chance,
    charge_point::{Action, ChargePoint},
    link::{Link, Order},
    server::Server,
};

/// How long an order may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Charge points that live, each on its own.
pub struct Fleet {
    points: HashMap<String, mpsc::Sender<Order>>,
    up: watch::Receiver<usize>,
}

impl Fleet {
    /// Brings charge points up.
    pub fn start(points: Vec<ChargePoint>, server: &Server, key: &str, seed: u64) -> Self {
        let (up, count) = watch::channel(0);
        let mut senders = HashMap::new();
        for point in points {
            let (sender, orders) = mpsc::channel(8);
            senders.insert(point.id.clone(), sender);
            let link = Link {
                chance: Chance::of(seed, &format!("link of {}", point.id)),
                point,
                server: server.clone(),
                key: key.to_owned(),
                orders,
                up: up.clone(),
            };
            tokio::spawn(link.run());
        }
        Self {
            points: senders,
            up: count,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Waits until the server has accepted all of them and knows what they do.
    pub async fn all_up(&self) {
        self.so_many_up(self.len()).await;
    }

    /// Waits until the server knows none of them.
    pub async fn none_up(&self) {
        self.so_many_up(0).await;
    }

    async fn so_many_up(&self, wanted: usize) {
        let mut up = self.up.clone();
        // It ends only with the charge points.
        let _ = up.wait_for(|count| *count == wanted).await;
    }

    /// Has something done at one of them.
    pub async fn order(&self, id: &str, action: Action) -> Result<(), &'static str> {
        let point = self.points.get(id).ok_or("there is no such charge point")?;
        let (done, outcome) = oneshot::channel();
        let ended = |_| "the charge point has ended";
        point
            .send(Order { action, done })
            .await
            .map_err(|_| "the charge point has ended")?;
        match timeout(PATIENCE, outcome).await {
            Ok(outcome) => outcome.map_err(ended)?,
            Err(_) => Err("nothing came of it in 30 seconds"),
        }
    }
}

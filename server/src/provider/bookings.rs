//! The system where plugs are booked, where that isn't our own store: a real Petit Monde.
//! Its key sees everybody's; whose a booking is, our own store says.

use std::pin::Pin;

use portal_api::{
    petit_monde::{
        booking::{Booking, BookingRequest, Cancellation},
        group::{BulkTokens, Group, MadeTokens},
        search::{Location, SearchPage},
        usage::Usage,
    },
    query::search::SearchQuery,
    time::Instant,
};

use super::{Asked, Unfiled, meter::Purpose};

/// Something that is done once at most, and may have been done if nobody knows.
pub type Tried<'a, T> = Pin<Box<dyn Future<Output = Result<T, Unfiled>> + Send + 'a>>;

/// A real Petit Monde.
pub trait Bookings: Send + Sync {
    /// Where a plug can be booked, the nearest first.
    fn search<'a>(&'a self, query: &'a SearchQuery) -> Asked<'a, SearchPage>;

    /// A place as the last search told it, if any did lately.
    fn place(&self, location_id: &str) -> Option<Location>;

    /// Books a plug. Never tried twice in one call.
    fn book<'a>(&'a self, request: &'a BookingRequest, key: &'a str) -> Tried<'a, Booking>;

    /// How a booking is now.
    fn booking<'a>(&'a self, id: &'a str) -> Asked<'a, Booking>;

    /// All bookings that were asked for in a time, whoever's.
    fn made(&self, from: Instant, until: Instant, purpose: Purpose) -> Asked<'_, Vec<Booking>>;

    /// Gives a booking up.
    fn cancel<'a>(
        &'a self,
        id: &'a str,
        cancellation: &'a Cancellation,
        key: &'a str,
    ) -> Tried<'a, Booking>;

    /// How often it may still be asked.
    fn usage(&self) -> Asked<'_, Usage>;

    /// A group's limits and what it has spent.
    fn group<'a>(&'a self, id: &'a str, purpose: Purpose) -> Asked<'a, Group>;

    /// Makes tokens for a group.
    fn mint<'a>(
        &'a self,
        group_id: &'a str,
        asked: &'a BulkTokens,
        key: &'a str,
    ) -> Tried<'a, MadeTokens>;
}

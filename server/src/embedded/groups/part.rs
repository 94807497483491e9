//! Some of a list, and how many there are.

use sqlx::{AnyConnection, any::AnyRow};

/// What a list is read with: `$1` says of which group, then comes what is looked for, and
/// of `rows` how many and after how many.
pub(super) struct List<T> {
    pub rows: &'static str,
    pub count: &'static str,
    pub read: fn(&AnyRow) -> Result<T, sqlx::Error>,
}

impl<T> List<T> {
    /// So many of a group's, after so many, and how many there are.
    pub async fn part(
        &self,
        reader: &mut AnyConnection,
        (group_id, wanted): (&str, &[&str]),
        (limit, offset): (u32, u64),
    ) -> Result<(Vec<T>, u64), sqlx::Error> {
        let mut rows = sqlx::query(self.rows).bind(group_id);
        let mut count = sqlx::query_scalar(self.count).bind(group_id);
        for text in wanted {
            rows = rows.bind(*text);
            count = count.bind(*text);
        }
        let rows = rows
            .bind(i64::from(limit))
            .bind(i64::try_from(offset).unwrap_or(i64::MAX))
            .fetch_all(&mut *reader)
            .await?;
        let count: i64 = count.fetch_one(reader).await?;
        let rows = rows.iter().map(self.read).collect::<Result<_, _>>()?;
        Ok((rows, u64::try_from(count).unwrap_or(0)))
    }
}

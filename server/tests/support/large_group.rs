//! A group of two thousand members and five hundred cards that has booked and charged
//! twenty thousand times this month.

use portal_server::embedded::groups::Group;

use super::{Server, charge_point};

/// What is added: how many, and a statement that numbers them from 1 as `i` and names the
/// group's id as `$1`.
const PARTS: [(i64, &str); 6] = [
    (
        2_000,
        "insert into people (id, email, name, created_at)
            select 'usr_many' || i, 'many' || i || '@example.com', 'Many ' || i, 0
            from n where $1 <> ''",
    ),
    (
        2_000,
        "insert into group_members (group_id, person_id, admin, added_at)
            select $1, 'usr_many' || i, 0, 0 from n",
    ),
    (
        500,
        "insert into group_tokens (id, uid, group_id, position, kind, label, created_at)
            select 'tok_many' || i, 'MANY' || i, $1, i, 'RFID', 'Van ' || i, 0 from n",
    ),
    (
        20_000,
        "insert into sessions (id, driver_id, site_id, charge_point_id, connector, tariff_id,
            currency, id_tag, payment, status, started_at, local_day, ended_at, energy_wh,
            energy_minor, time_minor, flat_minor, parking_minor, adjustments_minor, tax_minor,
            cost_minor) select 'sess_many' || i, g.person_id, 'site_BGO', 'CP-BGO', i % 4 + 1,
            'tariff_BGO', g.currency, 'MANY' || (i % 500 + 1), 'organisation', 'completed',
            1748728800000 + i * 60000, 20250601 + i / 1440, 1748732400000 + i * 60000,
            12345, 5, 0, 0, 0, 0, 0, 5 from n, groups g where g.id = $1",
    ),
    (
        20_000,
        "insert into bookings (id, booker_id, payer_id, site_id, charge_point_id, connector,
            evse_uid, starts_at, ends_at, strategy, group_id, tag, parent_tag, status,
            status_at, currency, estimate_minor, price_minor, session_id, created_at,
            updated_at) select '00000000-0000-4000-8000-' || (100000000000 + i),
            'usr_many' || (i % 2000 + 1), g.person_id, 'site_BGO', 'CP-BGO', i % 4 + 1,
            'CP-BGO', 1748728800000 + i * 60000, 1748732400000 + i * 60000, 'group_token',
            g.id, 'MANY' || (i % 500 + 1), g.parent_tag, 'COMPLETED',
            1748732400000 + i * 60000, g.currency, 9, 5, 'sess_many' || i, i, i
            from n, groups g where g.id = $1",
    ),
    (
        20_000,
        "insert into group_claims (reference, group_id, local_day, at, held, spent, open,
            person_id, session_id) select '00000000-0000-4000-8000-' || (100000000000 + i), $1,
            20250601 + i / 1440, 1748728800000 + i * 60000, 5, 5, 0,
            'usr_many' || (i % 2000 + 1), 'sess_many' || i from n",
    ),
];

/// Fills a group.
pub async fn fill(server: &Server, group: &Group) {
    charge_point::lay(server).await;
    let mut write = server.store().write().await.unwrap();
    let numbers = "with recursive n (i) as (select 1 union all select i + 1 from n where i < $2)";
    for (most, insert) in PARTS {
        // SQLite wants the numbers after `insert into …`.
        let at = insert.find("select").unwrap();
        let sql = format!("{} {numbers} {}", &insert[..at], &insert[at..]);
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&group.id)
            .bind(most)
            .execute(&mut *write)
            .await
            .unwrap();
    }
    write.commit().await.unwrap();
}

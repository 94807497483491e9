//! Who is in a group, and who looks after it.

use portal_api::{
    portal::groups::{Member, Named},
    time::Instant,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Group, part::List};
use crate::embedded::{
    Write,
    matching::{found, patterns},
    people::normalised_email,
};

/// Whether somebody looks after a group; `None` if they aren't in it.
pub async fn is_admin(
    reader: &mut AnyConnection,
    group_id: &str,
    person_id: &str,
) -> Result<Option<bool>, sqlx::Error> {
    let admin: Option<i64> = sqlx::query_scalar(
        "select admin from group_members where group_id = $1 and person_id = $2",
    )
    .bind(group_id)
    .bind(person_id)
    .fetch_optional(reader)
    .await?;
    Ok(admin.map(|admin| admin == 1))
}

/// The groups somebody is in, by name.
pub async fn groups_of(
    reader: &mut AnyConnection,
    person_id: &str,
) -> Result<Vec<Named>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select g.id, g.name from group_members m join groups g on g.id = m.group_id
            where m.person_id = $1 order by g.name, g.id",
    )
    .bind(person_id)
    .fetch_all(reader)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, name)| Named { id, name })
        .collect())
}

/// Takes somebody in, or leaves them in it as they are: with it they may charge.
pub async fn add(
    write: &mut Write,
    group_id: &str,
    person_id: &str,
    admin: bool,
    now: Instant,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into group_members (group_id, person_id, admin, added_at)
            values ($1, $2, $3, $4) on conflict (group_id, person_id) do nothing",
    )
    .bind(group_id)
    .bind(person_id)
    .bind(i64::from(admin))
    .bind(now.millis())
    .execute(&mut **write)
    .await?;
    sqlx::query(
        "insert into person_roles (person_id, role) values ($1, 'group_member')
            on conflict (person_id, role) do nothing",
    )
    .bind(person_id)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Somebody who has that e-mail address and belongs to the group's organisation.
pub async fn colleague(
    reader: &mut AnyConnection,
    group: &Group,
    email: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select id from people where email = $1 and organisation_id = $2
            and not exists (select 1 from groups g where g.person_id = people.id)",
    )
    .bind(normalised_email(email))
    .bind(&group.organisation_id)
    .fetch_optional(reader)
    .await
}

/// Says whether somebody is to look after a group; `false` if nobody else does.
pub async fn set_admin(
    write: &mut Write,
    group_id: &str,
    person_id: &str,
    admin: bool,
) -> Result<bool, sqlx::Error> {
    lock(write, group_id).await?;
    let done = sqlx::query(
        "update group_members set admin = $3 where group_id = $1 and person_id = $2
            and ($3 = 1 or exists (select 1 from group_members o where o.group_id = $1
                and o.person_id <> $2 and o.admin = 1))",
    )
    .bind(group_id)
    .bind(person_id)
    .bind(i64::from(admin))
    .execute(&mut **write)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes somebody out; `false` if nobody else looks after the group.
pub async fn remove(
    write: &mut Write,
    group_id: &str,
    person_id: &str,
) -> Result<bool, sqlx::Error> {
    lock(write, group_id).await?;
    let done = sqlx::query(
        "delete from group_members where group_id = $1 and person_id = $2
            and exists (select 1 from group_members o where o.group_id = $1
                and o.person_id <> $2 and o.admin = 1)",
    )
    .bind(group_id)
    .bind(person_id)
    .execute(&mut **write)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    has_left(write, group_id, person_id).await?;
    Ok(true)
}

/// Takes somebody out of the groups of all organisations but theirs, as they are no longer
/// anybody's colleague there. A group that nobody looks after any more is then looked after
/// by whoever makes groups there.
pub async fn leave_others(
    write: &mut Write,
    person_id: &str,
    organisation_id: &str,
    now: Instant,
) -> Result<(), sqlx::Error> {
    let left: Vec<String> = sqlx::query_scalar(
        "delete from group_members where person_id = $1
            and group_id in (select id from groups where organisation_id <> $2)
            returning group_id",
    )
    .bind(person_id)
    .bind(organisation_id)
    .fetch_all(&mut **write)
    .await?;
    for group_id in &left {
        has_left(write, group_id, person_id).await?;
        let heirs: Vec<String> = sqlx::query_scalar(
            "select p.id from people p join groups g on g.organisation_id = p.organisation_id
                where g.id = $1 and not exists (select 1 from group_members m
                        where m.group_id = $1 and m.admin = 1)
                    and exists (select 1 from person_roles r where r.person_id = p.id
                        and r.role in ('organisation_admin', 'manager'))",
        )
        .bind(group_id)
        .fetch_all(&mut **write)
        .await?;
        for heir in &heirs {
            add(write, group_id, heir, true, now).await?;
            set_admin(write, group_id, heir, true).await?;
        }
    }
    Ok(())
}

/// What comes of it that somebody is no longer in a group: what they booked on its account
/// is to be given up.
async fn has_left(write: &mut Write, group_id: &str, person_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "delete from person_roles where person_id = $1 and role = 'group_member'
            and not exists (select 1 from group_members m where m.person_id = $1)",
    )
    .bind(person_id)
    .execute(&mut **write)
    .await?;
    sqlx::query(
        "insert into group_leavers (group_id, person_id) values ($1, $2)
            on conflict (group_id, person_id) do nothing",
    )
    .bind(group_id)
    .bind(person_id)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Of two who leave at once, one stays to look after it.
async fn lock(write: &mut Write, group_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update groups set id = id where id = $1")
        .bind(group_id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// One of a group's members.
pub async fn find(
    reader: &mut AnyConnection,
    group_id: &str,
    person_id: &str,
) -> Result<Option<Member>, sqlx::Error> {
    let row = sqlx::query(
        "select p.id, p.name, p.email, m.admin, m.added_at
            from group_members m join people p on p.id = m.person_id
            where m.group_id = $1 and m.person_id = $2",
    )
    .bind(group_id)
    .bind(person_id)
    .fetch_optional(reader)
    .await?;
    row.as_ref().map(of_row).transpose()
}

const LIST: List<Member> = List {
    rows: concat!(
        "select p.id, p.name, p.email, m.admin, m.added_at
        from group_members m join people p on p.id = m.person_id where m.group_id = $1 and ",
        found!("lower(p.name)", "$2", "$3", "$4"),
        " order by p.name, p.id limit $5 offset $6"
    ),
    count: concat!(
        "select count(*) from group_members m where m.group_id = $1 and ($2 = '' or exists
        (select 1 from people p where p.id = m.person_id and ",
        found!("lower(p.name)", "$2", "$3", "$4"),
        "))"
    ),
    read: of_row,
};

/// Some of a group's members by name, those with a text in their names or all, and how
/// many there are.
pub async fn page(
    reader: &mut AnyConnection,
    group_id: &str,
    text: Option<&str>,
    part: (u32, u64),
) -> Result<(Vec<Member>, u64), sqlx::Error> {
    let patterns = text.map(patterns).unwrap_or_default();
    let wanted = patterns.each_ref().map(String::as_str);
    LIST.part(reader, (group_id, &wanted), part).await
}

fn of_row(row: &AnyRow) -> Result<Member, sqlx::Error> {
    Ok(Member {
        person_id: row.try_get(0)?,
        name: row.try_get(1)?,
        email: row.try_get(2)?,
        admin: row.try_get::<i64, _>(3)? == 1,
        added_at: Instant::from_millis(row.try_get(4)?),
    })
}

//! People for tests, all with the same password.

use std::sync::OnceLock;

use portal_api::portal::Billing;
use portal_server::{
    embedded::people::{self, NewPerson, Organisation, Role},
    passwords,
};

use super::Server;

/// Of everybody.
pub const PASSWORD: &str = "charge-ahead";

/// Its hash, made once for the whole test program.
pub fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| passwords::hash(PASSWORD).unwrap())
}

/// Adds somebody, called after what stands before the `@`; gives their id.
pub async fn add(server: &Server, email: &str, roles: &[Role]) -> String {
    let name = email.split('@').next().unwrap();
    let id = format!("usr_{name}");
    let mut write = server.store().write().await.unwrap();
    let new = NewPerson {
        id: &id,
        email,
        name,
        password_hash: Some(password_hash()),
        organisation_id: None,
        dynamo_user_id: None,
        roles,
        language: None,
    };
    people::add(&mut write, &new, server.clock().now())
        .await
        .unwrap();
    write.commit().await.unwrap();
    id
}

/// A driver called `driver@example.com`.
pub async fn driver(server: &Server) -> String {
    add(server, "driver@example.com", &[Role::Driver]).await
}

/// Adds the driver whom a real Dynamo knows as `usr_D1`.
pub async fn driver_of_dynamo(server: &Server) {
    driver(server).await;
    let mut write = server.store().write().await.unwrap();
    sqlx::query("update people set dynamo_user_id = 'usr_D1' where id = 'usr_driver'")
        .execute(&mut *write)
        .await
        .unwrap();
    write.commit().await.unwrap();
}

/// Something that people belong to.
pub fn organisation(id: &str, name: &str) -> Organisation {
    Organisation {
        id: id.to_owned(),
        name: name.to_owned(),
        billing: Billing::default(),
    }
}

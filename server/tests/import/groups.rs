//! Groups by the file: who is in them, and what they may spend.

use portal_api::{
    path,
    petit_monde::group::Group,
    portal::groups::{GroupPage, Member, MemberPage, MyGroups},
};
use serde_json::json;

use super::{
    by_letter,
    support::{
        Browser, Server, both_stores, database, program,
        stock::{EXAMPLE, example_but, import, refusal, try_import},
    },
};

const ID: &str = "group_isarhof_vans";

/// Two more of the organisation.
const PEOPLE: &str = "
[[people]]
email = \"ben@example.com\"
name = \"Ben Aro\"
organisation = \"org_isarhof\"

[[people]]
email = \"cleo@example.com\"
name = \"Cleo Ruiz\"
organisation = \"org_isarhof\"
";

fn with_people(changes: &[(&str, &str)]) -> String {
    example_but(changes) + PEOPLE
}

/// Imports a file with letters; gives whoever looks after the group, signed in.
async fn admin(server: &Server, text: &str) -> Browser {
    try_import(server, text, Some("https://p.example"))
        .await
        .unwrap();
    by_letter(server, "ada@example.com").await
}

async fn members(browser: &Browser) -> Vec<(String, bool)> {
    let page: MemberPage = browser.get(&path::group_members(ID)).await.json();
    let told = |member: Member| (member.email.unwrap(), member.admin);
    page.members.into_iter().map(told).collect()
}

fn said(members: &[(&str, bool)]) -> Vec<(String, bool)> {
    let members = members.iter();
    members
        .map(|(email, admin)| ((*email).into(), *admin))
        .collect()
}

async fn limits(browser: &Browser) -> [Option<String>; 2] {
    let group: Group = browser.get(&path::fleet_group(ID)).await.json();
    [group.monthly_limit, group.per_session_limit].map(|limit| limit.map(|limit| limit.to_string()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_of_the_file_is_there_with_its_people_and_its_limits() {
    both_stores(async |server| {
        let named = [("# members =", "members =")];
        let ada = admin(server, &with_people(&named)).await;
        let mine: MyGroups = ada.get(path::GROUPS).await.json();
        assert_eq!((&mine.groups[0].id[..], mine.groups[0].admin), (ID, true));
        let page: GroupPage = ada.get(&path::group(ID)).await.json();
        assert_eq!(
            (&page.name[..], &page.organisation[..]),
            ("Isarhof vans", "Isarhof GmbH")
        );
        assert_eq!((&page.time_zone[..], page.tokens), ("Europe/Berlin", 0));
        assert_eq!(page.budget.currency.code(), "EUR");
        assert_eq!(limits(&ada).await, [Some("2500".into()), Some("60".into())]);
        let both = said(&[("ada@example.com", true), ("ben@example.com", false)]);
        assert_eq!(members(&ada).await, both);
        let ben = by_letter(server, "ben@example.com").await;
        let mine: MyGroups = ben.get(path::GROUPS).await.json();
        assert_eq!((&mine.groups[0].id[..], mine.groups[0].admin), (ID, false));
        let before = database::contents(server.store()).await;
        assert_eq!(import(server, &with_people(&named)).await, [0, 0, 10]);
        assert_eq!(database::contents(server.store()).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_file_leaves_out_of_a_group_stays_and_what_it_says_is_so() {
    both_stores(async |server| {
        let named = [("# members =", "members =")];
        let ada = admin(server, &with_people(&named)).await;
        let limited = json!({ "limits": { "monthly_limit": 900, "per_session_limit": null } });
        assert_eq!(
            ada.patch(&path::fleet_group(ID), &limited).await.status,
            200
        );
        let cleo = json!({ "email": "cleo@example.com", "admin": true });
        assert_eq!(ada.post(&path::group_members(ID), &cleo).await.status, 201);
        let lines = [
            ("monthly_limit = 2500.00\n", ""),
            ("per_session_limit = 60.00\n", ""),
        ];
        assert_eq!(import(server, &with_people(&lines)).await, [0, 0, 10]);
        assert_eq!(limits(&ada).await, [Some("900".into()), None]);
        // Whoever looks after it goes on, also as one of the members that the file names.
        let ben = "members = [\"ben@example.com\", \"cleo@example.com\"]";
        let silent = [
            lines[0],
            lines[1],
            ("# members = [\"ben@example.com\"]", ben),
        ];
        assert_eq!(import(server, &with_people(&silent)).await, [0, 0, 10]);
        let all = [
            ("ada@example.com", true),
            ("ben@example.com", false),
            ("cleo@example.com", true),
        ];
        assert_eq!(members(&ada).await, said(&all));
        let other = [
            ("monthly_limit = 2500.00", "monthly_limit = \"none\""),
            ("per_session_limit = 60.00", "per_session_limit = 19.99"),
            ("name = \"Isarhof vans\"", "name = \"Vans\""),
            ("# time_zone", "time_zone"),
            ("Europe/Berlin", "Atlantic/Azores"),
            (
                "admins = [\"ada@example.com\"]",
                "admins = [\"ben@example.com\"]",
            ),
        ];
        assert_eq!(import(server, &with_people(&other)).await, [0, 2, 8]);
        assert_eq!(limits(&ada).await, [None, Some("19.99".into())]);
        let page: GroupPage = ada.get(&path::group(ID)).await.json();
        assert_eq!(
            (&page.name[..], &page.time_zone[..]),
            ("Vans", "Atlantic/Azores")
        );
        assert_eq!(
            members(&ada).await,
            said(&all.map(|(email, _)| (email, true)))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_groups_amounts_have_the_digits_of_its_currency_and_stay_in_it() {
    both_stores(async |server| {
        let dinars = [
            ("# currency = \"EUR\"", "currency = \"KWD\""),
            ("60.00", "60.125"),
        ];
        let ada = admin(server, &example_but(&dinars)).await;
        assert_eq!(
            limits(&ada).await,
            [Some("2500".into()), Some("60.125".into())]
        );
        let euros = refusal(server, &example_but(&[("# currency", "currency")])).await;
        assert!(
            euros.contains("groups, entry 1 (group_isarhof_vans): currency stays as it is"),
            "{euros}"
        );
        let none = [dinars[0], ("2500.00", "\"none\""), ("60.00", "\"none\"")];
        assert_eq!(import(server, &example_but(&none)).await, [0, 1, 7]);
        let yen = [
            ("# currency = \"EUR\"", "currency = \"JPY\""),
            ("2500.00", "250000"),
            ("per_session_limit = 60.00", "per_session_limit = 6000"),
        ];
        assert_eq!(import(server, &example_but(&yen)).await, [0, 1, 7]);
        assert_eq!(
            limits(&ada).await,
            [Some("250000".into()), Some("6000".into())]
        );
        let odd = [yen[0], ("2500.00", "2500.5")];
        let odd = refusal(server, &example_but(&odd)).await;
        assert!(
            odd.contains("monthly_limit = 2500.5 is not allowed"),
            "{odd}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_group_is_told_with_its_place() {
    both_stores(async |server| {
        let place = "groups, entry 1 (group_isarhof_vans): ";
        for (old, new, told) in [
            (
                "\"group_isarhof_vans\"",
                "\"vans\"",
                "id = \"vans\" is not allowed",
            ),
            ("admins = [\"ada@example.com\"]", "", "admins is missing"),
            (
                "admins = [\"ada@example.com\"]",
                "admins = []",
                "admins = [] is not allowed",
            ),
            (
                "admins = [\"ada@example.com\"]",
                "admins = [\"ada@example.com\", \"ADA@example.com\"]",
                "each once",
            ),
            (
                "# members = [\"ben@example.com\"]",
                "members = [\"ada@example.com\"]",
                "members = [\"ada@example.com\"] is not allowed",
            ),
            (
                "# members =",
                "members =",
                "members = \"ben@example.com\" is nobody in org_isarhof",
            ),
            (
                "admins = [\"ada@example.com\"]",
                "admins = [\"desk@example.com\"]",
                "admins = \"desk@example.com\" is nobody in org_isarhof",
            ),
            ("2500.00", "-1", "monthly_limit = -1 is not allowed"),
            ("2500.00", "0.001", "monthly_limit = 0.001 is not allowed"),
            (
                "2500.00",
                "\"much\"",
                "monthly_limit = \"much\" is not allowed",
            ),
            (
                "# time_zone = \"Europe/Berlin\"",
                "time_zone = \"CEST\"",
                "time_zone = \"CEST\"",
            ),
        ] {
            let refused = refusal(server, &example_but(&[(old, new)])).await;
            assert!(refused.contains(told), "{new}: {refused}");
            let vans = new == "\"vans\"";
            assert!(vans || refused.contains(place), "{refused}");
        }
        import(server, EXAMPLE).await;
        let other = "[[organisations]]\nid = \"org_other\"\nname = \"Other\"\n";
        let moved = [(
            "organisation = \"org_isarhof\"\n# People",
            "organisation = \"org_other\"\n# People",
        )];
        let refused = refusal(server, &(example_but(&moved) + other)).await;
        assert!(refused.contains("organisation stays as it is"), "{refused}");
    })
    .await;
}

#[test]
fn a_group_whose_limits_a_real_petit_monde_keeps_gets_none_from_the_file() {
    let folder = database::folder();
    let file = folder.join("stock.toml");
    let import = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let mut command = program::command(&folder);
        command
            .env("PORTAL_PETIT_MONDE_PROVIDER", "upstream")
            .env("PORTAL_PETIT_MONDE_URL", "https://pm.example")
            .env("PORTAL_PETIT_MONDE_KEY", "pm_live_1")
            .args(["import", "stock.toml", "--data"])
            .arg(&folder);
        command.output().unwrap()
    };
    let refused = String::from_utf8(import(EXAMPLE).stderr).unwrap();
    assert!(
        refused.contains("(group_isarhof_vans): monthly_limit is not allowed")
            && refused.contains("Petit Monde keeps the limits"),
        "{refused}"
    );
    let silent = example_but(&[("monthly_limit = 2500.00\nper_session_limit = 60.00\n", "")]);
    let done = import(&silent);
    assert!(done.status.success(), "{done:?}");
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(
        said.ends_with("groups: 1 added, 0 changed, 0 unchanged\n"),
        "{said}"
    );
    std::fs::remove_dir_all(folder).unwrap();
}

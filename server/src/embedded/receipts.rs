//! A session's receipt: what its bill says, put together as a document.

use chrono_tz::Tz;
use portal_api::{
    decimal::Decimal,
    dynamo::Session,
    language::Language,
    portal::{Current, Payment, SessionDetail},
    time::Instant,
};

use super::{
    Store,
    bills::{self, Bill, Buyer, Place, Seller, Wording},
    sessions::detail,
    sites,
};
use crate::{
    documents::{
        charges::{charges, tax},
        colour::Colour,
        format::number,
        receipt::{self, Moment, Party, Receipt},
        words::lines::lines,
    },
    provider::{Failure, Wanted},
};

/// How many seconds until somebody may ask again for the receipt of a session
/// that is under way.
const NOT_YET: u64 = 60;

/// A receipt that a driver wants. How it is written is fixed when it is first asked for.
pub async fn receipt(
    store: &Store,
    driver_id: &str,
    wanted: &Wanted<'_>,
    now: Instant,
) -> Result<Receipt, Failure> {
    let mut reader = store.readers().acquire().await?;
    let id = wanted.session_id;
    let facts = detail::facts(&mut reader, driver_id, id, now).await?;
    let facts = facts.ok_or(Failure::NotFound)?;
    let bills = bills::of_session(&mut reader, id).await?;
    let bill = match wanted.number {
        Some(number) => bills.into_iter().find(|bill| bill.number == number),
        None if bills.is_empty() => return Err(Failure::NotReady { again_in: NOT_YET }),
        None => bills.into_iter().last(),
    };
    let bill = bill.ok_or(Failure::NotFound)?;
    let logo = match &bill.parties.seller.logo {
        Some(logo) => sites::logo(&mut reader, logo).await?,
        None => None,
    };
    // Whoever writes must not hold what others read with.
    drop(reader);
    let wording = match &bill.wording {
        Some(wording) => wording.clone(),
        None => fix_wording(store, &bill.number, wanted).await?,
    };
    let facts = as_issued(facts, bill.parties.place.clone());
    composed(&facts, bill, logo, wording).ok_or(Failure::Nonsense(
        "a bill has amounts that its currency does not have",
    ))
}

async fn fix_wording(
    store: &Store,
    number: &str,
    wanted: &Wanted<'_>,
) -> Result<Wording, sqlx::Error> {
    let asked = Wording {
        language: wanted.language,
        link: wanted.link.to_owned(),
    };
    let mut write = store.write().await?;
    let wording = bills::fix_wording(&mut write, number, asked).await?;
    write.commit().await?;
    Ok(wording)
}

/// Fixes the links of receipts that were asked for before links were kept;
/// `before_id` is where sessions are in the portal.
pub async fn fix_links(store: &Store, before_id: &str) -> Result<(), sqlx::Error> {
    let mut write = store.write().await?;
    sqlx::query(
        "update bills set link = $1 || session_id where language is not null and link is null",
    )
    .bind(before_id)
    .execute(&mut *write)
    .await?;
    write.commit().await
}

/// The session at the place as it was when the bill was issued.
fn as_issued(mut facts: SessionDetail, place: Option<Place>) -> SessionDetail {
    if let Some(place) = place {
        facts.session.site_name = Some(place.name);
        facts.session.time_zone = Some(place.time_zone);
        facts.address = Some(place.address);
        facts.evse_id = Some(place.evse_id);
        facts.current = Some(place.current);
        facts.power_kw = Some(place.power_kw);
    }
    facts
}

/// All of it; `None` if an amount has more digits than its currency.
fn composed(
    facts: &SessionDetail,
    bill: Bill,
    logo: Option<Vec<u8>>,
    Wording { language, link }: Wording,
) -> Option<Receipt> {
    let zone: Tz = facts.session.time_zone.as_deref()?.parse().ok()?;
    let cost = &bill.cost;
    Some(Receipt {
        issued: moment(bill.issued, zone)?.local.date(),
        language,
        colour: Colour::of_hex(&bill.parties.seller.colour).unwrap_or(Colour::BLACK),
        logo,
        session: session(facts, zone, language)?,
        charges: charges(cost, zone, language)?,
        subtotal: cost.money(cost.subtotal?)?,
        taxes: tax(cost).into_iter().filter(is_owed).collect(),
        taxes_included: cost.tax_included,
        total: cost.money(cost.total_cost?)?,
        paid: facts.payment.and_then(|payment| paid(payment, language)),
        link,
        number: bill.number,
        corrects: bill.corrects,
        seller: seller(bill.parties.seller),
        buyer: buyer(bill.parties.buyer),
    })
}

/// Where nothing is taxed, no line says so.
fn is_owed(tax: &receipt::Tax) -> bool {
    !tax.rate.is_zero() || tax.tax.minor != 0
}

fn seller(seller: Seller) -> Party {
    Party {
        name: seller.name,
        lines: lines_of(&seller.address),
        vat_id: Some(seller.vat_id),
    }
}

/// Where an organisation pays, it is the buyer; who charged is said below.
fn buyer(buyer: Buyer) -> Party {
    let (name, below) = match buyer.organisation {
        Some(organisation) => (organisation, Some(buyer.name)),
        None => (buyer.name, None),
    };
    let address = buyer.address.as_deref().map(lines_of);
    Party {
        name,
        lines: below
            .into_iter()
            .chain(address.into_iter().flatten())
            .collect(),
        vat_id: buyer.vat_id,
    }
}

fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn session(facts: &SessionDetail, zone: Tz, language: Language) -> Option<receipt::Session> {
    let session = &facts.session;
    Some(receipt::Session {
        place: session.site_name.clone(),
        address: facts.address.clone(),
        evse_id: facts.evse_id.clone(),
        charge_point: Some(session.charge_point_id.clone()),
        connector: connector(session, facts, language),
        card: facts.id_tag.clone(),
        started: moment(session.started_at, zone)?,
        ended: moment(session.ended_at?, zone)?,
        energy: session.energy_kwh?,
    })
}

/// Such as `2 · 150 kW DC`.
fn connector(session: &Session, facts: &SessionDetail, language: Language) -> Option<String> {
    let connector = session.connector_id?.to_string();
    let current = match facts.current {
        Some(Current::Ac) => "AC",
        Some(Current::Dc) => "DC",
        Some(Current::Unknown) | None => "",
    };
    let power = facts.power_kw.map(|power| {
        let whole = power.units_at(0).map(|whole| Decimal::new(whole, 0));
        number(whole.unwrap_or(power), language)
    });
    Some(match power {
        Some(power) => format!("{connector} · {power}\u{a0}kW {current}"),
        None => connector,
    })
}

/// How it was paid, as a sentence.
fn paid(payment: Payment, language: Language) -> Option<String> {
    let words = lines(language);
    let says = match payment {
        Payment::Card => words.by_card,
        Payment::Invoice => words.by_invoice,
        Payment::Organisation => words.by_organisation,
        Payment::Unknown => return None,
    };
    Some(says.to_owned())
}

/// A time by the place's clock.
fn moment(at: Instant, zone: Tz) -> Option<Moment> {
    let local = at.utc()?.with_timezone(&zone);
    Some(Moment {
        local: local.naive_local(),
        zone: local.format("%Z").to_string(),
    })
}

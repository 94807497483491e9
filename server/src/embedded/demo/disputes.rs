//! What the first driver said about costs, and what came of it: made step by step,
//! as real disputes are.

use portal_api::{
    dynamo::{
        Session,
        cost::CostBreakdown,
        dispute::{Dispute, DisputeRequest},
    },
    money::Money,
    portal::disputes::{Decision, Outcome},
    time::Instant,
};

use super::{FillError, plan::Plan};
use crate::embedded::{
    Write, bills,
    disputes::{Filing, Life},
    letters,
    people::Role,
    sessions::detail,
};

/// A dispute from its filing until today.
struct Story {
    /// So many hours ago it was filed.
    hours_ago: i64,
    /// Which line is said to be wrong: of the newest session that has one.
    line: &'static str,
    reason: &'static str,
    /// Whether the driver says what would be right: nothing for that line.
    says_what_is_right: bool,
    /// What happened then, each so many hours ago.
    steps: &'static [(i64, Step)],
}

enum Step {
    Question(&'static str),
    Answer(&'static str),
    /// Half of what the line cost is given back.
    HalfAccepted(&'static str),
    Rejected(&'static str),
}

const DAY: i64 = 24;

const STORIES: [Story; 5] = [
    Story {
        hours_ago: 48 * DAY + 5,
        line: "energy",
        reason: "My car says that it took less than what you charge me for. The difference is \
                 more than two kilowatt-hours.",
        says_what_is_right: false,
        steps: &[(
            44 * DAY,
            Step::Rejected(
                "The meter in the charger is calibrated and counts what leaves the plug. A car \
                 shows what arrives in the battery: five to ten percent become heat on the way, \
                 more when it is cold. The meter readings fit the charging curve, so the cost \
                 stays as it is.",
            ),
        )],
    },
    Story {
        hours_ago: 13 * DAY + 2,
        line: "parking",
        reason: "The barrier at the exit would not open and I could not leave. Now I am to pay \
                 for standing there.",
        says_what_is_right: true,
        steps: &[
            (
                11 * DAY + 3,
                Step::Question("Do you remember how long you waited, and did you call anyone?"),
            ),
            (
                10 * DAY + 22,
                Step::Answer(
                    "I rang the number at the barrier twice. Somebody came in the end, but that \
                     took ages.",
                ),
            ),
            (
                2 * DAY + 4,
                Step::HalfAccepted(
                    "The garage confirms that the barrier was stuck, and that it was repaired \
                     while you waited. We give back half of what standing cost; for the time \
                     before that it stays as it is. Sorry for the trouble!",
                ),
            ),
        ],
    },
    Story {
        hours_ago: 9 * DAY + 7,
        line: "energy",
        reason: "The screen at the charger showed a lower price for the kilowatt-hour.",
        says_what_is_right: false,
        steps: &[
            (
                7 * DAY + 6,
                Step::Question("Which price did it show, and about when did you look?"),
            ),
            (
                7 * DAY + 1,
                Step::Answer(
                    "Just before I plugged in. I am quite sure, because I compared it with the \
                     place across the road.",
                ),
            ),
        ],
    },
    Story {
        hours_ago: 6 * DAY + 3,
        line: "energy",
        reason: "The charger stopped in between, and I am not sure that it went on counting \
                 correctly after that.",
        says_what_is_right: false,
        steps: &[(
            DAY + 5,
            Step::Question(
                "We see no interruption in the meter readings. About when did it stop, and what \
                 did the screen say?",
            ),
        )],
    },
    Story {
        hours_ago: 3 * DAY + 1,
        line: "energy",
        reason: "That is clearly more than I usually pay for as much energy. Did the price \
                 change? Please have a look.",
        says_what_is_right: false,
        steps: &[],
    },
];

/// Writes the disputes; their letters were sent long ago.
pub(super) async fn write(write: &mut Write, plan: &Plan, now: Instant) -> Result<(), FillError> {
    let staff = plan
        .people
        .iter()
        .find(|person| person.roles.contains(&Role::Staff));
    let (driver, staff) = plan.people.first().zip(staff).ok_or(FillError::Plan)?;
    for story in &STORIES {
        let mut telling = Telling {
            write,
            now,
            driver_id: &driver.id,
            staff_id: &staff.id,
        };
        telling.tell(story).await?;
    }
    for person in [driver, staff] {
        letters::forget(write, &person.email).await?;
    }
    Ok(())
}

struct Telling<'a> {
    write: &'a mut Write,
    now: Instant,
    driver_id: &'a str,
    staff_id: &'a str,
}

impl Telling<'_> {
    /// Tells a story if there is a session that it can be about.
    async fn tell(&mut self, story: &Story) -> Result<(), FillError> {
        let filed_at = self.ago(story.hours_ago);
        let Some((session, cost)) = self.session(story, filed_at).await? else {
            return Ok(());
        };
        let of_line = of_line(&cost, story.line).ok_or(FillError::Plan)?;
        let dispute = self.file(story, &session, &cost, filed_at).await?;
        for (hours_ago, step) in story.steps {
            let at = self.ago(*hours_ago);
            self.step(&dispute, step, of_line, at).await?;
        }
        Ok(())
    }

    fn ago(&self, hours: i64) -> Instant {
        self.now.plus_seconds(-hours * 3_600)
    }

    fn life(&mut self, now: Instant) -> Life<'_> {
        Life {
            write: self.write,
            now,
            portal: String::new(),
        }
    }

    /// The newest session that had ended by then, in which that line cost something.
    /// The newest two of all are left to whoever tries the portal out.
    async fn session(
        &mut self,
        story: &Story,
        by: Instant,
    ) -> Result<Option<(Session, CostBreakdown)>, FillError> {
        let found: Option<String> = sqlx::query_scalar(
            "select id from sessions where driver_id = $1 and ended_at < $2
                and case $3 when 'parking' then parking_minor else energy_minor end > 100
                and started_at < (select started_at from sessions
                    where driver_id = $1 and ended_at is not null
                    order by started_at desc limit 1 offset 1)
                and dispute_status is null order by started_at desc limit 1",
        )
        .bind(self.driver_id)
        .bind(by.millis())
        .bind(story.line)
        .fetch_optional(&mut **self.write)
        .await?;
        let Some(id) = found else {
            return Ok(None);
        };
        let facts = detail::facts(self.write, self.driver_id, &id, self.now).await?;
        let bill = bills::of_session(self.write, &id).await?.pop();
        Ok(facts
            .zip(bill)
            .map(|(facts, bill)| (facts.session, bill.cost)))
    }

    async fn file(
        &mut self,
        story: &Story,
        session: &Session,
        cost: &CostBreakdown,
        at: Instant,
    ) -> Result<Dispute, FillError> {
        let right = cost.without(story.line).map(Money::major);
        let request = DisputeRequest {
            reason: story.reason.to_owned(),
            expected_cost: right.filter(|_| story.says_what_is_right),
            line: Some(story.line.to_owned()),
            files: Vec::new(),
        };
        let filing = Filing {
            person_id: self.driver_id,
            session,
            request: &request,
            expected: request.checked(session).map_err(|_| FillError::Plan)?,
        };
        Ok(self.life(at).file(&filing).await?)
    }

    async fn step(
        &mut self,
        dispute: &Dispute,
        step: &Step,
        of_line: Money,
        at: Instant,
    ) -> Result<(), FillError> {
        let (driver_id, staff_id) = (self.driver_id, self.staff_id);
        let id = &dispute.dispute_id;
        let mut life = self.life(at);
        if !matches!(step, Step::Answer(_)) {
            life.look(staff_id, id).await?;
        }
        let half = Money::new(of_line.minor / 2, of_line.currency).major();
        let (outcome, credit, text) = match step {
            Step::Question(text) => return Ok(life.ask(staff_id, id, text).await?),
            Step::Answer(text) => return Ok(life.say(driver_id, id, text).await?),
            Step::HalfAccepted(text) => (Outcome::PartlyAccepted, Some(half), text),
            Step::Rejected(text) => (Outcome::Rejected, None, text),
        };
        let decision = Decision {
            outcome,
            credit,
            text: (*text).to_owned(),
        };
        Ok(life.decide(staff_id, id, &decision).await?)
    }
}

/// What a line cost, tax and all.
fn of_line(cost: &CostBreakdown, line: &str) -> Option<Money> {
    let total = cost.money(cost.total_cost?)?;
    let rest = cost.without(line)?;
    let minor = total.minor.checked_sub(rest.minor)?;
    Some(Money::new(minor, total.currency))
}

// A cost that looks wrong: said by the driver, answered at the desk, and never
// filed twice.
import type { Page, Route } from "@playwright/test";

import { file, posts, reason, type Session, undisputed } from "./support/disputes";
import { expect, test } from "./support/test";
import { another, ask, heading, keeperReady, REFUSED } from "./support/ways";

const HOSTILE = '<img src=x onerror="window.hit = 1"> {total} \u202eabc\u202c 🔌\n\tnext line <script>window.hit = 1</script>';

/** How many disputes the driver has. */
async function count(page: Page): Promise<number> {
  return ((await (await ask(page, "/api/portal/disputes")).json()) as { total: number }).total;
}

test.beforeEach(async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.goto("/");
  await expect(heading(page)).toBeVisible();
});

test("it is said, asked about, answered, decided and given back", async ({ page, browser, baseURL, signIn }) => {
  await page.goto(await undisputed(page));
  await page.getByRole("link", { name: "Something is wrong" }).last().click();
  await expect(heading(page)).toHaveText("Dispute the cost");
  await expect(page.getByRole("heading", { name: "What our own check says" })).toBeVisible();

  await file(page).click();
  await expect(page.getByText("Write something first.")).toBeVisible();
  await expect(reason(page)).toBeFocused();
  await reason(page).fill(HOSTILE);
  await page.getByLabel(/^What would be right/).fill("a lot");
  await file(page).click();
  await expect(page.getByText(/^Type an amount in/)).toBeVisible();
  await page.getByLabel(/^What would be right/).fill("0");
  await page.getByRole("button", { name: "Add photos or papers" }).click();
  await expect(page.getByLabel("Photos or papers")).toBeFocused();
  await page.getByLabel("Photos or papers").setInputFiles({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await expect(page.getByText("note.txt: Only JPEG, PNG and PDF.")).toBeVisible();
  await page.getByLabel("Photos or papers").setInputFiles({ name: "paper.pdf", mimeType: "application/pdf", buffer: Buffer.from(PDF) });
  await expect(page.getByRole("button", { name: "Remove paper.pdf" })).toBeVisible();
  await file(page).click();
  await expect(heading(page)).toHaveText(/^Dispute about /);
  await expect(page.getByText("The operator has to answer")).toBeVisible();
  expect(await page.locator(".typed").first().textContent(), "as typed").toBe(HOSTILE);
  expect(await page.evaluate(() => "hit" in window), "never as markup").toBe(false);
  await expect(page.getByRole("link", { name: "paper.pdf" })).toBeVisible();
  const id = new URL(page.url()).pathname.split("/")[2];

  const desk = await another(browser, baseURL, "desk@example.com", signIn);
  await desk.goto("/");
  await desk.getByRole("link", { name: /\d+ disputes? waits? for a decision$/ }).click();
  await expect(heading(desk)).toHaveText("Disputes that wait");
  await desk.locator(`a[href="/desk/disputes/${id}"]`).click();
  await expect(desk.getByRole("heading", { name: "What it cost and why" })).toBeVisible();
  expect(await desk.locator(".typed").first().textContent()).toBe(HOSTILE);
  await expect(desk.locator(`a[href="/desk/disputes/${id}"]`), "the queue knows that it was taken up").toContainText("In review");
  await desk.getByLabel("Ask the driver", { exact: true }).fill("Which barrier?");
  await desk.getByRole("button", { name: "Send the question" }).click();
  await expect(desk.getByText("The question is sent.")).toBeVisible();
  await expect(desk.getByText("Which barrier?")).toBeVisible();
  expect(await desk.evaluate(() => scrollY), "whoever asked stays where they are").toBeGreaterThan(0);

  await page.reload();
  await expect(page.getByText("The operator waits for your answer")).toBeVisible();
  await page.getByLabel("Your answer", { exact: true }).fill("The one in the north");
  await page.reload();
  await expect(page.getByLabel("Your answer", { exact: true }), "a draft outlives a reload").toHaveValue("The one in the north");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("The one in the north")).toBeVisible();
  await expect(page.getByText("The operator has to answer")).toBeVisible();

  await desk.reload();
  await expect(desk.getByText("The one in the north")).toBeVisible();
  await expect(desk.getByRole("radio", { checked: true }), "nothing is chosen for whoever decides").toHaveCount(0);
  await desk.getByLabel("Why", { exact: true }).fill("The barrier was shut.");
  await desk.getByRole("button", { name: "Decide …" }).click();
  await expect(desk.getByText("Choose how it is decided first.")).toBeVisible();
  await desk.getByLabel("Accepted", { exact: true }).check();
  const all = await desk.getByLabel(/^Give back/).inputValue();
  expect(all, "all that was asked for").toMatch(/\d/);
  await desk.getByLabel("Accepted in part").check();
  await expect(desk.getByLabel(/^Give back/), "a part is nobody's guess").toHaveValue("");
  await desk.getByLabel(/^Give back/).fill(all);
  await desk.getByRole("button", { name: "Decide …" }).click();
  await expect(desk.getByText(/^More than nothing and less than/)).toBeVisible();
  await desk.getByLabel(/^Give back/).fill("1");
  await desk.getByRole("button", { name: "Decide …" }).click();
  const last = desk.getByRole("dialog", { name: "This can't be taken back" });
  await expect(last).toContainText(/accepted in part: .+ of .+ will be given back/);
  await last.getByRole("button", { name: "Yes, decide" }).click();
  await expect(desk.getByText("The money is given back")).toBeVisible();
  await expect(desk.getByRole("button", { name: "Decide …" })).toHaveCount(0);
  await desk.context().close();

  await page.reload();
  await expect(page.getByText("Corrected receipt")).toBeVisible();
  await expect(page.getByText("The barrier was shut.")).toBeVisible();
  await page.getByRole("link", { name: "All disputes" }).click();
  await expect(page.locator(`a[href="/disputes/${id}"]`)).toContainText("Accepted");
});

test("it is seen on the start page and in the list of sessions", async ({ page }) => {
  await expect(page.getByRole("link", { name: /^A question about your dispute/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Your dispute is decided/ }).first()).toBeVisible();
  const { disputes } = (await (await ask(page, "/api/portal/disputes")).json()) as { disputes: { dispute: { session_id: string }; started_at: string }[] };
  const { dispute, started_at } = disputes[disputes.length - 1];
  const day = (later: number) => new Date(Date.parse(started_at) + later * 86_400_000).toISOString().slice(0, 10);
  await page.goto(`/sessions?from=${day(-1)}&to=${day(1)}`);
  await expect(page.locator(`a[href="/sessions/${dispute.session_id}"]`)).toContainText("Dispute decided");
});

test("a decision that isn't sent yet outlives a reload with all that was chosen", async ({ page, browser, baseURL, signIn }) => {
  await page.goto(`${await undisputed(page)}/dispute`);
  await reason(page).fill("Too much by far");
  await file(page).click();
  await expect(heading(page)).toHaveText(/^Dispute about /);
  const id = new URL(page.url()).pathname.split("/")[2];

  const desk = await another(browser, baseURL, "desk@example.com", signIn);
  await desk.goto(`/desk/disputes/${id}`);
  const [rejected, part] = ["Rejected", "Accepted in part"].map((name) => desk.getByRole("radio", { name, exact: true }));
  const [credit, why] = [desk.getByLabel(/^Give back/), desk.getByLabel("Why", { exact: true })];
  await expect(desk.getByRole("button", { name: "Decide …" })).toBeVisible();
  await desk.context().setOffline(true);
  await expect(desk.getByText("This needs the network."), "asking and deciding").toHaveCount(2);
  for (const name of ["Send the question", "Decide …"]) await expect(desk.getByRole("button", { name })).toHaveCount(0);
  await desk.context().setOffline(false);
  await expect(desk.getByRole("button", { name: "Decide …" })).toBeVisible();
  await part.check();
  await credit.fill("1.25");
  await desk.reload();
  await expect(part).toBeChecked();
  await expect(credit).toHaveValue("1.25");
  await rejected.check();
  await why.fill("The meter is right.");
  await desk.reload();
  await expect(why).toHaveValue("The meter is right.");
  await expect(rejected).toBeChecked();
  await expect(credit).toHaveCount(0);
  await desk.getByRole("button", { name: "Decide …" }).click();
  await desk.getByRole("button", { name: "Yes, decide" }).click();
  await expect(desk.getByRole("button", { name: "Decide …" })).toHaveCount(0);
  const kept = await desk.evaluate((id) => Object.keys(localStorage).filter((key) => key.includes(id)), id);
  expect(kept, "let go once it is decided").toEqual([]);
  await desk.context().close();
});

test("filed twice at once it is one", async ({ page, context }) => {
  const path = await undisputed(page);
  const before = await count(page);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(`${path}/dispute`);
    await reason(tab).fill("Filed in two places");
  }
  await Promise.all([page, other].map((tab) => file(tab).click()));
  for (const tab of [page, other]) await expect(heading(tab)).toHaveText(/^Dispute about /);
  expect(new URL(page.url()).pathname).toBe(new URL(other.url()).pathname);
  expect(await count(page)).toBeGreaterThan(before);
});

test("what is typed outlives a reload and the end of the sign-in", async ({ page }) => {
  const path = await undisputed(page);
  await page.goto(`${path}/dispute`);
  await reason(page).fill("Typed once");
  await page.reload();
  await expect(reason(page)).toHaveValue("Typed once");
  // It ends with the form's own request: before that nothing else may hear of it.
  const end = async (route: Route) => {
    await ask(page, "/api/portal/sign-in", { method: "DELETE" });
    await route.continue();
  };
  await page.route(/\/api\/.*\/dispute$/, end, { times: 1 });
  await file(page).click();
  const again = page.getByRole("dialog", { name: "Sign in again" });
  await again.getByLabel("Password", { exact: true }).fill("charge-ahead");
  await again.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(again).toBeHidden();
  await expect(reason(page)).toHaveValue("Typed once");
  await file(page).click();
  await expect(heading(page)).toHaveText(/^Dispute about /);
});

test("a line that is wrong is chosen, and the total without it filled in", async ({ page }) => {
  const { sessions } = (await (await ask(page, "/api/v1/portal/sessions?limit=100")).json()) as { sessions: Session[] };
  const kinds = async ({ session_id }: Session) => {
    const cost = await ask(page, `/api/v1/portal/sessions/${session_id}/cost-breakdown`);
    const { components } = (await cost.json()) as { components: { type: string; amount: number }[] };
    return new Set(components.filter(({ amount }) => amount > 0).map(({ type }) => type)).size;
  };
  let several: Session | undefined;
  for (const session of sessions) {
    if (session.ended_at && !session.dispute_status && (await kinds(session)) > 1) {
      several = session;
      break;
    }
  }
  await page.goto(`/sessions/${several?.session_id}`);
  await page.locator(".cost-line > summary").first().click();
  await page.getByRole("link", { name: "Something is wrong" }).first().click();
  await expect(page.getByLabel("Which number is wrong")).not.toHaveValue("");
  await expect(page.getByLabel(/^What would be right/)).toHaveValue(/^\d+(\.\d+)?$/);
});

test("what was taken off is disputed from its line, named, and put on again", async ({ page, browser, baseURL, signIn }) => {
  const path = await undisputed(page);
  const answered: { total_cost: number }[] = [];
  await page.route("**/cost-breakdown", async (route) => {
    const answer = await route.fetch();
    const cost = { ...(await answer.json()), adjustments: [{ type: "discount", amount: -1 }], tax_rate_percent: null, tax_amount: null, tax_included: false };
    answered.push(cost);
    await route.fulfill({ response: answer, json: cost });
  });
  await page.goto(path);
  const line = page.getByRole("listitem").filter({ hasText: "Your discount" });
  await line.getByRole("link", { name: "Something is wrong" }).click();
  const right = page.getByLabel(/^What would be right/);
  await expect(page.getByLabel("Which number is wrong")).toHaveValue("discount");
  await expect(right).toHaveValue((answered[0].total_cost + 1).toFixed(2));
  await expect(page.getByText(/Filled in: the total without the line/)).toBeVisible();
  await page.getByLabel("Which number is wrong").selectOption({ label: "Total" });
  await expect(right, "of the total nobody knows what would be right").toHaveValue("");
  await expect(page.getByText(/Filled in/)).toHaveCount(0);

  await page.getByLabel("Which number is wrong").selectOption("discount");
  await reason(page).fill("It should not be there");
  await file(page).click();
  await expect(heading(page)).toHaveText(/^Dispute about /);
  await expect(page.getByText("Your discount", { exact: true }), "in the driver's words").toBeVisible();

  const desk = await another(browser, baseURL, "desk@example.com", signIn);
  await desk.goto(`/desk${new URL(page.url()).pathname}`);
  await desk.getByLabel("Accepted", { exact: true }).check();
  await expect(desk.getByLabel(/^Give back/), "what would be more is no credit").toHaveValue("");
  await desk.context().close();
});

test.describe("without a network", () => {
  test.use({ serviceWorkers: "allow" });

  test("it waits, visibly, and is sent once", async ({ page, context }) => {
    await page.goto("/");
    await keeperReady(page);
    const path = await undisputed(page);
    await page.goto(path);
    await expect(page.getByRole("link", { name: "Something is wrong" }).last()).toBeVisible();
    await page.goto(`${path}/dispute`);
    await reason(page).fill("Said in a garage");
    await context.setOffline(true);
    await expect(page.getByText(/^No network: it will be kept/)).toBeVisible();
    const sent = posts(page, /\/dispute$/);
    await file(page).click();
    await expect(page.getByRole("heading", { name: "Waiting for the network" })).toBeVisible();
    await page.getByRole("button", { name: "Don't send it" }).click();
    await expect(reason(page)).toHaveValue("Said in a garage");
    await file(page).click();
    await page.getByRole("navigation").getByRole("link", { name: "Home", exact: true }).click();
    await expect(page.getByText(/^Your dispute about .* waits for the network/)).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText(/^Your dispute about .* has been sent/)).toBeVisible({ timeout: 30_000 });
    expect(sent(), "once").toBe(1);
    await page.goto("/disputes");
    await expect(page.getByRole("main").getByRole("listitem").first()).toBeVisible();
    await expect(page.getByText(/waits for the network/)).toHaveCount(0);
  });
});

const PDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n";

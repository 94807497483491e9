// A fleet group as whoever looks after it sees it: made, limited, filled, printed.
import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { makeGroup, tokens } from "./support/groups";
import { expect, test } from "./support/test";
import { ask, heading, REFUSED } from "./support/ways";

test.beforeEach(async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn("manager@example.com");
  await page.goto("/groups");
  await expect(heading(page)).toHaveText("Groups");
});

const saved = (page: Page) => expect(page.getByText("Saved.")).toBeVisible();

/** The groups of whoever is signed in that have a name. */
async function named(page: Page, name: string): Promise<number> {
  const { groups } = (await (await ask(page, "/api/portal/groups")).json()) as { groups: { name: string }[] };
  return groups.filter((group) => group.name === name).length;
}

test("a group is made once, also when the answer gets lost", async ({ page }) => {
  await page.getByRole("button", { name: "Make a group" }).click();
  const sheet = page.getByRole("dialog", { name: "Make a group" });
  const make = sheet.getByRole("button", { name: "Make a group" });
  await make.click();
  await expect(sheet.getByText("Type a name.")).toBeVisible();
  await expect(sheet.getByLabel("Name of the group")).toBeFocused();
  await sheet.getByLabel("Name of the group").fill("Night shift");
  await sheet.getByLabel("Limit per month").fill("a lot");
  await make.click();
  await expect(sheet.getByText("Type an amount such as 250, or nothing.").first()).toBeVisible();
  await sheet.getByLabel("Limit per month").fill("2500.05");

  let lost = true;
  await page.route("**/api/v1/fleet/groups", async (route) => {
    if (!lost || route.request().method() !== "POST") return route.continue();
    lost = false;
    await route.fetch();
    return route.abort();
  });
  await make.click();
  await expect(sheet.getByText(/No answer came/)).toBeVisible();
  await make.click();
  await expect(heading(page)).toHaveText("Night shift");
  await expect(page).toHaveURL(/\/members$/);
  expect(await named(page, "Night shift"), "made once").toBe(1);
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByText("€2,500.05").first()).toBeVisible();
});

test("what is typed into a form outlives a reload", async ({ page }) => {
  await page.getByRole("button", { name: "Make a group" }).click();
  await page.getByLabel("Name of the group").fill("Not yet");
  await page.reload();
  await page.getByRole("button", { name: "Make a group" }).click();
  await expect(page.getByLabel("Name of the group")).toHaveValue("Not yet");
});

test("what is chosen in a form outlives a reload until the server has it", async ({ page }) => {
  await page.getByRole("button", { name: "Make a group" }).click();
  await page.getByLabel("Limit per month").fill("900");
  await page.getByLabel("Currency").selectOption("CHF");
  await page.reload();
  await page.getByRole("button", { name: "Make a group" }).click();
  await expect(page.getByLabel("Limit per month")).toHaveValue("900");
  await expect(page.getByLabel("Currency")).toHaveValue("CHF");

  const id = await makeGroup(page, { name: "Chosen once" });
  await page.goto(`/groups/${id}/cards`);
  await expect(page.getByRole("heading", { name: "No cards or numbers yet" })).toBeVisible();
  const number = page.getByRole("radio", { name: "Number on the phone" });
  await page.getByLabel("How many").fill("1");
  await number.check();
  await page.reload();
  await expect(page.getByLabel("How many")).toHaveValue("1");
  await expect(number).toBeChecked();
  await page.locator("form").getByRole("button", { name: "Make cards or numbers" }).click();
  await expect(page.locator(".card-rows > li")).toHaveCount(1);
  await page.reload();
  await page.getByText("Make cards or numbers").first().click();
  await expect(number).not.toBeChecked();

  await page.goto(`/groups/${id}/members`);
  const openTaking = () => page.getByText("Add somebody").first().click();
  const tick = page.getByRole("checkbox", { name: "Looks after it" });
  await openTaking();
  await page.getByLabel("E-mail", { exact: true }).fill("employee@example.com");
  await tick.check();
  await page.reload();
  await openTaking();
  await expect(page.getByLabel("E-mail", { exact: true })).toHaveValue("employee@example.com");
  await expect(tick).toBeChecked();
  await page.locator("form").getByRole("button", { name: "Add somebody" }).click();
  await expect(page.getByText("Jonas Petersen is in the group.")).toBeVisible();
  await page.reload();
  await openTaking();
  await expect(tick).not.toBeChecked();

  // Others count the groups that they are in.
  const sheet = page.getByRole("dialog", { name: "Member" });
  await page.getByRole("button", { name: "Change: Jonas Petersen" }).click();
  await sheet.getByRole("button", { name: "Take out of the group" }).click();
  await sheet.getByRole("button", { name: "Yes, take out" }).click();
  await expect(page.getByText("Jonas Petersen is no longer in the group.")).toBeVisible();
});

test("limits are changed, and taken away", async ({ page }) => {
  const id = await makeGroup(page, { name: "Limited", monthly: 100 });
  await page.goto(`/groups/${id}`);
  await page.getByRole("button", { name: "Change name and limits" }).click();
  const sheet = page.getByRole("dialog", { name: "Change name and limits" });
  await expect(sheet.getByLabel("Limit per month")).toHaveValue("100.00");
  await sheet.getByLabel("Limit per charge").fill("20.5");
  await sheet.getByRole("button", { name: "Save" }).click();
  await saved(page);
  await expect(page.getByText("€20.50").first()).toBeVisible();
  await page.getByRole("button", { name: "Change name and limits" }).click();
  await sheet.getByLabel("Limit per month").fill("0");
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Nothing is left: use your own token")).toBeVisible();
  await page.getByRole("button", { name: "Change name and limits" }).click();
  await sheet.getByLabel("Limit per month").fill("");
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("No limit").first()).toBeVisible();
  await expect(page.getByRole("meter")).toHaveCount(0);
});

test("what was typed over a limit and not saved is never taken for it", async ({ page }) => {
  const id = await makeGroup(page, { name: "Half typed", monthly: 300, cards: 1 });
  const limitBeside = async (monthly_limit: number) => {
    const limits = { monthly_limit, per_session_limit: null };
    const answer = await ask(page, `/api/v1/fleet/groups/${id}`, { method: "PATCH", body: JSON.stringify({ limits }) });
    expect(answer.status).toBe(200);
  };
  await page.goto(`/groups/${id}`);
  const change = page.getByRole("button", { name: "Change name and limits" });
  const sheet = page.getByRole("dialog", { name: "Change name and limits" });
  const monthly = sheet.getByLabel("Limit per month");
  const earlier = sheet.getByText("What was typed here earlier isn't saved yet.");
  await change.click();
  await monthly.fill("50");
  await sheet.getByRole("button", { name: "Close" }).click();
  await change.click();
  await expect(monthly, "who closes it doesn't want it").toHaveValue("300.00");
  await expect(earlier).toHaveCount(0);
  await monthly.fill("50");
  await page.reload();
  await change.click();
  await expect(monthly, "it outlives a reload").toHaveValue("50");
  await expect(earlier).toBeVisible();
  await limitBeside(200);
  await page.reload();
  await change.click();
  await expect(monthly, "until somebody else says otherwise").toHaveValue("200.00");
  await expect(earlier).toHaveCount(0);

  await sheet.getByLabel("Name of the group").fill("Well typed");
  await limitBeside(250);
  await sheet.getByRole("button", { name: "Save" }).click();
  await saved(page);
  await expect(heading(page)).toHaveText("Well typed");
  await expect(page.getByText("€250.00").first(), "only the name was changed").toBeVisible();

  await page.goto(`/groups/${id}/cards`);
  const card = page.getByRole("dialog", { name: "Change a card or number" });
  await page.getByRole("button", { name: "Change: Van 1" }).click();
  await card.getByLabel("Label").fill("Van 2");
  await card.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Change: Van 1" }).click();
  await expect(card.getByLabel("Label")).toHaveValue("Van 1");
});

test("members come, look after it, and go; somebody always stays to look after it", async ({ page }) => {
  const id = await makeGroup(page, { name: "Open house" });
  await page.goto(`/groups/${id}/members`);
  await page.getByText("Add somebody").first().click();
  const email = page.getByLabel("E-mail", { exact: true });
  const take = page.locator("form").getByRole("button", { name: "Add somebody" });
  await email.fill("nobody@elsewhere.example");
  await take.click();
  await expect(page.getByText("Nobody in your organisation has this address.")).toBeVisible();
  await email.fill("employee@example.com");
  await take.click();
  await expect(page.getByText("Jonas Petersen is in the group.")).toBeVisible();
  await expect(page.getByText("2 members")).toBeVisible();

  await page.getByLabel("Search by name").fill("nobody of that name");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await page.getByLabel("Search by name").fill("jonas");
  await expect(page.getByText("1 member", { exact: true })).toBeVisible();

  const sheet = page.getByRole("dialog", { name: "Member" });
  await page.getByRole("button", { name: "Change: Jonas Petersen" }).click();
  await sheet.getByRole("button", { name: "Let them look after it", exact: true }).click();
  await saved(page);
  await page.getByRole("button", { name: "Change: Jonas Petersen" }).click();
  await sheet.getByRole("button", { name: "Take out of the group" }).click();
  await expect(sheet.getByText(/will no longer see the group/)).toBeVisible();
  await expect(sheet.getByText(/^Cards and numbers are shared/).getByRole("link", { name: "Cards and numbers" })).toBeVisible();
  await sheet.getByRole("button", { name: "Yes, take out" }).click();
  await expect(page.getByText("Jonas Petersen is no longer in the group.")).toBeVisible();

  await page.getByLabel("Search by name").fill("");
  await page.getByRole("button", { name: "Change: Claire Dubois" }).click();
  await sheet.getByRole("button", { name: "Leave the group" }).click();
  await sheet.getByRole("button", { name: "Yes, leave" }).click();
  await expect(sheet.getByText("Somebody has to look after the group. Let somebody else do so first.")).toBeVisible();
});

test("cards are made, named, replaced, printed and saved as a table", async ({ page }) => {
  const id = await makeGroup(page, { name: "Paper", numbers: 1 });
  await page.addInitScript(() => {
    window.print = () => void document.body.setAttribute("data-printed", "");
  });
  await page.goto(`/groups/${id}/cards`);
  await page.getByText("Make cards or numbers").first().click();
  const make = page.locator("form").getByRole("button", { name: "Make cards or numbers" });
  await page.getByLabel("How many").fill("501");
  await make.click();
  await expect(page.getByText("A whole number from 1 to 500.")).toBeVisible();
  await page.getByLabel("How many").fill("3");
  await page.getByLabel("What their labels begin with").fill("=Van ");
  await make.click();
  const rows = page.locator(".card-rows > li");
  await expect(rows, "only those that were made").toHaveCount(3);
  await expect(rows.first()).toContainText("=Van 1");

  await page.getByRole("button", { name: "Print the list" }).click();
  await expect(page.locator("body[data-printed]")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await expect(rows.first()).toBeVisible();
  await page.emulateMedia({ media: null });
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as a table (CSV)" }).click();
  const table = await readFile(await (await download).path(), "utf8");
  const lines = table.trim().split("\r\n");
  expect(lines).toHaveLength(4);
  expect(lines[1]).toMatch(/^'=Van 1,[0-9A-F]+,,Card,Works$/);

  await page.getByRole("button", { name: "Show all" }).click();
  await expect(rows).toHaveCount(4);
  await page.getByRole("button", { name: "Change: =Van 1" }).click();
  const sheet = page.getByRole("dialog", { name: "Change a card or number" });
  await sheet.getByLabel("Label").fill("Van one");
  await sheet.getByLabel("Vehicle").fill("K-NH 9 E");
  await sheet.getByRole("button", { name: "Save" }).click();
  await saved(page);
  await expect(rows.filter({ hasText: "Van one" })).toContainText("K-NH 9 E");
  await page.getByRole("button", { name: "Change: Van one" }).click();
  await sheet.getByRole("button", { name: "Make another in its place" }).click();
  await expect(page.getByText("“Van one” has been replaced.")).toBeVisible();
  const all = (await tokens(page, id)).filter(({ label }) => label === "Van one");
  expect(all.map(({ status }) => status).sort()).toEqual(["ACTIVE", "BLOCKED"]);
});

test("what is open of many cards stays open when one of them is changed", async ({ page }) => {
  const id = await makeGroup(page, { name: "Many", cards: 130 });
  await page.goto(`/groups/${id}/cards`);
  const rows = page.locator(".card-rows > li");
  await expect(rows).toHaveCount(100);
  await page.getByRole("button", { name: "Show more" }).focus();
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(130);
  await expect(rows.nth(100).getByRole("button"), "the keyboard goes on at the first new row").toBeFocused();
  await rows.nth(120).getByRole("button").click();
  const sheet = page.getByRole("dialog", { name: "Change a card or number" });
  await sheet.getByLabel("Label").fill("Another name");
  await sheet.getByRole("button", { name: "Save" }).click();
  await saved(page);
  await expect(rows.filter({ hasText: "Another name" })).toHaveCount(1);
  await expect(rows).toHaveCount(130);
});

test("a month is told by member, card and day, and all bookings come as a table", async ({ page }) => {
  await page.goto("/groups/group_lager_sued/usage");
  for (const name of ["By member", "By card or number", "By day"]) {
    await expect(page.getByRole("table", { name }).getByRole("row").nth(1)).toContainText("€");
  }
  await page.getByLabel("To", { exact: true }).fill("2001-01-01");
  await page.getByRole("button", { name: "Make the table" }).click();
  await expect(page.getByText("Not before the first day.")).toBeVisible();
  await page.getByLabel("From", { exact: true }).fill("2001-01-01");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Make the table" }).click();
  const table = await readFile(await (await download).path(), "utf8");
  expect(table).toMatch(/^booking_id,external_id,fleet_group_id/);
});

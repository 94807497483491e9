// A fleet group as its drivers see it: what is left, what to show, what to do when a
// card is lost.
import type { Page } from "@playwright/test";

import { makeGroup, tokens } from "./support/groups";
import { expect, test } from "./support/test";
import { another, ask, heading, hold, keeperReady, keptKeys, REFUSED } from "./support/ways";

test.beforeEach(({ mayComplain }) => mayComplain(REFUSED));

/** Takes whoever is signed in on the page out of all groups that other tests left them in. */
async function leaveAll(page: Page): Promise<void> {
  const [me, { groups }] = await Promise.all(["me", "groups"].map(async (path) => (await ask(page, `/api/portal/${path}`)).json()));
  for (const { id } of groups as { id: string }[]) {
    expect((await ask(page, `/api/portal/groups/${id}/members/${me.id}`, { method: "DELETE" })).ok).toBe(true);
  }
}

test("home says what is left, and leads to the group", async ({ page, signIn }) => {
  await signIn("group@example.com");
  await page.goto("/");
  const group = page.getByRole("link", { name: /^Lager Süd/ });
  await expect(group).toContainText(/left this month$/);
  await expect(page.getByRole("meter").first()).toHaveAttribute("aria-valuetext", /^€[\d,.]+ of €[\d,.]+ spent/);
  await group.click();
  await expect(heading(page)).toHaveText("Lager Süd");
  await expect(page.getByText("Limit per month")).toBeVisible();
  await expect(page.getByText("Forecast for the month")).toBeVisible();
  await expect(page.getByText("Claire Dubois")).toBeVisible();
});

test("who is in several groups chooses, who is in one is there at once", async ({ page, browser, baseURL, signIn }) => {
  await signIn("group@example.com");
  await page.goto("/groups");
  await expect(heading(page)).toHaveText("Groups");
  for (const name of [/^Lager Süd/, /^Außendienst/]) await expect(page.getByRole("main").getByRole("link", { name })).toBeVisible();
  await expect(page.getByRole("button", { name: "Make a group" })).toHaveCount(0);

  const manager = await another(browser, baseURL, "manager@example.com", signIn);
  await manager.goto("/");
  const employee = await another(browser, baseURL, "employee@example.com", signIn);
  await employee.goto("/account");
  await leaveAll(employee);
  const id = await makeGroup(manager, { name: "The only one", members: ["employee@example.com"] });
  await employee.goto("/groups");
  await expect(heading(employee)).toHaveText("The only one");
  await expect(employee).toHaveURL(`/groups/${id}`);
  await expect(employee.getByText("No limit").first()).toBeVisible();
});

test("being added to a group brings its tab, and leaving the only one takes it along", async ({ page, browser, baseURL, signIn }) => {
  const manager = await another(browser, baseURL, "manager@example.com", signIn);
  await manager.goto("/");
  await signIn("employee@example.com");
  await page.goto("/account");
  await leaveAll(page);
  const { held, release } = hold();
  await page.route(/\/api\/portal\/events$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/");
  const tab = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Group", exact: true });
  const line = page.getByRole("main").getByRole("link", { name: /^For a while/ });
  await expect(page.getByRole("heading", { name: "Latest sessions" })).toBeVisible();
  await expect(tab).toHaveCount(0);
  await makeGroup(manager, { name: "For a while", members: ["employee@example.com"] });
  release();
  await expect(line).toBeVisible({ timeout: 20_000 });
  await tab.click();
  await expect(heading(page)).toHaveText("For a while");

  await page.getByRole("link", { name: "Members" }).click();
  await page.getByRole("button", { name: "Leave the group: Jonas Petersen" }).click();
  const sheet = page.getByRole("dialog", { name: "Member" });
  await sheet.getByRole("button", { name: "Leave the group" }).click();
  await sheet.getByRole("button", { name: "Yes, leave" }).click();
  await expect(page).toHaveURL(/:\d+\/$/);
  await expect(page.getByRole("heading", { name: "Latest sessions" })).toBeVisible();
  await expect(tab).toHaveCount(0);
  await expect(line).toHaveCount(0);
  await manager.context().close();
});

test("a tab that is still there leads whoever was taken out to no group they aren't in", async ({ page, browser, baseURL, signIn }) => {
  const manager = await another(browser, baseURL, "manager@example.com", signIn);
  await manager.goto("/");
  await signIn("employee@example.com");
  await page.goto("/account");
  await leaveAll(page);
  await makeGroup(manager, { name: "Taken away", members: ["employee@example.com"] });
  await page.route(/\/api\/portal\/events$/, (route) => route.abort());
  await page.goto("/account");
  const tab = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Group", exact: true });
  await expect(tab).toBeVisible();
  await leaveAll(page);
  await tab.click();
  await expect(page.getByRole("heading", { name: "No group" })).toBeVisible();
  await manager.context().close();
});

test("somebody in no group has no tab for it, and others learn nothing of it", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/groups/group_lager_sued");
  await expect(page.getByRole("heading", { name: "No such page" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Group" })).toHaveCount(0);
});

test("a number is shown large, with a code, and a card's is told to nobody", async ({ page, signIn }) => {
  await signIn("group@example.com");
  await page.goto("/groups/group_lager_sued");
  const told = await tokens(page, "group_lager_sued");
  expect(told.filter(({ label }) => label.startsWith("Transporter")).every(({ uid }) => uid === undefined)).toBe(true);
  const number = told.find(({ label }) => label === "Telefon 1")?.uid ?? "";
  await page.getByRole("button", { name: "Show Telefon 1" }).click();
  const sheet = page.getByRole("dialog", { name: "Show this at the plug" });
  await expect(sheet.locator(".large-number")).toHaveText(number);
  await expect(sheet.getByRole("img", { name: "The number as a code for a camera" })).toBeVisible();
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await sheet.locator(".shown").evaluate((shown) => getComputedStyle(shown).backgroundColor), "bright also in the dark").toMatch(/oklch\(1 |rgb\(255, 255, 255\)/);
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(page.getByRole("button", { name: "Show Telefon 1" })).toBeFocused();
});

test("who only drives is offered nothing that others decide", async ({ page, signIn }) => {
  await signIn("group@example.com");
  await page.goto("/groups/group_lager_sued");
  const parts = page.getByRole("navigation", { name: "Parts of the group" }).getByRole("link");
  await expect(parts).toHaveText(["Overview", "Charges", "Members"]);
  await expect(page.getByRole("button", { name: "Change name and limits" })).toHaveCount(0);
  await parts.nth(2).click();
  await expect(page.getByText("Claire Dubois")).toBeVisible();
  await expect(page.getByText("manager@example.com")).toHaveCount(0);
  await expect(page.getByText("Add somebody")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Change/ })).toHaveCount(0);
  for (const part of ["cards", "usage"]) {
    await page.goto(`/groups/group_lager_sued/${part}`);
    await expect(page.getByText("Limit per month"), "the overview instead").toBeVisible();
  }
});

test("a lost card is blocked, and all others stay", async ({ page, browser, baseURL, signIn }) => {
  const manager = await another(browser, baseURL, "manager@example.com", signIn);
  await manager.goto("/");
  const id = await makeGroup(manager, { name: "Careless", cards: 3, numbers: 1, members: ["group@example.com"] });
  await signIn("group@example.com");
  await page.goto(`/groups/${id}`);
  await page.getByRole("button", { name: "Say that Van 2 is lost" }).click();
  const sheet = page.getByRole("dialog", { name: "Lost card" });
  await expect(sheet.getByText("“Van 2” will stop working at once")).toBeVisible();
  await expect(sheet.getByRole("heading", { name: "Lost card" }), "what takes away must be gone to").toBeFocused();
  await sheet.getByRole("button", { name: "Cancel" }).click();
  expect((await tokens(manager, id)).every(({ status }) => status === "ACTIVE"), "nothing without a yes").toBe(true);
  await page.getByRole("button", { name: "Say that Phone 1 is lost" }).click();
  const number = page.getByRole("dialog", { name: "Block this number" });
  await expect(number.getByText("“Phone 1” will stop working at once")).toBeVisible();
  await number.getByRole("button", { name: "Cancel" }).click();
  await expect(number).toBeHidden();
  await page.getByRole("button", { name: "Say that Van 2 is lost" }).click();
  await sheet.getByRole("button", { name: "Yes, block it" }).click();
  await expect(page.getByText("“Van 2” is blocked. All others still work.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Cards and numbers" })).toBeFocused();
  await expect(page.getByRole("button", { name: "Say that Van 2 is lost" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Say that .* is lost$/ })).toHaveCount(3);
  await page.getByText("1 that doesn't work any more").click();
  await expect(page.getByText(/^Blocked /)).toBeVisible();
  const blocked = (await tokens(manager, id)).filter(({ status }) => status === "BLOCKED");
  expect(blocked.map(({ label }) => label)).toEqual(["Van 2"]);
});

test("of two thousand members only those in sight are drawn", async ({ page, signIn }) => {
  await signIn("group@example.com");
  await page.route(/\/api\/portal\/groups\/[^/]+\/members/, (route) => {
    const offset = Number(new URL(route.request().url()).searchParams.get("offset") ?? 0);
    const members = Array.from({ length: Math.min(100, 2000 - offset) }, (_, row) => ({
      person_id: `usr_${offset + row}`,
      name: `Member ${String(offset + row).padStart(4, "0")}`,
      admin: false,
      added_at: "2026-01-01T00:00:00Z",
    }));
    return route.fulfill({ json: { members, total: 2000 } });
  });
  await page.goto("/groups/group_lager_sued/members");
  await expect(page.getByText("2,000 members")).toBeVisible();
  await expect(page.getByText("Member 0000")).toBeVisible();
  expect(await page.locator(".member-row").count()).toBeLessThan(60);
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect(page.getByText("Member 1999")).toBeVisible();
  expect(await page.locator(".member-row").count()).toBeLessThan(60);
});

test("charges come part by part", async ({ page, signIn }) => {
  await signIn("group@example.com");
  await page.goto("/groups/group_lager_sued/charges");
  const charges = page.locator(".charge-row");
  await expect(charges.first()).toContainText("€");
  const before = await charges.count();
  const more = page.getByRole("button", { name: "Show more" });
  if (await more.isVisible()) {
    await more.click();
    await expect.poll(() => charges.count()).toBeGreaterThan(before);
  }
});

test("which card to take is one tap away", async ({ page, signIn }) => {
  await signIn("group@example.com");
  await page.goto("/groups/group_lager_sued");
  await page.getByText("The group's card or my own?").click();
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(5);
  await expect(rows.nth(1)).toContainText("The group's");
  await expect(rows.nth(2)).toContainText("Your own");
});

test.describe("without a network", () => {
  test.use({ serviceWorkers: "allow" });

  test("an open page still shows a number, figures are kept, numbers and people never", async ({ page, context, signIn }) => {
    await signIn("group@example.com");
    await page.goto("/");
    await keeperReady(page);
    await page.goto("/groups/group_lager_sued/members");
    await expect(page.getByText("Claire Dubois")).toBeVisible();
    await page.getByRole("link", { name: "Overview" }).click();
    const show = page.getByRole("button", { name: "Show Telefon 1" });
    await show.click();
    await page.keyboard.press("Escape");
    await expect.poll(() => keptKeys(page)).toEqual(expect.arrayContaining(["/api/portal/groups/group_lager_sued"]));
    expect((await keptKeys(page)).filter((key) => /tokens|members|charges/.test(key))).toEqual([]);

    await context.setOffline(true);
    await show.click();
    await expect(page.locator(".large-number")).toHaveText(/^\d{16}$/);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Say that Transporter 1 is lost" }).click();
    const sheet = page.getByRole("dialog", { name: "Lost card" });
    await expect(sheet.getByText("This needs the network.")).toBeVisible();
    await expect(sheet.getByRole("button", { name: "Yes, block it" })).toHaveCount(0);

    await page.reload();
    await expect(heading(page)).toHaveText("Lager Süd");
    await expect(page.getByText("Limit per month")).toBeVisible();
    await expect(page.getByText(/As of/).first()).toBeVisible();
    await expect(page.getByText("Nothing of this is kept on this device")).toBeVisible();
    await context.setOffline(false);
    await expect(show).toBeVisible();
  });
});

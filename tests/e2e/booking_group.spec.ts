// Booking on a group's account: what it means, what is left, and whom to ask.
import type { Locator, Page } from "@playwright/test";

import { bookable, bookButton, cancelBeside, confirmed, openForm, signInInstead } from "./support/bookings";
import { expect, test } from "./support/charging";
import { makeGroup } from "./support/groups";
import { another, ask, REFUSED } from "./support/ways";

test.beforeEach(async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.goto("/account");
});

/** One way to pay with all that is said of it; other tests of this worker may have left their groups beside it. */
const way = (page: Page, name: RegExp): Locator => page.locator(".booking-choice").filter({ has: page.getByRole("radio", { name }) });

/** What the server offers, with a group that has next to nothing left. */
const POOR = {
  strategy: "group_token",
  group_id: "group_poor",
  group_name: "Night shift",
  left: { amount: 1.5, currency: "EUR" },
  most: { amount: 60, currency: "EUR" },
  fits: false,
};

test("a group's limit is reached: what is left, whom to ask, my own instead", async ({ page }) => {
  const plug = await bookable(page);
  await page.route(/\/api\/portal\/bookings\/options/, async (route) => {
    const answer = await route.fetch();
    const options = await answer.json();
    const estimate = { amount: 14.3, currency: "EUR" };
    await route.fulfill({ json: { ...options, estimate, choices: [POOR, ...options.choices] } });
  });
  await page.route(/\/api\/portal\/groups\/group_poor$/, (route) =>
    route.fulfill({
      json: {
        id: "group_poor",
        name: "Night shift",
        organisation: "org_1",
        time_zone: "Europe/Berlin",
        admin: false,
        budget: { currency: "EUR", month: "2026-05", ends_at: "2026-06-01T00:00:00Z", spent: 0, held: 0, forecast: 0, as_of: "2026-05-01T00:00:00Z" },
        admins: ["Ada Admin"],
        members: 2,
        tokens: 1,
        blocked_tokens: 0,
      },
    }),
  );
  await openForm(page, plug);
  const poor = way(page, /^Night shift/);
  await expect(poor.getByText("That is more than the group has left for the month.")).toBeVisible();
  await expect(poor.getByText("€1.50")).toBeVisible();
  await expect(poor.getByText("Ask Ada Admin.")).toBeVisible();
  await poor.getByRole("radio").check();
  await bookButton(page).click();
  const why = page.getByRole("alert").filter({ hasText: "That is more than the group has left for the month." });
  await expect(why, "said where it was pressed").toBeVisible();
  await expect(page, "nothing is sent").toHaveURL(/when=later/);
  await page.getByRole("button", { name: "Use my own instead" }).click();
  await expect(page.getByLabel(/^My own/)).toBeChecked();
  await expect(why).toHaveCount(0);
  await bookButton(page).click();
  await confirmed(page);
  await cancelBeside(page);
});

test("each way to book is explained where it is chosen, and the group's is suggested", async ({ page, signIn }) => {
  await signInInstead(page, signIn, "group@example.com");
  await openForm(page, await bookable(page));
  const ways = page.getByRole("group", { name: "With whose token?" });
  for (const [name, means] of [
    [/^Außendienst/, "The group pays. Whoever of the group comes can charge, with any of its cards or numbers."],
    [/^My own/, "You pay, and only you can start charging, with your own token."],
  ] as const) {
    await expect(ways.getByRole("radio", { name })).toBeVisible();
    await expect(ways.getByText(means).first()).toBeVisible();
  }
  await expect(ways.getByText("Suggested")).toHaveCount(1);
  await expect(ways.getByRole("radio", { name: /^Außendienst/ })).toBeChecked();
  await page.getByText("The group's card or my own?").click();
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(5);
});

test("a group with little left can't be booked with, neither on the page nor past it", async ({ page, browser, baseURL, signIn }) => {
  const manager = await another(browser, baseURL, "manager@example.com", signIn);
  await manager.goto("/");
  const id = await makeGroup(manager, { name: "Nearly nothing", monthly: 2.5, cards: 1, members: ["group@example.com"] });
  await manager.context().close();
  await signInInstead(page, signIn, "group@example.com");
  const plug = await bookable(page);
  const options = page.waitForRequest(/\/api\/portal\/bookings\/options/);
  await openForm(page, plug);
  const asked = new URL((await options).url()).searchParams;
  const poor = way(page, /^Nearly nothing/);
  await expect(poor.getByText("€2.50", { exact: true })).toBeVisible();
  await expect(poor.getByText("That is more than the group has left for the month.")).toBeVisible();
  await expect(poor.getByText("Ask Claire Dubois.")).toBeVisible();
  const request = {
    location_id: asked.get("location_id"),
    evse_uid: asked.get("evse_uid"),
    reservation_start: asked.get("start"),
    reservation_end: asked.get("end"),
    token_strategy: "group_token",
    fleet_group_id: id,
  };
  const answer = await ask(page, "/api/v1/client/bookings", { method: "POST", body: JSON.stringify(request) });
  expect([answer.status, await answer.json()]).toEqual([400, { error: "Fleet group spending limit exceeded" }]);
});

test("a group that couldn't pay for a booking nobody uses says so", async ({ page }) => {
  const plug = await bookable(page);
  await page.route(/\/api\/portal\/bookings\/options/, async (route) => {
    const options = await (await route.fetch()).json();
    const poor = { ...POOR, set_aside: { amount: 5, currency: "EUR" } };
    await route.fulfill({ json: { ...options, estimate: { amount: 1.2, currency: "EUR" }, choices: [poor, ...options.choices] } });
  });
  await openForm(page, plug);
  const poor = way(page, /^Night shift/);
  await expect(poor.getByText("Not using the booking may cost €5.00, and that is more than the group may spend.")).toBeVisible();
  await expect(poor.getByText("€1.20")).toBeVisible();
});

test("the limit was reached meanwhile: whom to ask and my own instead stand there, too", async ({ page, signIn }) => {
  await signInInstead(page, signIn, "group@example.com");
  const plug = await bookable(page);
  await page.route(/\/api\/v1\/client\/bookings$/, (route) => {
    const { token_strategy } = (route.request().postDataJSON() ?? {}) as { token_strategy?: string };
    if (token_strategy !== "group_token") return route.continue();
    return route.fulfill({ status: 400, json: { error: "Fleet group spending limit exceeded" } });
  });
  await openForm(page, plug);
  const refused = way(page, /^Außendienst/);
  await refused.getByRole("radio").check();
  await bookButton(page).click();
  await expect(page.getByRole("alert").filter({ hasText: "The group may not spend that much. Nothing is booked." })).toBeVisible();
  await expect(refused.getByText("Ask Claire Dubois.")).toBeVisible();
  await refused.getByRole("button", { name: "Use my own instead" }).click();
  await expect(page.getByLabel(/^My own/)).toBeChecked();
  await expect(refused.getByText("Ask Claire Dubois.")).toHaveCount(0);
  await bookButton(page).click();
  await confirmed(page);
  await cancelBeside(page);
});

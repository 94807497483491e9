// No page has a barrier that axe can find, light or dark.
import type { Page } from "@playwright/test";

import { examine } from "./support/axe";
import { expect, test } from "./support/test";
import { ask, form, heading, openFilters, REFUSED, sessionLinks, signInByForm } from "./support/ways";

const listed = async (page: Page) => expect(sessionLinks(page).first()).toBeVisible();
const said = (text: string) => async (page: Page) => expect(page.getByRole("heading", { name: text })).toBeVisible();

const OUTSIDE: { name: string; path: string; there: (page: Page) => Promise<void> }[] = [
  { name: "sign-in", path: "/", there: (page) => expect(form(page).submit).toBeVisible() },
  {
    name: "sign-in refused",
    path: "/",
    there: async (page) => {
      await signInByForm(page, "somebody@example.com", "not this one");
      await expect(page.getByRole("alert").filter({ hasText: "don't match" })).toBeVisible();
      await page.getByLabel("Password", { exact: true }).fill("");
    },
  },
  { name: "forgotten password", path: "/forgotten-password", there: said("Forgotten password") },
  { name: "new password", path: "/reset-password#token", there: said("Set a new password") },
  { name: "a guest's link that shows nothing", path: "/guest#nothing", there: said("This link shows nothing any more") },
  { name: "spent link", path: "/reset-password", there: said("This link doesn't work any more") },
];

const INSIDE: { name: string; path: string; who?: string; there: (page: Page) => Promise<void> }[] = [
  { name: "home", path: "/", there: listed },
  { name: "home with nothing yet", path: "/", who: "new@example.com", there: said("No sessions yet") },
  { name: "home of somebody who doesn't drive", path: "/", who: "admin@example.com", there: said("Nothing to show here") },
  { name: "home of the desk", path: "/", who: "desk@example.com", there: (page) => expect(page.getByRole("link", { name: /for a decision$/ })).toBeVisible() },
  { name: "sessions", path: "/sessions", there: async (page) => (await listed(page), await openFilters(page)) },
  { name: "sessions with nothing yet", path: "/sessions", who: "new@example.com", there: said("No sessions yet") },
  { name: "sessions filtered", path: "/sessions?status=stopped", there: listed },
  { name: "sessions unmatched", path: "/sessions?from=2001-01-02&to=2001-01-01", there: said("Nothing matches") },
  {
    name: "a session",
    path: "/sessions",
    there: async (page) => {
      await sessionLinks(page).nth(1).click();
      await expect(page.getByText("Charger", { exact: true })).toBeVisible();
    },
  },
  {
    name: "a dispute in the making",
    path: "/sessions",
    there: async (page) => {
      await sessionLinks(page).nth(1).click();
      await page.getByRole("link", { name: "Something is wrong" }).last().click();
      await expect(page.getByRole("button", { name: "File the dispute" })).toBeVisible();
    },
  },
  { name: "disputes with nothing yet", path: "/disputes", who: "new@example.com", there: said("No disputes") },
  { name: "disputes", path: "/disputes", there: listed },
  { name: "chargers", path: "/chargers?free=0&plug=ccs", there: (page) => expect(page.locator(".charger-row").first()).toBeVisible() },
  { name: "chargers unmatched", path: "/chargers?q=nowhere", there: said("Nothing matches") },
  {
    name: "a charger",
    path: "/chargers",
    there: async (page) => {
      await page.locator(".charger-row").first().click();
      await expect(page.getByRole("heading", { name: "Where it is" })).toBeVisible();
      await page.getByText("How holding works").click();
    },
  },
  { name: "holds with nothing yet", path: "/reservations", who: "new@example.com", there: said("Nothing held or booked") },
  { name: "groups", path: "/groups", who: "manager@example.com", there: (page) => expect(page.getByRole("meter").first()).toBeVisible() },
  { name: "groups with none yet", path: "/groups", who: "admin@example.com", there: said("No group") },
  {
    name: "a group",
    path: "/groups/group_lager_sued",
    who: "group@example.com",
    there: async (page) => {
      await expect(page.getByRole("button", { name: "Show Telefon 1" })).toBeVisible();
      await page.getByText("The group's card or my own?").click();
    },
  },
  {
    name: "a number to show",
    path: "/groups/group_lager_sued",
    who: "group@example.com",
    there: async (page) => {
      await page.getByRole("button", { name: "Show Telefon 1" }).click();
      await expect(page.getByRole("img", { name: "The number as a code for a camera" })).toBeVisible();
    },
  },
  { name: "a group's charges", path: "/groups/group_lager_sued/charges", who: "manager@example.com", there: (page) => expect(page.locator(".charge-row").first()).toBeVisible() },
  { name: "a group's members", path: "/groups/group_lager_sued/members", who: "manager@example.com", there: (page) => expect(page.locator(".member-row").first()).toBeVisible() },
  { name: "a group's cards", path: "/groups/group_lager_sued/cards", who: "manager@example.com", there: (page) => expect(page.locator(".card-rows > li").first()).toBeVisible() },
  { name: "a group's usage", path: "/groups/group_lager_sued/usage", who: "manager@example.com", there: (page) => expect(page.getByRole("table", { name: "By day" })).toBeVisible() },
  { name: "holds and bookings", path: "/reservations", there: (page) => expect(page.locator(".booking-row").first()).toBeVisible() },
  {
    name: "a booking that is over",
    path: "/reservations",
    there: async (page) => {
      await page.getByLabel("Status").selectOption("NO_SHOW");
      await page.locator(".booking-row").first().click();
      await expect(page.getByRole("heading", { name: "Details" })).toBeVisible();
    },
  },
  { name: "no such booking", path: "/bookings/nothing", there: said("Not found") },
  { name: "the desk", path: "/desk/disputes", who: "desk@example.com", there: listed },
  {
    name: "the desk with nothing that waits",
    path: "/account",
    who: "desk@example.com",
    there: async (page) => {
      await page.route(/\/api\/portal\/desk\/disputes/, (route) => route.fulfill({ json: { disputes: [], total: 0 } }));
      await page.goto("/desk/disputes");
      await said("Nothing waits")(page);
      await expect(page.getByText(/^Choose a dispute/)).toBeHidden();
    },
  },
  {
    name: "the export",
    path: "/sessions",
    there: async (page) => {
      await listed(page);
      await page.getByRole("button", { name: "Export", exact: true }).click();
      await expect(page.getByRole("button", { name: "Make the file" })).toBeVisible();
    },
  },
  { name: "account", path: "/account", there: (page) => expect(page.getByText("This device", { exact: true })).toBeVisible() },
  { name: "no such page", path: "/nowhere", there: said("No such page") },
  {
    name: "a failure",
    path: "/nowhere",
    there: async (page) => {
      await page.route(/\/api\/.*sessions/, (route) => route.abort());
      await page.goto("/sessions");
      await said("No network")(page);
    },
  },
  {
    name: "the sign-in above a page",
    path: "/sessions",
    there: async (page) => {
      await listed(page);
      await ask(page, "/api/portal/sign-in", { method: "DELETE" });
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await expect(page.getByRole("dialog", { name: "Sign in again" }).getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    },
  },
];

test.beforeEach(({ mayComplain }) => mayComplain(REFUSED));

for (const { name, path, there } of OUTSIDE) {
  test(`no barrier: ${name}`, async ({ page }) => {
    await page.goto(path);
    await there(page);
    await examine(page);
  });
}

for (const { name, path, who, there } of INSIDE) {
  test(`no barrier: ${name}`, async ({ page, signIn }) => {
    await signIn(who);
    await page.goto(path);
    await expect(heading(page)).toBeVisible();
    await there(page);
    await examine(page);
  });
}

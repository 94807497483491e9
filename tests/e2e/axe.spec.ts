// No page has a barrier that axe can find, light or dark.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect, test } from "./support/test";
import { ask, heading, openFilters, REFUSED, sessionLinks, signInByForm } from "./support/ways";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Looks at the page as it stands, in both looks. */
async function examine(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
    expect(found, colorScheme).toEqual([]);
  }
}

const listed = async (page: Page) => expect(sessionLinks(page).first()).toBeVisible();
const said = (text: string) => async (page: Page) => expect(page.getByRole("heading", { name: text })).toBeVisible();

const OUTSIDE: { name: string; path: string; there: (page: Page) => Promise<void> }[] = [
  { name: "sign-in", path: "/", there: said("Sign in") },
  {
    name: "sign-in refused",
    path: "/",
    there: async (page) => {
      await signInByForm(page, "somebody@example.com", "not this one");
      await expect(page.getByRole("alert").filter({ hasText: "don't belong together" })).toBeVisible();
      await page.getByLabel("Password", { exact: true }).fill("");
    },
  },
  { name: "forgotten password", path: "/forgotten-password", there: said("Forgotten password") },
  { name: "new password", path: "/reset-password#token", there: said("Set a new password") },
  { name: "spent link", path: "/reset-password", there: said("This link doesn't work any more") },
];

const INSIDE: { name: string; path: string; who?: string; there: (page: Page) => Promise<void> }[] = [
  { name: "home", path: "/", there: listed },
  { name: "home with nothing yet", path: "/", who: "new@example.com", there: said("No sessions yet") },
  { name: "home of somebody who doesn't drive", path: "/", who: "admin@example.com", there: said("Nothing needs you") },
  { name: "sessions", path: "/sessions", there: async (page) => (await listed(page), await openFilters(page)) },
  { name: "sessions with nothing yet", path: "/sessions", who: "new@example.com", there: said("No sessions yet") },
  { name: "sessions filtered", path: "/sessions?status=stopped", there: listed },
  { name: "sessions unmatched", path: "/sessions?from=2001-01-02&to=2001-01-01", there: said("Nothing matches") },
  {
    name: "a session",
    path: "/sessions",
    there: async (page) => {
      await sessionLinks(page).nth(1).click();
      await expect(page.getByText("Charge point")).toBeVisible();
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
  { name: "the desk", path: "/desk/disputes", who: "desk@example.com", there: listed },
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

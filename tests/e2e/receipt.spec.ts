// A session's receipt: looked at, saved, kept for a garage without signal, and
// waited for where it isn't there yet.
import { readFile } from "node:fs/promises";

import type { Locator, Page } from "@playwright/test";

import { expect, test } from "./support/test";
import { ask, heading, keeperReady, keptKeys, REFUSED, sessionLinks } from "./support/ways";

const card = (page: Page): Locator => page.getByRole("region", { name: "Receipt", exact: true });
const button = (page: Page, name: string): Locator => card(page).getByRole("button", { name, exact: true });

/** Opens an ended session of the list; gives its id. */
async function openSession(page: Page, number = 2): Promise<string> {
  await page.goto("/sessions?status=completed");
  const link = sessionLinks(page).nth(number);
  const path = (await link.getAttribute("href")) ?? "";
  await link.click();
  await expect(heading(page)).toHaveText(/^Session at /);
  return path.replace("/sessions/", "");
}

/** Saves the receipt; gives its bytes. */
async function download(page: Page): Promise<Buffer> {
  const coming = page.waitForEvent("download");
  await button(page, "Download").click();
  const file = await coming;
  return readFile(await file.path());
}

test("a receipt has a number and a day, and is saved as it is", async ({ page, signIn }) => {
  await signIn();
  const id = await openSession(page);
  await expect(card(page).getByText(/^[A-Z]{3}-\d{4}-\d{6}$/)).toBeVisible();
  await expect(card(page).getByText(/^Issued /)).toBeVisible();
  const saved = await download(page);
  expect(saved.subarray(0, 5).toString()).toBe("%PDF-");
  await expect(card(page).getByText(`Saved as receipt-${id}.pdf.`)).toBeVisible();
  const answer = await ask(page, `/api/v1/portal/sessions/${id}/receipt`);
  expect(saved.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
});

test("a receipt is opened beside the portal, to be looked at", async ({ page, signIn }) => {
  await signIn();
  const id = await openSession(page);
  const link = card(page).getByRole("link", { name: "Open", exact: true });
  await expect(link).toHaveAttribute("target", "_blank");
  const href = (await link.getAttribute("href")) ?? "";
  expect(href).toBe(`/api/v1/portal/sessions/${id}/receipt?inline=true`);
  const answer = await ask(page, href);
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  expect(answer.headers.get("content-disposition")).toMatch(/^inline;/);
});

test("a session under way says when its receipt comes", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/sessions?status=active");
  await sessionLinks(page).first().click();
  await expect(card(page).getByText("The receipt comes when the session has ended.")).toBeVisible();
  await expect(button(page, "Download")).toHaveCount(0);
});

test("a receipt that isn't there yet comes by itself", async ({ page, signIn }) => {
  await signIn();
  const id = await openSession(page);
  let settling = true;
  await page.route(`**/api/portal/sessions/${id}`, async (route) => {
    const answer = await route.fetch();
    const detail = await answer.json();
    if (settling) Object.assign(detail, { receipts: [], session: { ...detail.session, receipt_available: false } });
    await route.fulfill({ response: answer, json: detail });
  });
  await page.reload();
  await expect(card(page).getByText(/^There is no receipt yet/)).toBeVisible();
  settling = false;
  await expect(button(page, "Download")).toBeVisible({ timeout: 25_000 });
});

test("a receipt that fails is said in words and tried again", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await openSession(page);
  await page.route("**/receipt", (route) => route.fulfill({ status: 503, headers: { "retry-after": "5" } }));
  await button(page, "Download").click();
  await expect(card(page).getByRole("alert")).toHaveText(/doesn't answer/);
  await page.unroute("**/receipt");
  const coming = page.waitForEvent("download");
  await button(page, "Try again").click();
  await coming;
});

test("a receipt that can't be shared is tried again to be shared", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await page.addInitScript(() => {
    const shared: string[] = [];
    Object.assign(window, { shared });
    navigator.canShare = () => true;
    navigator.share = async (data) => void shared.push(...(data?.files ?? []).map(({ name }) => name));
  });
  await signIn();
  const id = await openSession(page);
  await page.route("**/receipt", (route) => route.fulfill({ status: 503, headers: { "retry-after": "5" } }));
  await button(page, "Share").click();
  await expect(card(page).getByRole("alert")).toHaveText(/doesn't answer/);
  await page.unroute("**/receipt");
  let saved = 0;
  page.on("download", () => void (saved += 1));
  await button(page, "Try again").click();
  await expect.poll(() => page.evaluate(() => Reflect.get(window, "shared"))).toEqual([`receipt-${id}.pdf`]);
  expect(saved).toBe(0);
});

test("a receipt that can't be opened leads to its session", async ({ page, signIn, mayComplain }) => {
  // The page that is left may still ask for something, as nobody.
  mayComplain(REFUSED);
  await signIn();
  await page.goto("/sessions?status=active");
  const path = (await sessionLinks(page).first().getAttribute("href")) ?? "";
  await page.goto(`/api/v1/portal${path}/receipt?inline=true`);
  await expect(page).toHaveURL(path);
  await expect(card(page).getByText("The receipt comes when the session has ended.")).toBeVisible();
  await page.context().clearCookies();
  await page.goto(`/api/v1/portal${path}/receipt?inline=true`);
  await expect(heading(page)).toHaveText("Sign in");
});

test.describe("without a network", () => {
  test.use({ serviceWorkers: "allow" });

  test("a receipt that was saved can be had again, another one says that it can't", async ({ page, context, signIn, mayComplain }) => {
    mayComplain(REFUSED);
    await signIn();
    await page.goto("/");
    await keeperReady(page);
    await openSession(page, 3);
    const other = page.url();
    await expect(button(page, "Download")).toBeVisible();
    const id = await openSession(page, 2);
    const here = page.url();
    const saved = await download(page);
    await expect.poll(() => keptKeys(page)).toContain(`/api/v1/portal/sessions/${id}/receipt`);
    await expect(card(page).getByText(/^Kept on this device/)).toBeVisible();

    await context.setOffline(true);
    await page.goto(here);
    await expect(card(page).getByText(/^Kept on this device/)).toBeVisible();
    expect(saved.equals(await download(page))).toBe(true);
    await page.goto(other);
    await expect(card(page).getByText(/^This receipt isn't kept/)).toBeVisible();
    await expect(button(page, "Download")).toHaveCount(0);
    await context.setOffline(false);
  });
});

test("the address on receipts keeps its lines", async ({ page, signIn }) => {
  await signIn("group@example.com");
  const opened = async () => {
    await page.goto("/account");
    await page.getByText("On your receipts").click();
    return page.getByRole("textbox", { name: "Address" });
  };
  const save = async () => {
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
  };
  await (await opened()).fill("Heimweg 12\nHinterhaus\n50733 Köln");
  await expect(await opened(), "what is typed outlives a reload").toHaveValue("Heimweg 12\nHinterhaus\n50733 Köln");
  await save();
  const address = await opened();
  await expect(address).toHaveValue("Heimweg 12\nHinterhaus\n50733 Köln");
  await address.fill("");
  await save();
});

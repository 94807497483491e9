// Many sessions at once: their receipts in one file, or a table.
import { readFile } from "node:fs/promises";

import type { Locator, Page, Route } from "@playwright/test";

import { expect, test } from "./support/test";
import { hold, REFUSED, sessionLinks, summary } from "./support/ways";

const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Export sessions" });
const button = (page: Page, name: string): Locator => dialog(page).getByRole("button", { name, exact: true });

async function openExport(page: Page, query = ""): Promise<void> {
  await page.goto(`/sessions${query}`);
  await expect(sessionLinks(page).first()).toBeVisible();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await expect(button(page, "Make the file")).toBeVisible();
}

/** Makes the file; gives its name and its bytes. */
async function make(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const coming = page.waitForEvent("download");
  await button(page, "Make the file").click();
  const file = await coming;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

test("the receipts of what is filtered come in one file, with a table", async ({ page, signIn }) => {
  await signIn();
  await openExport(page, "?status=stopped");
  await expect(dialog(page).getByLabel("Which sessions")).toContainText("As filtered in the list");
  const { total } = await summary(page, "?status=stopped");
  const { name, bytes } = await make(page);
  expect(name).toBe("receipts.zip");
  const files = bytes.toString("latin1").split("PK\x03\x04").length - 1;
  expect(files).toBe(total + 1);
  await expect(dialog(page).getByText("Saved as receipts.zip.")).toBeVisible();
});

test("a month comes as a table", async ({ page, signIn }) => {
  await signIn();
  await openExport(page);
  const { months } = await summary(page);
  const { month, sessions } = months[2];
  await dialog(page).getByLabel("Which sessions").selectOption(month);
  await dialog(page).getByText("Table (CSV)").click();
  const { name, bytes } = await make(page);
  expect(name).toBe("sessions.csv");
  const rows = bytes.toString().split("\r\n").filter(Boolean);
  expect(rows[0]).toMatch(/^session_id,receipt_number,started_at,/);
  expect(rows).toHaveLength(sessions + 1);
  for (const row of rows.slice(1)) expect(row).toContain(`,${month}-`);
});

test("an export can be given up, and begun again", async ({ page, signIn }) => {
  await signIn();
  await openExport(page, "?status=stopped");
  const { held, release } = hold();
  // Once it is given up, nobody waits for what becomes of it.
  const stall = async (route: Route) => (await held, route.abort().catch(() => {}));
  await page.route("**/receipts.zip*", stall, { times: 1 });
  await button(page, "Make the file").click();
  await expect(dialog(page).getByRole("progressbar", { name: "Making the file …" })).toBeVisible();
  await button(page, "Cancel").click();
  await expect(dialog(page).getByRole("progressbar")).toHaveCount(0);
  release();
  expect((await make(page)).name).toBe("receipts.zip");
});

test("an export that fails is said in words", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await openExport(page);
  await page.route("**/receipts.zip*", (route) => route.fulfill({ status: 429, headers: { "retry-after": "5" } }));
  await button(page, "Make the file").click();
  await expect(dialog(page).getByRole("alert")).toHaveText(/too many tries/i);
  await button(page, "Close").click();
  await expect(dialog(page)).toBeHidden();
});

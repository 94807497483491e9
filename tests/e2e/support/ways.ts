// Ways through the portal that several specs take, as a driver takes them.
import { type Browser, type BrowserContext, expect, type Locator, type Page } from "@playwright/test";

import { PASSWORD } from "./test";

/** The browser's own line on a request that failed or was refused. */
export const REFUSED = /Failed to load resource/;

/** The page's own line on code that the network took from it. */
export const LOST = /^TypeError: Failed to fetch/;

/** The heading of the page. */
export const heading = (page: Page): Locator => page.getByRole("heading", { level: 1 });

/** What the sign-in form has to fill in and to press. */
export const form = (page: Page) => ({
  email: page.getByLabel("E-mail", { exact: true }),
  password: page.getByLabel("Password", { exact: true }),
  shared: page.getByLabel("Other people use this device too"),
  submit: page.getByRole("button", { name: "Sign in", exact: true }),
});

/** Fills in the sign-in form and sends it. */
export async function signInByForm(page: Page, email: string, password = PASSWORD): Promise<void> {
  const { email: who, password: secret, submit } = form(page);
  await who.fill(email);
  await secret.fill(password);
  await submit.click();
}

/** The rows of a list of sessions that are drawn. */
export const rows = (page: Page): Locator => page.getByRole("main").getByRole("listitem");

/** The rows that lead to a session: those that have been loaded. */
export const sessionLinks = (page: Page): Locator => rows(page).getByRole("link");

/** Opens the filters where they are folded away. */
export async function openFilters(page: Page): Promise<void> {
  const from = page.getByLabel("From", { exact: true });
  const head = page.getByText(/^Filters/);
  await expect(head).toBeVisible();
  if (!(await from.isVisible())) await head.click();
  await expect(from).toBeVisible();
}

/** Asks the server beside the page, as whoever is signed in there. */
export async function ask(page: Page, path: string, init: RequestInit = {}): Promise<Response> {
  const { origin } = new URL(page.url() === "about:blank" ? "http://127.0.0.1" : page.url());
  return askAt(origin, await cookie(page.context()), path, init);
}

/** Asks the server with that cookie. */
export async function askAt(origin: string, cookie: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { "Content-Type": "application/json", "X-Portal": "1", Origin: origin, Cookie: cookie };
  return fetch(`${origin}${path}`, { ...init, headers });
}

/** The cookies of a browser as it would send them. */
export async function cookie(context: BrowserContext): Promise<string> {
  return (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** A page of somebody else, in a browser of their own. */
export async function another(browser: Browser, baseURL: string | undefined, email: string, signIn: (email: string, on: Page) => Promise<void>): Promise<Page> {
  const context = await browser.newContext({ baseURL, serviceWorkers: "block" });
  const page = await context.newPage();
  await signIn(email, page);
  return page;
}

/** The parts of a summary of sessions that specs look at. */
export type Summary = {
  total: number;
  months: { month: string; sessions: number; costs: { amount: number; currency: string }[] }[];
  sites: { site_id: string; name: string }[];
};

/** What the sessions of a filter add up to, by the server. */
export async function summary(page: Page, query = ""): Promise<Summary> {
  const answer = await ask(page, `/api/portal/sessions/summary${query}`);
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Waits until the page's service worker has taken it over, once it is there. */
export async function keeperReady(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

/** The keys of all that is kept on the device for reading offline. */
export async function keptKeys(page: Page): Promise<string[]> {
  return page.evaluate(
    () =>
      new Promise<string[]>((done, failed) => {
        const opening = indexedDB.open("kept", 1);
        opening.onupgradeneeded = () => opening.transaction?.abort();
        opening.onerror = () => done([]);
        opening.onsuccess = () => {
          const stores = opening.result.transaction(["answers", "owner"]);
          const keys = [stores.objectStore("answers").getAllKeys(), stores.objectStore("owner").getAllKeys()];
          stores.oncomplete = () => {
            opening.result.close();
            done(keys.flatMap((request) => request.result.map(String)));
          };
          stores.onerror = failed;
        };
      }),
  );
}

/** All that is kept on the device for reading without a network, as one text. */
export async function keptText(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((done, failed) => {
        const opening = indexedDB.open("kept", 1);
        opening.onerror = failed;
        opening.onsuccess = () => {
          const all = opening.result.transaction("answers").objectStore("answers").getAll();
          all.onerror = failed;
          all.onsuccess = () => {
            opening.result.close();
            done(JSON.stringify(all.result));
          };
        };
      }),
  );
}

/** A promise and what keeps it: holds something back until a test lets it go. */
export function hold(): { held: Promise<void>; release: () => void } {
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  return { held, release };
}

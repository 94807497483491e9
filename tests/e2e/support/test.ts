// The `test` every spec uses: a server for each worker, and a page that fails
// its test when the browser complains.
import { type BrowserContext, type Page, test as base, expect } from "@playwright/test";

import { Portal, type Wishes } from "./server";

export { expect, Portal };

/** The password of every demo person. */
export const PASSWORD = "charge-ahead";

type WorkerFixtures = {
  /** What the worker's server is told; set it with `test.use`. */
  wishes: Wishes;
  /** The worker's server. Tests of one worker share its store. */
  portal: Portal;
};

type TestFixtures = {
  /** Says that the browser may complain about this during the test. */
  mayComplain: (about: RegExp) => void;
  /** Signs a demo person in, without the form. */
  signIn: (email?: string, on?: Page) => Promise<void>;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  wishes: [{}, { scope: "worker", option: true }],

  portal: [
    async ({ wishes }, use) => {
      const portal = await Portal.start(wishes);
      await use(portal);
      await portal.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],

  baseURL: async ({ portal }, use) => use(portal.url),

  mayComplain: async ({ context }, use) => {
    const complaints = gather(context);
    const allowed: RegExp[] = [signedOut];
    await use((about) => void allowed.push(about));
    const unexpected = complaints.filter((complaint) => !allowed.some((about) => about.test(complaint)));
    expect(unexpected, "what the browser complained about").toEqual([]);
  },

  // Every page's complaints are gathered, also where a test doesn't ask.
  page: async ({ page, mayComplain: _ }, use) => {
    await use(page);
    // What a route still waits for when its test ends is cut off, and would fail the next one.
    if (!page.isClosed()) await page.unrouteAll({ behavior: "ignoreErrors" });
  },

  signIn: async ({ page, baseURL }, use) => {
    await use(async (email = "driver@example.com", on = page) => {
      const state = await signedIn(on, baseURL ?? "", email);
      await on.context().addCookies(state);
    });
  },
});

/** The answer to "who am I?" for somebody who isn't signed in. */
const signedOut = /401 .*\/api\/portal\/me$/;

/** All that a browser complains about: errors on the console, which include
 * every violation of the content security policy, and uncaught errors. */
function gather(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} at ${message.location().url}`);
  });
  context.on("weberror", (error) => complaints.push(`uncaught: ${error.error().message}`));
  return complaints;
}

/** The cookies of a person who has just signed in. */
async function signedIn(page: Page, url: string, email: string) {
  const answer = await fetch(`${url}/api/portal/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Portal": "1", Origin: url },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  expect(answer.ok, `signing ${email} in: ${answer.status}`).toBe(true);
  return answer.headers.getSetCookie().map((cookie) => {
    const [name, value] = cookie.split(";")[0].split("=");
    const domain = new URL(url).hostname;
    return { name, value, domain, path: "/", secure: true, httpOnly: true, sameSite: "Strict" as const };
  });
}

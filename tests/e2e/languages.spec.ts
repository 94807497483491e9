// The language of the browser, and the one that was chosen.
import type { Page } from "@playwright/test";

import { expect, test } from "./support/test";
import { ask, heading, sessionLinks } from "./support/ways";

/** The languages whose sentences the page fetched, in order. */
function wordsOf(page: Page): string[] {
  const fetched: string[] = [];
  page.on("request", (request) => {
    const language = /\/assets\/words-(\w\w)-/.exec(request.url())?.[1];
    if (language) fetched.push(language);
  });
  return fetched;
}

const SPOKEN = [
  { locale: "en-GB", language: "en", title: "Sign in", sessions: "Sessions" },
  { locale: "de-DE", language: "de", title: "Anmelden", sessions: "Ladevorgänge" },
  { locale: "fr-FR", language: "fr", title: "Connexion", sessions: "Recharges" },
  { locale: "es-ES", language: "es", title: "Iniciar sesión", sessions: "Recargas" },
  // A language that the portal doesn't speak is answered in English.
  { locale: "fi-FI", language: "en", title: "Sign in", sessions: "Sessions" },
];

for (const { locale, language, title, sessions } of SPOKEN) {
  test.describe(`a browser in ${locale}`, () => {
    test.use({ locale });

    test(`is answered in ${language} from the first word on`, async ({ page, signIn }) => {
      const fetched = wordsOf(page);
      // Every heading the page ever shows, the first included.
      await page.addInitScript(() => {
        const seen: string[] = [];
        Object.assign(window, { seen });
        new MutationObserver(() => {
          const shown = [...document.querySelectorAll("h1")].find((heading) => heading.checkVisibility());
          const text = shown?.textContent?.trim();
          if (text && seen.at(-1) !== text) seen.push(text);
        }).observe(document, { subtree: true, childList: true, characterData: true });
      });
      await page.goto("/");
      await expect(heading(page)).toHaveText(title);
      expect(await page.evaluate(() => Reflect.get(window, "seen"))).toEqual([title]);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page).toHaveTitle(`${title} · Driver Portal`);

      await signIn();
      await page.goto("/sessions");
      await expect(heading(page)).toHaveText(sessions);
      await expect(sessionLinks(page).first()).toBeVisible();
      expect(new Set(fetched)).toEqual(new Set([language]));
    });
  });
}

test("choosing a language changes everything at once and for good", async ({ page, signIn }) => {
  await signIn("employee@example.com");
  await page.goto("/account");
  await expect(heading(page)).toHaveText("Account");
  const fetched = wordsOf(page);
  await page.evaluate(() => Object.assign(window, { same: true }));
  await page.getByLabel("Language", { exact: true }).selectOption({ label: "Français" });
  await expect(heading(page)).toHaveText("Compte");
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await expect(page).toHaveTitle("Compte · Driver Portal");
  await expect(page.getByRole("navigation").getByRole("link", { name: "Accueil" })).toBeVisible();
  expect(await page.evaluate(() => Reflect.get(window, "same")), "the page was not loaded anew").toBe(true);
  expect(fetched).toEqual(["fr"]);

  await page.reload();
  await expect(heading(page)).toHaveText("Compte");
  expect(fetched, "nothing but French").toEqual(["fr", "fr"]);

  await page.goto("/sessions");
  await expect(heading(page)).toHaveText("Recharges");
  const back = { preferences: { language: null, look: "system" } };
  expect((await ask(page, "/api/portal/me", { method: "PATCH", body: JSON.stringify(back) })).ok).toBe(true);
});

/** The list of last year's January: only what is in sight is drawn. */
const january = () => {
  const year = new Date().getFullYear() - 1;
  return `/sessions?from=${year}-01-01&to=${year}-01-31`;
};

test.describe("a region's habits", () => {
  test.use({ locale: "de-AT" });

  test("money and months are written as in Austria", async ({ page, signIn }) => {
    await signIn();
    await page.goto(january());
    await expect(sessionLinks(page).first()).toBeVisible();
    const months = page.getByRole("main").getByRole("heading", { level: 2 });
    await expect(months.filter({ hasText: /^Jänner \d{4}$/ }).first()).toBeVisible();
    await expect(months.filter({ hasText: "Januar" })).toHaveCount(0);
    await expect(sessionLinks(page).filter({ hasText: /€\s\d+,\d\d/ }).first()).toBeVisible();
  });
});

test.describe("another region's habits", () => {
  test.use({ locale: "de-DE" });

  test("money and months are written as in Germany", async ({ page, signIn }) => {
    await signIn();
    await page.goto(january());
    await expect(sessionLinks(page).first()).toBeVisible();
    await expect(page.getByRole("main").getByRole("heading", { level: 2 }).filter({ hasText: /^Januar \d{4}$/ }).first()).toBeVisible();
    await expect(sessionLinks(page).filter({ hasText: /\d+,\d\d\s€/ }).first()).toBeVisible();
  });
});

// The list of sessions: what stands in it, what narrows it, where one was.
import type { Page } from "@playwright/test";

import { expect, test } from "./support/test";
import { heading, openFilters, rows, sessionLinks, summary } from "./support/ways";

/** The list, with its first rows. */
async function openList(page: Page, query = ""): Promise<void> {
  await page.goto(`/sessions${query}`);
  await expect(sessionLinks(page).first()).toBeVisible();
}

/** The names of months as this browser writes them. */
const names = (page: Page, months: string[]) =>
  page.evaluate((months) => {
    const month = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
    return months.map((name) => month.format(new Date(`${name}-15T12:00:00Z`)));
  }, months);

test("every month stands there once, newest first, with what it adds up to", async ({ page, signIn }) => {
  await signIn();
  await openList(page);
  const { total, months } = await summary(page);
  await expect(page.getByText(`${total} sessions`, { exact: true })).toBeVisible();
  const known = await names(page, months.map(({ month }) => month));
  const seen = await everyMonth(page);
  expect([...seen.keys()]).toEqual(known);

  // The newest month may hold a session under way, whose figures grow.
  for (const [index, { sessions, costs }] of months.entries()) {
    if (index === 0) continue;
    const text = seen.get(known[index]);
    expect(text).toContain(sessions === 1 ? "1 session ·" : `${sessions} sessions ·`);
    for (const { amount, currency } of costs) {
      const money = await page.evaluate(
        ([amount, currency]) =>
          new Intl.NumberFormat("en-GB", { style: "currency", currency: `${currency}` }).format(Number(amount)),
        [amount, currency] as const,
      );
      expect(text).toContain(money);
    }
  }
});

/** What each month says, by its name, gathered while scrolling from top to bottom. */
async function everyMonth(page: Page): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  for (let end = false; !end; ) {
    end = await page.evaluate(async () => {
      const frame = () => new Promise(requestAnimationFrame);
      await frame();
      await frame();
      return scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
    });
    const heads = page.getByRole("main").getByRole("heading", { level: 2 });
    const said = await heads.evaluateAll((all) => all.map((head) => [head.textContent, head.parentElement?.textContent]));
    for (const [name, text] of said) if (name && !seen.has(name)) seen.set(name, text ?? "");
    await page.evaluate(() => scrollBy(0, innerHeight / 2));
  }
  return seen;
}

test("the newest session is on top", async ({ page, signIn }) => {
  await signIn();
  await openList(page);
  await expect(sessionLinks(page).nth(5)).toBeVisible();
  const times = await rows(page).getByRole("time").evaluateAll((all) => all.map((time) => time.getAttribute("datetime")));
  expect(times.length).toBeGreaterThan(5);
  expect(times).toEqual([...times].sort().reverse());
});

test("filters narrow the list, stand in the address and survive a reload", async ({ page, signIn }) => {
  await signIn();
  await openList(page);
  await openFilters(page);
  const { sites, months } = await summary(page);

  await page.getByLabel("Status").selectOption({ label: "Stopped early" });
  await expect(page).toHaveURL("/sessions?status=stopped");
  const stopped = await summary(page, "?status=stopped");
  expect(stopped.total).toBeGreaterThan(0);
  const matching = (total: number) => page.getByText(total === 1 ? "1 session matches" : `${total} sessions match`, { exact: true });
  await expect(matching(stopped.total)).toBeVisible();
  for (const row of await rows(page).all()) await expect(row).toContainText("Stopped early");

  await page.getByLabel("Status").selectOption({ label: "Any status" });
  await page.getByLabel("Place").selectOption(sites[0].site_id);
  await expect(page).toHaveURL(`/sessions?site_id=${sites[0].site_id}`);
  const there = await summary(page, `?site_id=${sites[0].site_id}`);
  await expect(matching(there.total)).toBeVisible();
  for (const row of await rows(page).all()) await expect(row).toContainText(sites[0].name);

  const from = `${months[6].month}-01`;
  const to = `${months[3].month}-28`;
  await page.getByLabel("Place").selectOption({ label: "All places" });
  await page.getByLabel("From", { exact: true }).fill(from);
  await page.getByLabel("To", { exact: true }).fill(to);
  await expect(page).toHaveURL(`/sessions?from=${from}&to=${to}`);
  const dated = await summary(page, `?from=${from}&to=${to}`);
  await expect(matching(dated.total)).toBeVisible();

  await page.reload();
  await expect(matching(dated.total)).toBeVisible();
  await expect(page.getByText("Filters: 2 on")).toBeVisible();
  await expect(page.getByLabel("From", { exact: true })).toHaveValue(from);
  await expect(page.getByLabel("To", { exact: true })).toHaveValue(to);
});

test("nothing yet is not the same as nothing that matches", async ({ page, signIn }) => {
  await signIn("new@example.com");
  await page.goto("/sessions");
  await expect(page.getByRole("heading", { name: "No sessions yet" })).toBeVisible();
  await expect(page.getByText("Nothing matches")).toHaveCount(0);
  const taking = page.getByRole("button", { name: "Export", exact: true });
  await expect(taking, "there is nothing to take away").toHaveCount(0);
  await expect(page.getByText("Filters", { exact: true }), "or to narrow").toHaveCount(0);
  await page.goto("/reservations");
  await expect(page.getByRole("heading", { name: "Nothing held or booked" })).toBeVisible();
  await expect(page.getByLabel("Status"), "said once").toHaveCount(0);

  // A page that learns that it has somebody else's cookie now loads itself anew.
  await page.goto("about:blank");
  await signIn();
  await page.goto("/sessions?to=2001-01-01");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await expect(taking).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "Clear the filters" }).last().click();
  await expect(page).toHaveURL("/sessions");
  await expect(sessionLinks(page).first()).toBeVisible();
});

test("a filter in the address that can't be read is said and left out", async ({ page, signIn }) => {
  await signIn();
  await openList(page, "?from=yesterday");
  await expect(page.getByText("A filter in the address could not be read and was left out.")).toBeVisible();
  const { total } = await summary(page);
  await expect(page.getByText(`${total} sessions`, { exact: true })).toBeVisible();
});

test("a range that ends before it begins is said where it ends", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/sessions?from=2026-03-02&to=2026-03-01");
  await expect(page.getByLabel("To", { exact: true })).toHaveAccessibleDescription("“From” is later than “to”.");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
});

test("scrolling fetches what comes into sight, and only that is drawn", async ({ page, signIn }) => {
  await signIn();
  await openList(page);
  const { total } = await summary(page);
  expect(total).toBeGreaterThan(200);
  await expect(rows(page)).not.toHaveCount(0);
  expect(await rows(page).count()).toBeLessThan(60);

  const more = page.waitForResponse(/offset=200/);
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  const last = (await (await more).json()).sessions.at(-1);
  await expect(page.locator(`time[datetime="${last.started_at}"]`)).toBeInViewport();
  expect(await rows(page).count()).toBeLessThan(60);
});

/** What stands in the middle of the screen, and where. */
const inSight = (page: Page) =>
  sessionLinks(page).evaluateAll((links) =>
    links
      .map((link) => ({ top: Math.round(link.getBoundingClientRect().top), to: link.getAttribute("href") }))
      .filter(({ top }) => top > 100 && top < innerHeight - 200)
      .sort((one, other) => one.top - other.top),
  );

for (const way of ["the link", "the browser's back"]) {
  test(`coming back from a session by ${way} finds the list where it was`, async ({ page, signIn }) => {
    await signIn();
    await openList(page);
    const more = page.waitForResponse(/offset=100/);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight / 2));
    await more;
    await expect.poll(async () => (await inSight(page)).length).toBeGreaterThan(2);
    await expect(rows(page).getByRole("status"), "rows on their way").toHaveCount(0);
    const before = await inSight(page);
    const scroll = await page.evaluate(() => window.scrollY);

    await page.locator(`a[href="${before[1].to}"]`).click();
    await expect(heading(page)).toHaveText(/^Session at /);
    await expect.poll(() => page.evaluate(() => window.scrollY), "a new page begins at its top").toBe(0);

    if (way === "the link") await page.getByRole("link", { name: "All sessions" }).click();
    else await page.goBack();
    await expect(heading(page)).toHaveText("Sessions");
    await expect.poll(async () => Math.abs((await page.evaluate(() => window.scrollY)) - scroll)).toBeLessThanOrEqual(2);
    await expect.poll(async () => (await inSight(page)).map(({ to }) => to)).toEqual(before.map(({ to }) => to));
  });
}

for (const width of [390, 320]) {
  test(`text twice as large fits ${width} pixels`, async ({ page, signIn, context }) => {
    await signIn();
    await context.clearCookies();
    await signIn(); // A second device: the settings' longest button is only there beside another one.
    await page.setViewportSize({ width, height: 844 });
    await openList(page);
    const { session } = await page.evaluate(async () => {
      document.documentElement.style.fontSize = "32px";
      const answer = await fetch("/api/v1/portal/sessions?limit=1");
      return { session: (await answer.json()).sessions[0] };
    });
    await expect(sessionLinks(page).first()).toBeVisible();
    await expect.poll(() => sticksOut(page), "the list").toEqual([]);
    if (width > 320) await expect.poll(() => squeezed(page), "rows whose place can't be read").toEqual([]);

    for (const path of ["/", `/sessions/${session.session_id}`, "/account"]) {
      await page.goto(path);
      await expect(page.getByRole("main").getByRole("heading", { level: 2 }).or(page.getByText(/Plug \d/)).first()).toBeVisible();
      await page.evaluate(() => document.documentElement.style.setProperty("font-size", "32px"));
      await expect.poll(() => sticksOut(page), path).toEqual([]);
    }
  });
}

/** Texts that reach over the edge of the screen, and whatever makes the page wider than it. */
const sticksOut = (page: Page) =>
  page.evaluate(() => {
    const out: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) {
      const wide = [...document.body.querySelectorAll("*")].filter((part) => part.getBoundingClientRect().right > innerWidth);
      out.push("the page as a whole", ...wide.map((part) => part.outerHTML.slice(0, 120)));
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const holder = node.parentElement;
      if (!holder?.checkVisibility() || getComputedStyle(holder).clipPath !== "none") continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { right, left, width } = range.getBoundingClientRect();
      const clipped = getComputedStyle(holder).textOverflow === "ellipsis";
      if (width > 0 && !clipped && (right > innerWidth + 1 || left < -1)) out.push(node.textContent ?? "");
    }
    return out;
  });

/** Rows where a text has less room than a few letters need. */
const squeezed = (page: Page) =>
  sessionLinks(page).evaluateAll((links) =>
    links
      .filter((link) => [...link.children].some((part) => part.textContent && part.getBoundingClientRect().width < 64))
      .map((link) => link.textContent),
  );

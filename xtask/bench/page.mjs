// Measures the portal as somebody with a phone meets it: Lighthouse on slow 4G
// with a quarter of the processor, the first paint against the WebAssembly, and
// how soon a list of 10,000 sessions follows a key.
//
//   node page.mjs http://127.0.0.1:PORT
//
// The last line printed is the figures as JSON.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import lighthouse from "lighthouse";
import { chromium } from "playwright-core";

const [portal] = process.argv.slice(2);
const PASSWORD = "charge-ahead";
const RUNS = 5;
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 92_160 };

const figures = [];
const add = (name, value, budget = {}) => figures.push({ name, value, ...budget });
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

await withEach(["/sign-in", null], ["/sessions", "driver@example.com"]);
await firstPaint();
await interactions();
await opening();
console.log(JSON.stringify(figures));

async function withEach(...pages) {
  for (const [path, person] of pages) {
    const reports = [];
    for (let run = 0; run < 3; run += 1) reports.push(await report(path, person));
    const score = (category) => median(reports.map((lhr) => Math.round(lhr.categories[category].score * 100)));
    const audit = (id) => median(reports.map((lhr) => lhr.audits[id].numericValue));
    add(`Lighthouse ${path}, performance`, score("performance"), { least: 95 });
    add(`Lighthouse ${path}, accessibility`, score("accessibility"), { least: 100, exact: true });
    add(`Lighthouse ${path}, best practices`, score("best-practices"), { least: 100, exact: true });
    add(`Lighthouse ${path}, layout shift`, audit("cumulative-layout-shift"), { most: 0, exact: true });
    add(`Lighthouse ${path}, first contentful paint ms`, Math.round(audit("first-contentful-paint")));
    add(`Lighthouse ${path}, largest contentful paint ms`, Math.round(audit("largest-contentful-paint")));
    add(`Lighthouse ${path}, blocking ms`, Math.round(audit("total-blocking-time")));
    explain(path, reports.at(-1));
  }
}

/** Lighthouse's report; now and then it loses its own trace and has to look again. */
async function report(path, person, tries = 3) {
  const lhr = await look(path, person);
  if (!lhr.runtimeError) return lhr;
  if (tries === 1) throw new Error(lhr.runtimeError.message);
  return report(path, person, tries - 1);
}

/** What Lighthouse says of a page that was never visited before. */
async function look(path, person) {
  const port = await freePort();
  return inNewBrowser({ args: [`--remote-debugging-port=${port}`] }, async (context) => {
    if (person) await context.addCookies(await signedIn(person));
    const { lhr } = await lighthouse(portal + path, {
      port,
      output: "json",
      logLevel: "error",
      onlyCategories: ["performance", "accessibility", "best-practices"],
      disableStorageReset: true,
      disableFullPageScreenshot: true,
    });
    return lhr;
  });
}

/** Says what a page lost points for. */
function explain(path, lhr) {
  for (const category of ["accessibility", "best-practices"]) {
    for (const { id, weight } of lhr.categories[category].auditRefs) {
      const audit = lhr.audits[id];
      if (weight === 0 || audit.score === null || audit.score === 1) continue;
      const items = (audit.details?.items ?? []).slice(0, 3);
      console.log(`${path} loses points for ${id}: ${audit.title} ${JSON.stringify(items).slice(0, 600)}`);
    }
  }
}

/** When something is painted first, as a share of when the portal itself has
 * arrived, and what a first and a second visit bring over the wire. */
async function firstPaint() {
  const shares = [];
  const brought = { first: [], second: [] };
  for (let run = 0; run < RUNS; run += 1) {
    await inNewBrowser(PHONE, async (context) => {
      await context.addCookies(await signedIn("driver@example.com"));
      const page = await context.newPage();
      const { devtools, bytes } = await slowed(page, true);
      await page.goto(`${portal}/sessions`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await quiet(page, bytes);
      brought.first.push(bytes.splice(0).reduce((sum, size) => sum + size, 0) / 1000);
      shares.push(await page.evaluate(painted));
      await page.evaluate(() => navigator.serviceWorker?.ready);
      await devtools.send("Network.emulateNetworkConditions", { ...SLOW_4G, latency: 0, downloadThroughput: -1 });
      await quiet(page, bytes);
      bytes.splice(0);
      await page.reload();
      await quiet(page, bytes);
      brought.second.push(bytes.reduce((sum, size) => sum + size, 0) / 1000);
    });
  }
  add("first paint, as a share of the WebAssembly's arrival", median(shares), { most: 1 });
  add("/sessions with its data and what is fetched ahead, kB", median(brought.first));
  add("second view, kB on the wire", median(brought.second));
}

/** Waits until nothing more is loaded; what is told while somebody looks never ends. */
async function quiet(page, bytes) {
  for (let before = -1; before !== bytes.length; ) {
    before = bytes.length;
    await page.waitForTimeout(2000);
  }
}

/** In the page: first paint over the arrival of the main module. */
function painted() {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const module = performance.getEntriesByType("resource").find(({ name }) => /\/portal-\w+\.wasm$/.test(name));
  return paint.startTime / module.responseEnd;
}

/** How long the list of 10,000 sessions takes to follow keys. */
async function interactions() {
  const waits = { scrolling: [], filtering: [] };
  for (let run = 0; run < RUNS; run += 1) {
    await inNewBrowser(PHONE, async (context) => {
      await context.addCookies(await signedIn("many@example.com"));
      const page = await context.newPage();
      await page.addInitScript(watchInteractions);
      await page.goto(`${portal}/sessions`);
      await page.locator("a[href^='/sessions/']").first().waitFor();
      await slowed(page, false);
      waits.scrolling.push(await longest(page, () => scroll(page)));
      waits.filtering.push(await longest(page, () => filter(page)));
    });
  }
  for (const [what, longestOfRuns] of Object.entries(waits)) {
    add(`INP, ${what} 10,000 sessions, ms`, median(longestOfRuns), { most: 100 });
  }
}

/** How much the main thread works from the tap on a session until its breakdown is painted. */
async function opening() {
  const works = [];
  for (let run = 0; run < RUNS; run += 1) {
    await inNewBrowser(PHONE, async (context) => {
      await context.addCookies(await signedIn("driver@example.com"));
      const page = await context.newPage();
      await page.goto(`${portal}/sessions`);
      const row = (place) => page.locator("a[href^='/sessions/']").nth(place);
      // The page's code has come once.
      await row(1).evaluate((link) => link.click());
      await page.locator(".cost-lines").waitFor();
      await page.goBack();
      const { devtools } = await slowed(page, false);
      await page.waitForTimeout(3000);
      const { x, y } = await row(2).boundingBox();
      await page.evaluate(markBreakdown);
      const events = await traced(devtools, async () => {
        // By the browser itself: what a test tool does in the page isn't the page's work.
        await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: x + 40, y: y + 20 }] });
        await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
        await new Promise((over) => setTimeout(over, 2000));
      });
      works.push(workUntil("breakdown painted", events));
    });
  }
  add("opening a session, main thread ms", Math.round(median(works)), { most: 100 });
}

/** In the page: a mark in the trace once the next breakdown was painted. */
function markBreakdown() {
  const watching = new MutationObserver(() => {
    if (!document.querySelector(".cost-lines")) return;
    watching.disconnect();
    requestAnimationFrame(() => performance.mark("breakdown painted"));
  });
  watching.observe(document.body, { childList: true, subtree: true });
}

/** The browser's own record of its tasks during some work. */
async function traced(devtools, work) {
  const events = [];
  devtools.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const complete = new Promise((over) => devtools.once("Tracing.tracingComplete", over));
  await devtools.send("Tracing.start", { categories: "toplevel,blink.user_timing", transferMode: "ReportEvents" });
  await work();
  await devtools.send("Tracing.end");
  await complete;
  return events;
}

/** The processor time of the thread's tasks up to a mark, in ms. */
function workUntil(name, events) {
  const mark = events.find((event) => event.name === name);
  if (!mark) throw new Error(`${name}: it never was`);
  const tasks = events.filter(
    ({ name, ph, pid, tid, ts }) =>
      name === "ThreadControllerImpl::RunTask" && ph === "X" && pid === mark.pid && tid === mark.tid && ts < mark.ts,
  );
  return tasks.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000;
}

async function scroll(page) {
  for (const key of [...Array(12).fill("PageDown"), "End", "Home", ...Array(4).fill("PageDown")]) {
    await page.keyboard.press(key);
    await settled(page);
  }
  await page.keyboard.press("Home");
  await settled(page);
}

/** Chooses a status by the keyboard: a real interaction, unlike setting it. */
async function filter(page) {
  const folded = page.locator("details:not([open]) > summary").first();
  if (await folded.isVisible()) await folded.tap();
  await page.locator("#status").focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"]) {
    await page.keyboard.press(key);
    await settled(page);
  }
}

/** In the page, before anything else: remembers the longest interaction. */
function watchInteractions() {
  window.longestInteraction = 0;
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) {
      if (interactionId) window.longestInteraction = Math.max(window.longestInteraction, duration);
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
}

/** The longest interaction of some work, in ms. */
async function longest(page, work) {
  await page.evaluate(() => void (window.longestInteraction = 0));
  await work();
  return page.evaluate(() => window.longestInteraction);
}

/** Two frames later, so that what a key has started was shown. */
function settled(page) {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** A quarter of the processor and, if asked for, slow 4G; counts the bytes of
 * everything the page loads. */
async function slowed(page, network) {
  const devtools = await page.context().newCDPSession(page);
  const bytes = [];
  await devtools.send("Network.enable");
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => bytes.push(encodedDataLength));
  if (network) await devtools.send("Network.emulateNetworkConditions", SLOW_4G);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  return { devtools, bytes };
}

/** A browser that was never used before. */
async function inNewBrowser(options, work) {
  const folder = await mkdtemp(join(tmpdir(), "portal-bench-browser-"));
  const context = await chromium.launchPersistentContext(folder, {
    ...options,
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(options.args ?? []),
    ],
  });
  try {
    return await work(context);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The cookies of a demo person who has just signed in. */
async function signedIn(email) {
  const answer = await fetch(`${portal}/api/portal/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Portal": "1", Origin: portal },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`${email} can't sign in: ${answer.status}`);
  return answer.headers.getSetCookie().map((cookie) => {
    const [name, value] = cookie.split(";")[0].split("=");
    const domain = new URL(portal).hostname;
    return { name, value, domain, path: "/", secure: true, httpOnly: true, sameSite: "Strict" };
  });
}

function freePort() {
  return new Promise((found, lost) => {
    const server = createServer().once("error", lost);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

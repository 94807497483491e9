// A new version of the portal: an open page learns of it, and no old one stays.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, Portal, test } from "./support/test";
import { usualBundle } from "./support/server";
import { heading, keeperReady, LOST, REFUSED, signInByForm } from "./support/ways";

test.use({ serviceWorkers: "allow" });

/** A copy of the bundle, to be changed. */
async function copyBundle(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "portal-bundle-"));
  await cp(usualBundle, copy, { recursive: true });
  return copy;
}

/** Makes a bundle a newer one: the same files under another version. */
async function renew(bundle: string, version: string): Promise<void> {
  const worker = await readFile(join(bundle, "sw.js"), "utf8");
  const old = /["']?version["']?:\s*["']([^"']+)["']/.exec(worker)?.[1];
  if (!old) throw new Error("the worker names no version");
  for (const name of ["index.html", "sw.js"]) {
    const text = await readFile(join(bundle, name), "utf8");
    expect(text, name).toContain(old);
    await writeFile(join(bundle, name), text.replaceAll(old, version));
  }
  for (const name of await readdir(bundle)) {
    if (/^(index\.html|sw\.js)\.(br|gz)$/.test(name)) await rm(join(bundle, name));
  }
}

test("an open page learns of a new version and the next one is drawn with it", async ({ page, mayComplain }) => {
  mayComplain(REFUSED);
  mayComplain(LOST);
  const bundle = await copyBundle();
  const portal = await Portal.start({ bundle });
  const version = (number: string) => page.getByText(`Version ${number}`, { exact: true });
  try {
    await renew(bundle, "e2e0000000000001");
    await portal.restart();
    await page.goto(`${portal.url}/account`);
    await signInByForm(page, "driver@example.com");
    await expect(version("e2e0000000000001")).toBeVisible();
    await keeperReady(page);

    for (const next of ["e2e0000000000002", "e2e0000000000003"]) {
      await renew(bundle, next);
      await portal.restart();
      // As when one comes back to the tab, until it is asked.
      await expect(async () => {
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
        await expect(page.getByText("A new version of the portal is ready.")).toBeVisible({ timeout: 3_000 });
      }).toPass({ timeout: 30_000 });
      await page.getByRole("link", { name: "Home", exact: true }).click();
      await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
      await expect(page.getByText("A new version of the portal is ready.")).toHaveCount(0);
      await page.getByRole("link", { name: "Account", exact: true }).click();
      await expect(version(next)).toBeVisible();
      await page.reload();
      await expect(version(next)).toBeVisible();
    }
    expect((await page.evaluate(() => caches.keys())).length, "the caches of old versions are gone").toBeLessThanOrEqual(2);
  } finally {
    await portal.stop();
    await rm(bundle, { recursive: true, force: true });
  }
});

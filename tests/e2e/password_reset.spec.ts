// A forgotten password: the letter, its link, the new password.
import { expect, PASSWORD, test } from "./support/test";
import { heading, REFUSED, signInByForm } from "./support/ways";

/** The text of a letter, its encoding for the journey undone. */
function textOf(letter: string): string {
  const plain = letter.replace(/=\r?\n/g, "").replace(/=3D/g, "=");
  const body = letter.split(/\r?\n\r?\n/).slice(1).join("\n");
  return /transfer-encoding: base64/i.test(letter) ? Buffer.from(body, "base64").toString("utf8") : plain;
}

/** Where the link of a letter leads, without the host. */
const linkOf = (letter: string) => /\/reset-password#[\w-]+/.exec(textOf(letter))?.[0] ?? "no link";

test("a letter's link sets a new password, once", async ({ page, portal, mayComplain }) => {
  mayComplain(REFUSED);
  const email = "host@example.com";
  const chosen = "seven quiet harbour lamps";
  await page.goto("/");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(heading(page)).toHaveText("Forgotten password");
  await expect(heading(page)).toBeFocused();

  await page.getByRole("button", { name: "Send the e-mail" }).click();
  const field = page.getByLabel("E-mail", { exact: true });
  await expect(field).toBeFocused();
  await expect(field).toHaveAccessibleDescription(/Type the e-mail address/);
  await field.fill(email);
  await page.getByRole("button", { name: "Send the e-mail" }).click();
  await expect(page.getByRole("heading", { name: "Look at your mail" })).toBeFocused();
  await expect(page.getByText(`If ${email} has an account here`)).toBeVisible();

  const mine = async () => (await portal.letters()).filter((letter) => letter.includes(email));
  await expect.poll(async () => (await mine()).length).toBe(1);
  const link = linkOf((await mine())[0]);

  await page.goto(link);
  await expect(heading(page)).toHaveText("Set a new password");
  await expect(page).toHaveURL("/reset-password");
  await page.goBack();
  await page.goForward();
  expect(page.url(), "the token is out of the history").not.toContain("#");

  await page.goto("about:blank");
  await page.goto(link);
  const secret = page.getByLabel("New password", { exact: true });
  const set = page.getByRole("button", { name: "Set the password" });
  await secret.fill("short");
  await set.click();
  await expect(secret).toBeFocused();
  await expect(secret).toHaveAccessibleDescription(/needs 8 characters/);
  await secret.fill("password123");
  await set.click();
  await expect(secret).toHaveAccessibleDescription(/too easy to guess/);
  await secret.fill(chosen);
  await set.click();
  await expect(page.getByRole("heading", { name: "The new password is set" })).toBeFocused();

  await page.getByRole("link", { name: "Back to sign-in" }).click();
  await signInByForm(page, email, PASSWORD);
  await expect(page.getByRole("alert").filter({ hasText: "don't match" })).toBeVisible();
  await signInByForm(page, email, chosen);
  await expect(heading(page)).toHaveText("Hello, Beatriz Romero");

  await page.goto("about:blank");
  await page.goto(link);
  await page.getByLabel("New password", { exact: true }).fill("nine loud harbour lamps");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByRole("heading", { name: "This link doesn't work any more" })).toBeFocused();
  await page.getByRole("link", { name: "Ask for a new e-mail" }).click();
});

test("whoever has no account gets the same answer and no letter", async ({ page, portal }) => {
  await page.goto("/forgotten-password");
  await page.getByLabel("E-mail", { exact: true }).fill("nobody@example.com");
  await page.getByRole("button", { name: "Send the e-mail" }).click();
  await expect(page.getByRole("heading", { name: "Look at your mail" })).toBeVisible();
  expect((await portal.letters()).filter((letter) => letter.includes("nobody@example.com"))).toEqual([]);
  await page.getByRole("button", { name: "Use another address" }).click();
  await expect(page.getByLabel("E-mail", { exact: true })).toHaveValue("nobody@example.com");
  await expect(page.getByLabel("E-mail", { exact: true })).toBeFocused();
});

test("a link without its token says that it doesn't work", async ({ page }) => {
  await page.goto("/reset-password");
  await expect(page.getByRole("heading", { name: "This link doesn't work any more" })).toBeVisible();
});

// Every page of the portal in a real browser. `pages.cjs FILE ADDRESS` goes to each page that the file
// names, with its cookies, and fails with what does not hold. TIDBOK_TEST_CHROMIUM names the browser;
// pictures of every page are put where TIDBOK_TEST_PICTURES says. TIDBOK_TEST_PAGES names the only pages
// to look at.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { chromium } = require("playwright-core");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
// 1280 pixels at 400 % are as wide as the narrowest telephone.
const NARROW = { width: 320, height: 256 };
// How long a page may take on a busy machine.
const PATIENCE = 60_000;
const PICTURES = process.env.TIDBOK_TEST_PICTURES;

const [file, base] = process.argv.slice(2);
const only = process.env.TIDBOK_TEST_PAGES;
const all = JSON.parse(fs.readFileSync(file, "utf8"));
const pages = all.filter((it) => !only || only.split(",").includes(it.name));
const failures = [];

async function open(browser, { cookies }, language) {
  const context = await browser.newContext({ viewport: PHONE, locale: language === "sv" ? "sv-SE" : "en-GB" });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "data:" && origin !== base) failures.push(`asks another host: ${request.url()}`);
  });
  page.on("console", (message) => {
    // An answer that is a refusal shows as an error.
    if (message.type() === "error" && !/status of \d{3}/.test(message.text())) failures.push(message.text());
  });
  page.on("pageerror", (error) => failures.push(error.message));
  const given = Object.entries(cookies).filter(([, value]) => value !== "");
  if (given.length > 0) await page.goto(`${base}/given?${new URLSearchParams(given)}`);
  return page;
}

// Goes there as the page's entry says: by its address, or with a form.
async function go(page, entry) {
  if (!entry.form) return page.goto(base + entry.path);
  if (entry.from === "elsewhere") await page.goto("about:blank");
  else await page.goto(`${base}/mitt/nothing`);
  const arrived = page.waitForNavigation();
  await page.evaluate(([address, fields, kind]) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: address, enctype: kind });
    for (const [name, value] of fields) form.append(Object.assign(document.createElement("input"), { name, value }));
    document.body.append(form);
    form.submit();
  }, [base + entry.path, entry.form, entry.kind ?? "application/x-www-form-urlencoded"]);
  return arrived;
}

async function axe(page, where) {
  const known = await page.evaluate(() => typeof axe !== "undefined");
  if (!known) await page.evaluate(AXE);
  const found = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), TAGS);
  for (const it of found.violations) {
    failures.push(`${where}: ${it.id}: ${it.nodes.map((node) => node.html).join()}`);
  }
}

// Nothing is wider than the window: what is written must not be scrolled sideways.
async function fits(page, where) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) failures.push(`${where}: ${wide} px too wide`);
}

// What axe does not measure: targets of 24 px (2.5.8; links within a sentence are excepted).
async function targets(page, where) {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("a, button, input:not([type=hidden])")]
      .filter((it) => !it.matches(".skip, .unseen"))
      .filter((it) => {
        const around = it.closest("p");
        return !around || around.textContent.trim() === it.textContent.trim();
      })
      .map((it) => [it.textContent.trim() || it.id, it.getBoundingClientRect()])
      .filter(([, box]) => box.width < 24 || box.height < 24)
      .map(([name, box]) => `${name}: ${box.width}×${box.height}`),
  );
  if (small.length > 0) failures.push(`${where}: targets smaller than 24 px: ${small}`);
}

// The keyboard comes to everything, in the order of the page, and every place can be seen (2.4.3, 2.4.7,
// 2.4.11).
async function focus(page, where) {
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden])")];
    const reached = all.filter((it) => it.tabIndex >= 0 && !it.disabled);
    reached.forEach((it, at) => (it.dataset.place = at));
    document.activeElement.blur();
    scrollTo(0, 0);
    return reached.length;
  });
  // From the very start of the page.
  await page.evaluate(() => {
    const start = document.createElement("span");
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    start.remove();
  });
  for (let at = 0; at < wanted; at += 1) {
    await page.keyboard.press("Tab");
    const place = await page.evaluate(() => {
      const it = document.activeElement;
      const style = getComputedStyle(it);
      const box = it.getBoundingClientRect();
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return {
        place: Number(it.dataset.place ?? -1),
        name: it.textContent.trim() || it.id || it.tagName,
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        bare: top !== null && (it.contains(top) || top.contains(it)),
      };
    });
    if (place.place !== at) {
      failures.push(`${where}: the keyboard comes to ${place.name} (${place.place}) instead of ${at}`);
      return;
    }
    if (!place.outlined) failures.push(`${where}: the focus on ${place.name} can't be seen`);
    if (!place.bare) failures.push(`${where}: the focus on ${place.name} is covered`);
  }
}

// As somebody sets their browser who reads with more space (1.4.12): by properties, since no style of
// others is let in.
async function spaced(page, where) {
  await page.evaluate(() => {
    for (const it of document.querySelectorAll("body, body *")) {
      it.style.setProperty("line-height", "1.5", "important");
      it.style.setProperty("letter-spacing", "0.12em", "important");
      it.style.setProperty("word-spacing", "0.16em", "important");
    }
  });
  await fits(page, `${where}, spaced`);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("a, button, h1, h2, p, dd, dt, li, span, label")]
      .filter((it) => !it.closest(".unseen, .skip") && it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0)
      .filter((it) => getComputedStyle(it).overflowX !== "visible")
      .map((it) => it.textContent.trim()),
  );
  if (cut.length > 0) failures.push(`${where}: cut off: ${cut}`);
}

async function errors(page, entry, where) {
  const summary = page.locator(".errors");
  if ((await summary.count()) !== 1) return failures.push(`${where}: no summary of errors`);
  if (!(await summary.evaluate((it) => it === document.activeElement))) {
    failures.push(`${where}: the summary of errors has not the focus`);
  }
  if (!(await page.title()).startsWith(entry.language === "sv" ? "Fel:" : "Error:")) {
    failures.push(`${where}: the title tells of no errors`);
  }
  const links = page.locator(".errors a");
  assert.equal(await links.count(), entry.faults, `${where}: faults`);
  for (let at = 0; at < entry.faults; at += 1) {
    await links.nth(at).click();
    const told = await page.evaluate(() => {
      const it = document.activeElement;
      const by = (it.getAttribute("aria-describedby") ?? "").split(" ");
      return { invalid: it.getAttribute("aria-invalid"), said: by.map((id) => document.getElementById(id)?.textContent) };
    });
    const text = (await links.nth(at).textContent()).trim();
    const said = told.said.some((it) => it?.includes(text));
    if (told.invalid !== "true" || !said) failures.push(`${where}: ${text} leads to no field that says so`);
  }
}

async function look(browser, entry, language) {
  const page = await open(browser, entry, language);
  const where = `${entry.name} (${language})`;
  try {
    await go(page, entry);
    const heading = await page.locator("h1").innerText();
    if (language === "sv") assert.equal(heading.trim(), entry.heading, where);
    else if (heading.trim() === entry.heading) failures.push(`${where}: the heading is not translated`);
    assert.equal(await page.locator("h1").count(), 1, where);
    for (const landmark of ["banner", "main"]) {
      assert.equal(await page.getByRole(landmark).count(), 1, `${where}: ${landmark}`);
    }
    assert.equal(await page.locator("html").getAttribute("lang"), language, where);
    const title = (await page.title()).replace(/^(Fel|Error): /, "");
    if (!title.startsWith(heading.trim())) failures.push(`${where}: the title is ${title}`);
    if (!entry.lonely && (await page.locator(".language").count()) !== 1) {
      failures.push(`${where}: no way to the other language`);
    }
    if (entry.faults) await errors(page, { ...entry, language }, where);
    // English is as Swedish but for its words.
    const devices = language === "sv" ? [["phone", PHONE], ["desktop", DESKTOP]] : [["phone", PHONE]];
    for (const [device, size] of devices) {
      await page.setViewportSize(size);
      for (const colorScheme of language === "sv" ? ["light", "dark"] : ["light"]) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const here = `${where}, ${device}, ${colorScheme}`;
        await axe(page, here);
        await fits(page, here);
        if (PICTURES) {
          const name = `${entry.name}-${device}-${colorScheme}-${language}.png`;
          await page.screenshot({ path: `${PICTURES}/${name}`, fullPage: true });
        }
      }
      await targets(page, `${where}, ${device}`);
    }
    await page.setViewportSize(NARROW);
    await fits(page, `${where}, narrow`);
    await targets(page, `${where}, narrow`);
    await focus(page, `${where}, narrow`);
    await spaced(page, `${where}, narrow`);
    if (entry.leaves && language === "en") await leave(page, where);
  } catch (error) {
    failures.push(`${where}: ${error.message}`);
  }
  await page.context().close();
}

// After logging out nothing of the person comes back with the back button.
async function leave(page, where) {
  await page.locator("form button").click();
  await page.getByText("You are logged out.").waitFor();
  await page.goBack();
  await page.locator("h1").waitFor();
  if ((await page.locator("dl.chosen").count()) > 0) failures.push(`${where}: the back button shows what was personal`);
}

async function play() {
  const executablePath = process.env.TIDBOK_TEST_CHROMIUM;
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    for (const entry of pages) {
      for (const language of ["sv", "en"]) await look(browser, entry, language);
    }
  } finally {
    await browser.close();
  }
  assert.deepEqual(failures, [], `${pages.length} pages`);
}

play().catch((error) => {
  console.error(error.message ?? error);
  for (const failure of failures) console.error(`- ${failure}`);
  process.exitCode = 1;
});

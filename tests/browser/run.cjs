// A real browser on the booking page. `run.cjs SCENARIO ADDRESS` plays a scenario, fails with a status
// that is not 0, and says why. TIDBOK_TEST_CHROMIUM names the browser.
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

const [scenario, base] = process.argv.slice(2);
let pictures = 0;

const WORDS = {
  sv: {
    company: "Vilken klinik vill du besöka?",
    service: "Vad vill du boka?",
    practitioner: "Hos vem?",
    time: "Välj en tid",
    details: "Dina uppgifter",
    booked: "Tiden är bokad",
    overdue: "Kliniken har inte svarat än",
    refused: "Tiden kunde inte bokas",
    missing: "Sidan finns inte",
    gone: "Tiden är tyvärr inte längre ledig",
    anyone: "Första lediga tid",
  },
  en: {
    company: "Which clinic do you want to visit?",
    service: "What do you want to book?",
    practitioner: "With whom?",
    time: "Choose a time",
    details: "Your details",
    booked: "Your appointment is booked",
    overdue: "The clinic has not answered yet",
    refused: "The time could not be booked",
    missing: "There is no such page",
    gone: "Sorry, that time is no longer free",
    anyone: "First free time",
  },
};

// Somebody born in 1890, with a serial number that is kept for tests.
function person(n) {
  const day = String(1 + (n % 28)).padStart(2, "0");
  const digits = `9002${day}98${Math.floor(n / 28)}`;
  const sum = [...digits].reduce((sum, digit, at) => {
    const twice = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return sum + Math.floor(twice / 10) + (twice % 10);
  }, 0);
  return `18${digits.slice(0, 6)}-${digits.slice(6)}${(10 - (sum % 10)) % 10}`;
}

async function open(browser, { size = DESKTOP, language = "sv", scripts = true, dark = false } = {}) {
  const context = await browser.newContext({
    viewport: size,
    locale: language === "sv" ? "sv-SE" : "en-GB",
    javaScriptEnabled: scripts,
    colorScheme: dark ? "dark" : "light",
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const origin = new URL(base).origin;
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) fail(`asks another host: ${request.url()}`);
  });
  page.on("console", (message) => {
    // Answers that are refusals show as errors: they are looked at where they are expected.
    if (message.type() === "error" && !/status of 4(04|09|22)/.test(message.text())) fail(message.text());
  });
  page.on("pageerror", (error) => fail(error.message));
  return { page, words: WORDS[language], language, scripts };
}

let failure;
function fail(why) {
  failure ??= new Error(why);
}

// Looks at a page as a whole: what axe finds, and what it can't see.
async function look(visit, heading) {
  const { page } = visit;
  await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
  if (PICTURES) {
    pictures += 1;
    const name = `${scenario}-${String(pictures).padStart(2, "0")}.png`;
    await page.screenshot({ path: `${PICTURES}/${name}`, fullPage: true });
  }
  const where = `${heading} (${page.viewportSize().width} px)`;
  assert.equal(await page.locator("h1").count(), 1, where);
  for (const landmark of ["banner", "main"]) {
    assert.equal(await page.getByRole(landmark).count(), 1, `${where}: ${landmark}`);
  }
  assert.equal(await page.locator("html").getAttribute("lang"), visit.language, where);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${where}: ${wide} px too wide`);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("a, button, input:not([type=hidden])")]
      .filter((it) => !it.matches(".skip, .unseen") && !it.closest("p:not(.back)"))
      .map((it) => [it.textContent.trim() || it.id, it.getBoundingClientRect()])
      .filter(([, box]) => box.width < 24 || box.height < 24)
      .map(([name, box]) => `${name}: ${box.width}×${box.height}`),
  );
  assert.deepEqual(small, [], `${where}: targets smaller than 24 px`);
  if (!visit.scripts) return;
  await page.evaluate(AXE);
  const found = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), TAGS);
  const told = found.violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join()}`);
  assert.deepEqual(told, [], where);
}

async function choose(visit, name) {
  await visit.page.locator("a.choice", { hasText: name }).first().click();
}

// From the start to the choice of a time.
async function toTimes(visit) {
  const { page, words } = visit;
  await page.goto(base);
  await look(visit, words.company);
  await choose(visit, "Hamnens Tandvård AB");
  await look(visit, words.service);
  await choose(visit, "Akutbesök 20 min");
  await look(visit, words.practitioner);
  await choose(visit, words.anyone);
  await look(visit, words.time);
}

async function fillIn(visit, n) {
  const { page } = visit;
  for (const [field, text] of [
    ["first-name", "Prova"],
    ["last-name", "Testsson"],
    ["personnummer", person(n)],
    ["email", "prova@example.se"],
    ["mobile", "070-174 06 05"],
  ]) {
    await page.locator(`#${field}`).fill(text);
  }
}

async function send(visit) {
  await visit.page.locator("button.main").click();
  await visit.page.getByRole("heading", { level: 1, name: visit.words.booked }).waitFor();
  await look(visit, visit.words.booked);
}

// Asks for times while the agent is silent, tells once the pages say so, and goes on when it answers.
async function late(browser, n, heading) {
  const phone = { size: PHONE, language: "en", scripts: false };
  const visits = [await open(browser), await open(browser, phone)];
  for (const [at, visit] of visits.entries()) {
    await toTimes(visit);
    await visit.page.locator("button.time").first().click();
    await look(visit, visit.words.details);
    await fillIn(visit, n + at);
    await visit.page.locator("button.main").click();
  }
  for (const visit of visits) await look(visit, visit.words.overdue);
  console.log("silent");
  for (const visit of visits) await look(visit, visit.words[heading]);
}

// The whole way through, and back from every step.
async function way(browser, n, how) {
  const visit = await open(browser, how);
  const { page, words } = visit;
  await toTimes(visit);
  await page.locator("button.time").first().click();
  await look(visit, words.details);
  await page.goBack();
  await look(visit, words.time);
  await page.locator("button.time").first().click();
  await page.locator("p.back a").click();
  await look(visit, words.time);
  await page.locator("p.back a").click();
  await look(visit, words.practitioner);
  await page.goForward().catch(() => undefined);
  await page.goto(`${base}`);
  await toTimes(visit);
  const times = page.locator("button.time");
  await times.nth(n % (await times.count())).click();
  await look(visit, words.details);
  await fillIn(visit, n);
  await send(visit);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("a.main").click(),
  ]);
  const file = fs.readFileSync(await download.path(), "utf8");
  assert.match(file, /^BEGIN:VCALENDAR\r\n[^]*DTSTART:\d{8}T\d{6}Z\r\n[^]*END:VCALENDAR\r\n$/);
  // Going back after booking does not say that the time is gone.
  await page.goBack();
  await look(visit, words.booked);
  await page.context().close();
}

const SCENARIOS = {
  async ways(browser) {
    let n = 0;
    for (const size of [PHONE, DESKTOP]) {
      for (const language of ["sv", "en"]) {
        for (const scripts of [true, false]) await way(browser, n++, { size, language, scripts });
      }
    }
  },

  async dark(browser) {
    await way(browser, 20, { size: PHONE, dark: true });
  },

  async narrow(browser) {
    await way(browser, 21, { size: NARROW });
    await way(browser, 22, { size: NARROW, language: "en", dark: true });
  },

  // With the keyboard alone; every place it comes to can be seen.
  async keyboard(browser) {
    const visit = await open(browser);
    const { page, words } = visit;
    const walkTo = async (wanted) => {
      for (let steps = 0; steps < 80; steps += 1) {
        await page.keyboard.press("Tab");
        const place = await page.evaluate(() => {
          const it = document.activeElement;
          const style = getComputedStyle(it);
          const seen = it === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
          return { seen, id: it.id, text: it.textContent.trim(), name: it.getAttribute("aria-label") };
        });
        assert.ok(place.seen, `the focus on ${place.text} can't be seen`);
        if (wanted(place)) return;
      }
      assert.fail("the keyboard does not get there");
    };
    const named = (text) => (place) => place.text.includes(text);
    await page.goto(base);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.match(page.url(), /#content$/, "the first key skips to the content");
    for (const [heading, next] of [
      [words.company, named("Hamnens")],
      [words.service, named("Akutbesök")],
      [words.practitioner, named(words.anyone)],
      [words.time, (place) => place.name !== null],
    ]) {
      await page.getByRole("heading", { level: 1, name: heading }).waitFor();
      await walkTo(next);
      await page.keyboard.press("Enter");
    }
    await page.getByRole("heading", { level: 1, name: words.details }).waitFor();
    for (const [id, text] of [
      ["first-name", "Prova"],
      ["last-name", "Testsson"],
      ["personnummer", person(30)],
      ["email", "prova@example.se"],
      ["mobile", "070-174 06 05"],
    ]) {
      await walkTo((place) => place.id === id);
      await page.keyboard.type(text);
    }
    // The return key in a field sends the form, in the language that it is in.
    await page.keyboard.press("Enter");
    await look(visit, words.booked);
  },

  async errors(browser) {
    for (const scripts of [true, false]) {
      const visit = await open(browser, { size: PHONE, scripts });
      const { page, words } = visit;
      await toTimes(visit);
      await page.locator("button.time").last().click();
      await look(visit, words.details);
      await page.locator("#email").fill("kvar@example.se");
      await page.locator("button.main").click();
      await page.locator(".errors").waitFor();
      await look(visit, words.details);
      assert.ok(await page.locator(".errors").evaluate((it) => it === document.activeElement), "focus");
      assert.equal(await page.locator(".errors li").count(), 4);
      await page.locator(".errors a").nth(2).click();
      await page.keyboard.type("19001301-1234");
      assert.equal(await page.locator("#personnummer").inputValue(), "19001301-1234");
      assert.equal(await page.locator("#email").inputValue(), "kvar@example.se");
      // In the other language, with everything that was typed.
      await page.locator("button.language").click();
      await page.getByRole("heading", { level: 1, name: WORDS.en.details }).waitFor();
      assert.equal(await page.locator("#personnummer").inputValue(), "19001301-1234");
      await page.context().close();
    }
  },

  async late(browser) {
    await late(browser, 50, "booked");
  },

  async refused(browser) {
    await late(browser, 60, "refused");
    const visit = await open(browser, { size: PHONE });
    await visit.page.goto(`${base}/asked/nothing`);
    await look(visit, visit.words.missing);
  },

  // Two browsers want one time: one gets it, the other is told and takes another.
  async race(browser) {
    const [one, other] = [await open(browser), await open(browser, { size: PHONE, language: "en" })];
    await toTimes(one);
    await toTimes(other);
    const first = (visit) => visit.page.locator("button.time").first().click();
    await Promise.all([first(one), first(other)]);
    const headings = await Promise.all(
      [one, other].map((visit) => visit.page.locator("h1").innerText()),
    );
    const lost = headings[0] === one.words.gone ? one : other;
    const won = lost === one ? other : one;
    await look(won, won.words.details);
    await look(lost, lost.words.gone);
    for (const language of [lost.language === "sv" ? "en" : "sv", lost.language]) {
      await lost.page.locator("button.language").click();
      await lost.page.getByRole("heading", { level: 1, name: WORDS[language].gone }).waitFor();
    }
    assert.ok((await lost.page.locator("button.time").count()) >= 3, "others are offered");
    await first(lost);
    await look(lost, lost.words.details);
    await fillIn(won, 40);
    await fillIn(lost, 41);
    await Promise.all([send(won), send(lost)]);
  },
};

async function play() {
  const executablePath = process.env.TIDBOK_TEST_CHROMIUM;
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    await SCENARIOS[scenario](browser);
    if (failure) throw failure;
  } finally {
    await browser.close();
  }
}

play().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

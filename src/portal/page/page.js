// Makes the page smoother; nothing depends on it.
"use strict";

// While the clinic is asked, looks for the answer and shows it as soon as it is there.
const outcome = document.querySelector("[data-place]");
if (outcome && ["waited", "overdue"].includes(outcome.dataset.state)) {
  const look = async () => {
    try {
      const answer = await fetch(outcome.dataset.place, { cache: "no-store" });
      if (answer.ok && (await answer.text()) !== outcome.dataset.state) {
        location.reload();
        return;
      }
    } catch {
      // Without a network there is nothing to show: the next look may have one.
    }
    setTimeout(look, outcome.dataset.state === "waited" ? 700 : 5000);
  };
  setTimeout(look, 400);
}

// Says when a time is held no longer.
const held = document.querySelector("[data-held-for]");
if (held) {
  setTimeout(() => {
    held.textContent = held.dataset.over;
  }, Number(held.dataset.heldFor) * 1000);
}

// A form is sent once, however often its button is pressed; again after a while, since sending may have
// been broken off.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

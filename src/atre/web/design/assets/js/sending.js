// A form is sent once: the button says so and waits. The server recognises a repeated send anyway.
const SENDING = "Envoi…";
// After this long the answer is probably a file or a lost network: let the person try again.
const RELEASE_AFTER_MS = 20000;

function block(form, submitter) {
  form.dataset.sending = "";
  const button = submitter ?? form.querySelector('[type="submit"]');
  if (!button) return;
  const label = button.querySelector("span:not(.visually-hidden)") ?? button;
  button.dataset.label = label.textContent;
  label.textContent = SENDING;
  // Disabled only after the browser has read the form, or the button's own value would be lost.
  setTimeout(() => { button.disabled = true; }, 0);
  setTimeout(() => release(form), RELEASE_AFTER_MS);
}

function release(form) {
  delete form.dataset.sending;
  for (const button of form.ownerDocument.querySelectorAll("[data-label]")) {
    if (button.form !== form) continue;
    const label = button.querySelector("span:not(.visually-hidden)") ?? button;
    label.textContent = button.dataset.label;
    delete button.dataset.label;
    button.disabled = false;
  }
}

export function watchSending(document) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-allow-resend")) return;
    if ("sending" in form.dataset) {
      event.preventDefault();
      return;
    }
    // Another listener may still refuse the send.
    setTimeout(() => { if (!event.defaultPrevented) block(form, event.submitter); }, 0);
  });
  // Coming back with the browser's arrow shows the page as it was left: blocked.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(release);
  });
}

// <details data-confirm> opens in place without script; with it, the same form opens in a dialog.
export function attachConfirmations(root) {
  for (const details of root.querySelectorAll("details[data-confirm]")) {
    if (details.dataset.ready) continue;
    details.dataset.ready = "yes";
    const summary = details.querySelector("summary");
    const panel = details.querySelector("[data-confirm-panel]");
    const cancel = panel.querySelector("[data-confirm-cancel]");
    const title = panel.querySelector("h2");
    const dialog = document.createElement("dialog");
    dialog.className = "confirm-dialog";
    title.id ||= `confirm-${Math.random().toString(36).slice(2)}`;
    dialog.setAttribute("aria-labelledby", title.id);
    cancel.hidden = false;
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => summary.focus());
    summary.setAttribute("role", "button");
    summary.setAttribute("aria-haspopup", "dialog");
    summary.addEventListener("click", (event) => {
      event.preventDefault();
      if (!dialog.isConnected) {
        dialog.append(panel);
        details.after(dialog);
      }
      dialog.showModal();
    });
  }
}

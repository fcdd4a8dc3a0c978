// <form data-warn-unsaved>: leaving with unsent changes asks first.
export function warnUnsaved(root) {
  for (const form of root.querySelectorAll("form[data-warn-unsaved]")) {
    let dirty = false;
    form.addEventListener("input", () => { dirty = true; });
    form.addEventListener("submit", () => { dirty = false; });
    window.addEventListener("beforeunload", (event) => {
      if (dirty && form.isConnected) event.preventDefault();
    });
  }
}

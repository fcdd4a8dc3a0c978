// <form data-keep="key">: what was typed survives a reload or a lost network, for this tab only.
// Opt-in for staff forms: a public computer must not keep a household's answers.
const PREFIX = "atre-keep:";
const SKIPPED = new Set(["hidden", "password", "file", "submit", "button"]);

function fields(form) {
  return [...form.elements].filter((element) => element.name && !SKIPPED.has(element.type));
}

function read(form) {
  return fields(form).map((element) => [
    element.name,
    element.value,
    element.type === "checkbox" || element.type === "radio" ? element.checked : null,
  ]);
}

function restore(form, saved) {
  const elements = fields(form);
  if (saved.length !== elements.length) return false;
  let changed = false;
  saved.forEach(([name, value, checked], index) => {
    const element = elements[index];
    if (element.name !== name) return;
    if (checked !== null) {
      changed ||= element.checked !== checked;
      element.checked = checked;
    } else if (element.value !== value) {
      changed = true;
      element.value = value;
    }
  });
  return changed;
}

function announce(form, key) {
  const notice = document.createElement("div");
  notice.className = "notice notice-info";
  notice.setAttribute("role", "status");
  const body = document.createElement("div");
  body.className = "notice-body";
  body.textContent = "Nous avons retrouvé ce que vous aviez commencé à écrire. ";
  const forget = document.createElement("button");
  forget.type = "button";
  forget.className = "btn btn-quiet";
  forget.textContent = "Effacer et repartir de la fiche";
  forget.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    form.reset();
    notice.remove();
  });
  body.append(forget);
  notice.append(body);
  form.prepend(notice);
}

export function keepTyped(root) {
  for (const form of root.querySelectorAll("form[data-keep]")) {
    const key = PREFIX + form.dataset.keep;
    const saved = sessionStorage.getItem(key);
    // A page that comes back with errors already holds what was typed.
    const refused = form.querySelector("[data-error-summary]");
    if (saved && !refused && restore(form, JSON.parse(saved))) announce(form, key);
    form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify(read(form))));
  }
  // The page after a successful save names what may be forgotten.
  for (const done of root.querySelectorAll("[data-keep-done]")) {
    sessionStorage.removeItem(PREFIX + done.dataset.keepDone);
  }
}

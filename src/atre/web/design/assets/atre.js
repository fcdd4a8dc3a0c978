// Everything here makes a page more comfortable; no page needs it to work.
import "./js/htmx.js";
import { watchSending } from "./js/sending.js";
import { warnUnsaved } from "./js/unsaved.js";
import { keepTyped } from "./js/keep.js";
import { focusErrors } from "./js/errors.js";
import { attachCommunePickers } from "./js/commune-picker.js";
import { attachConfirmations } from "./js/confirm.js";
import { closeMenus } from "./js/menus.js";

watchSending(document);
closeMenus(document);

function attach(root) {
  warnUnsaved(root);
  keepTyped(root);
  attachCommunePickers(root);
  attachConfirmations(root);
}

attach(document);
focusErrors(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) attach(event.detail.elt);
});

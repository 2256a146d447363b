// The file that goes along with what is written: which one, whether it is too large, how far it is on its way.

import { data } from "./wire.js";
import { toast } from "./toast.js";

const input = document.getElementById("file");
const told = document.getElementById("attached");
const uploaded = document.getElementById("uploaded");

/** The file, or null; there may be no way to attach one here. */
export const chosen = () => input?.files[0] ?? null;

export function clear() {
  if (!input) return;
  input.value = "";
  show();
}

/** In per cent; null when nothing is on its way. */
export function progress(percent) {
  if (!input) return;
  uploaded.hidden = percent === null;
  uploaded.value = percent ?? 0;
}

function show() {
  const file = chosen();
  told.hidden = !file;
  told.querySelector(".attached-name").textContent = file?.name ?? "";
  input.closest(".attach").classList.toggle("has-file", Boolean(file));
}

function changed() {
  const file = chosen();
  if (file && file.size > Number(input.dataset.limit)) {
    clear();
    toast(data.words.file_too_big, { stays: true });
  } else show();
  document.getElementById("say").focus();
}

input?.addEventListener("change", changed);
document.getElementById("attach-not")?.addEventListener("click", () => {
  clear();
  input.focus();
});
if (input) show();

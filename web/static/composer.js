// Saying something: Enter sends, but never in the middle of composing a Chinese word; what could not be sent is not lost.

import { ask, data, freshKey, upload } from "./wire.js";
import { refreshSoon } from "./around.js";
import { toEnd } from "./talk.js";
import { toast } from "./toast.js";
import * as attaching from "./attaching.js";
import * as names from "./names.js";
import * as photos from "./photos.js";
import * as reflecting from "./reflecting.js";

const form = document.getElementById("composer");
const box = document.getElementById("say");
const send = document.getElementById("send");
const count = document.getElementById("count");
const answering = document.getElementById("answering");
const replyTo = document.getElementById("reply-to");
const draft = `draft ${data.me} ${data.chat}`;
const limit = Number(box.dataset.limit);
/** Of a posting that failed: sent again unchanged, it is the same message. */
let failed = { text: "", files: [], key: "" };

const same = (one, other) => one.length === other.length && one.every((file, n) => file === other[n]);

async function say(text, { typed }) {
  const file = typed ? attaching.chosen() : null;
  const shots = typed ? photos.files() : [];
  const files = [...shots, ...(file ? [file] : [])];
  const lead = typed ? reflecting.lead() : "";
  const key = failed.text === text && failed.lead === lead && same(failed.files, files) ? failed.key : freshKey();
  const body = { text, lead, key, mentions: typed ? names.called(text) : [], reply_to: typed ? replyTo.value : "" };
  send.disabled = true;
  try {
    const path = form.getAttribute("action");
    const answer = files.length ? await upload(path, body, files, progress) : await ask(path, body);
    failed = { text: "", files: [], key: "" };
    toast(answer.toast);
    if (typed) clear(text, file, shots);
    toEnd();
    refreshSoon();
  } catch (trouble) {
    failed = { text, lead, files, key };
    toast(trouble.message, { stays: true });
  } finally {
    send.disabled = false;
    attaching.progress(null);
    photos.progress(null);
  }
}

function progress(loaded, total) {
  attaching.progress(Math.round((loaded / total) * 100));
  photos.progress(loaded);
}

/** Only what was sent is taken away: somebody may have gone on writing. */
function clear(sent, file, shots) {
  photos.clear(shots);
  reflecting.end();
  if (box.value.trim() === sent) box.value = "";
  if (attaching.chosen() === file) attaching.clear();
  names.forget();
  answer(null);
  grow();
}

function answer(message) {
  replyTo.value = message ? message.dataset.id : "";
  answering.hidden = !message;
  if (!message) return;
  const name = message.querySelector(".who bdi").textContent;
  const text = message.querySelector(".title, .text")?.textContent ?? "";
  answering.firstElementChild.textContent = `${data.words.answering} ${name}: ${text}`;
  box.focus();
}

function grow() {
  if (!CSS.supports("field-sizing", "content")) {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }
  const length = [...box.value].length;
  count.textContent = length > limit * 0.8 ? `${length}/${limit}` : "";
  count.classList.toggle("over", length > limit);
  try {
    sessionStorage.setItem(draft, box.value);
  } catch {
    // a browser that keeps nothing still sends
  }
}

function typedKey(event) {
  if (event.isComposing || event.keyCode === 229) return; // 229: Safari ends a composition one key late
  if (names.takesKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit(send);
  }
}

function submitted(event) {
  event.preventDefault();
  const chip = event.submitter?.closest(".chip");
  if (!chip) {
    const text = box.value.trim();
    if ((text || attaching.chosen() || photos.files().length) && !send.disabled) say(text, { typed: true });
    else box.focus();
  } else if (chip.id === "reflect") {
    reflecting.begin();
  } else if ("starts" in chip.dataset) {
    box.value = `${chip.value} ${box.value}`;
    box.focus();
    grow();
  } else say(chip.value, { typed: false });
}

/** The buttons under a message. (A form that has a field named action hides its own `action` behind it.) */
async function pressed(event) {
  const keys = event.target.closest("form.keys");
  if (!keys) return;
  event.preventDefault();
  const button = event.submitter;
  button.disabled = true;
  try {
    const body = { action: button.value, message: keys.elements.message.value, key: freshKey() };
    toast((await ask(keys.getAttribute("action"), body)).toast);
    refreshSoon();
  } catch (trouble) {
    toast(trouble.message, { stays: true });
  } finally {
    button.disabled = false;
  }
}

form.addEventListener("submit", submitted);
box.addEventListener("keydown", typedKey);
box.addEventListener("input", grow);
document.addEventListener("submit", pressed);
document.getElementById("answer-not").addEventListener("click", () => answer(null));
document.getElementById("messages").addEventListener("click", (event) => {
  const asked = event.target.closest(".answer");
  if (asked) answer(asked.closest(".m"));
});
box.value = box.value || sessionStorage.getItem(draft) || "";
grow();

// Photos and films that go along with what is written: chosen or taken, several at once, looked at and left out before they are sent.

import { data } from "./wire.js";
import { toast } from "./toast.js";

const list = document.getElementById("previews");
const camera = document.getElementById("camera");
const album = document.getElementById("photos");
const PREVIEW = 160;
let chosen = [];

/** Those that will be sent, in their order. */
export const files = () => chosen.map((one) => one.file);

/** Only what was sent is taken away: somebody may have chosen more meanwhile. */
export function clear(sent) {
  chosen = chosen.filter((one) => !sent.includes(one.file));
  show();
}

/** `loaded` of the bytes are on their way, of all files one after the other; null when nothing is any more. */
export function progress(loaded) {
  let before = 0;
  for (const one of chosen) {
    const bar = one.element.querySelector("progress");
    bar.hidden = loaded === null;
    bar.value = loaded === null ? 0 : Math.min(Math.max((loaded - before) / one.file.size, 0), 1);
    before += one.file.size;
  }
}

const numbered = (words, place) => words.replace("{n}", place);

function add(event) {
  const input = event.target;
  for (const file of input.files) {
    const wrong = fault(file);
    if (wrong) {
      toast(wrong, { stays: true });
      break;
    }
    chosen.push({ file, element: preview(file) });
  }
  input.value = ""; // the same photo may be chosen once more
  camera.open = false;
  show();
  document.getElementById("say").focus();
}

function fault(file) {
  if (file.size > Number(album.dataset.limit)) return data.words.photo_too_big;
  if (chosen.length >= Number(album.dataset.most)) return data.words.too_many_photos;
  const bytes = chosen.reduce((sum, one) => sum + one.file.size, file.size);
  return bytes > Number(album.dataset.total) ? data.words.photos_too_big : "";
}

function preview(file) {
  const element = document.createElement("li");
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = PREVIEW;
  const name = document.createElement("span");
  name.className = "preview-name";
  name.textContent = file.name;
  const leave = document.createElement("button");
  leave.type = "button";
  leave.textContent = "✕";
  leave.addEventListener("click", () => leaveOut(file));
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.hidden = true;
  element.append(canvas, name, leave, bar);
  draw(file, canvas, element);
  return element;
}

/** Drawn small, so that nine large photos do not fill the memory of a small telephone. What the browser cannot read keeps its name. */
async function draw(file, canvas, element) {
  try {
    const picture = await createImageBitmap(file);
    const scale = PREVIEW / Math.min(picture.width, picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    canvas.getContext("2d").drawImage(picture, (PREVIEW - width) / 2, (PREVIEW - height) / 2, width, height);
    picture.close();
    element.classList.add("drawn");
  } catch {
    // a film, or a photo of another make: it is sent all the same
  }
}

function leaveOut(file) {
  const place = chosen.findIndex((one) => one.file === file);
  chosen.splice(place, 1);
  show();
  const next = chosen[Math.min(place, chosen.length - 1)];
  (next ? next.element.querySelector("button") : camera.querySelector("summary")).focus();
}

function show() {
  if (!list) return;
  list.hidden = !chosen.length;
  list.replaceChildren(...chosen.map((one) => one.element));
  chosen.forEach((one, n) => {
    one.element.setAttribute("aria-label", numbered(data.words.photo, n + 1));
    one.element.querySelector("button").setAttribute("aria-label", numbered(data.words.photo_not, n + 1));
    one.element.querySelector("progress").setAttribute("aria-label", numbered(data.words.photo_on_its_way, n + 1));
  });
  document.dispatchEvent(new Event("photos"));
}

function pasted(event) {
  const taken = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
  if (!taken.length || !album) return;
  event.preventDefault();
  const carried = new DataTransfer();
  taken.forEach((file) => carried.items.add(file));
  album.files = carried.files;
  album.dispatchEvent(new Event("change"));
}

album?.addEventListener("change", add);
document.getElementById("taken")?.addEventListener("change", add);
document.getElementById("say").addEventListener("paste", pasted);
document.addEventListener("click", (event) => {
  if (camera?.open && !camera.contains(event.target)) camera.open = false;
});
// Where there is no camera to take one with, there is nothing to choose between.
camera?.querySelector("summary").addEventListener("click", (event) => {
  if (!matchMedia("(hover: hover) and (pointer: fine)").matches) return;
  event.preventDefault();
  album.click();
});
camera?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !camera.open) return;
  camera.open = false;
  camera.querySelector("summary").focus();
});

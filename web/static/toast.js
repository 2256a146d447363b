// A short word above the composer. Errors stay until the next word; the rest goes by itself.

const box = document.getElementById("toast");
const SECONDS = 6;
let timer;

export function toast(text, { stays = false } = {}) {
  clearTimeout(timer);
  box.textContent = text;
  box.hidden = !text;
  box.classList.toggle("stays", stays);
  if (text && !stays) timer = setTimeout(() => toast(""), SECONDS * 1000);
}

box.addEventListener("click", () => toast(""));
if (!box.hidden) toast(box.textContent);

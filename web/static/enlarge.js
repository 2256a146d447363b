// A photo of the talk, large: over the page, with the others of its message beside it.

const dialog = document.getElementById("enlarged");
const image = dialog.querySelector("img");
const back = document.getElementById("turn-back");
const on = document.getElementById("turn-on");
let photos = [];
let place = 0;

function show(at) {
  place = at;
  const shown = photos[place];
  image.src = shown.href;
  image.alt = shown.querySelector("img").alt;
  back.disabled = place === 0;
  on.disabled = place === photos.length - 1;
  back.hidden = on.hidden = photos.length === 1;
}

const turn = (by) => photos[place + by] && show(place + by);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.photo");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  photos = [...link.closest(".photos").querySelectorAll("a.photo")];
  show(photos.indexOf(link));
  dialog.showModal();
});
back.addEventListener("click", () => turn(-1));
on.addEventListener("click", () => turn(1));
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") turn(-1);
  if (event.key === "ArrowRight") turn(1);
});
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
dialog.addEventListener("close", () => photos[place]?.focus());

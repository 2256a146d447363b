// What the page was given to begin with, and the one way in which it asks the server for anything.

export const data = JSON.parse(document.getElementById("data").textContent);

/** An id nobody else makes; it lets a repeated posting be recognised. (randomUUID is missing where there is no https.) */
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The JSON that comes back. Throws an Error whose message can be shown; `kept` on it: the same call may be made again. */
export async function ask(path, body) {
  // Answers come in the language of the page, whatever the browser's own is.
  const headers = { accept: "application/json", "accept-language": document.documentElement.lang };
  const options = { headers, credentials: "same-origin" };
  if (body !== undefined) {
    options.method = "POST";
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error(data.words.not_sent);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || data.words.not_sent);
  return answer;
}

/** The same with files, sent as a form; `progress` is told how many bytes of how many are on their way. (fetch cannot tell of it.) */
export function upload(path, body, files, progress) {
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) form.append(name, typeof value === "string" ? value : JSON.stringify(value));
  for (const file of files) form.append("file", file);
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const fail = (text) => reject(new Error(text || data.words.not_sent));
    call.open("POST", path);
    call.responseType = "json";
    call.setRequestHeader("accept", "application/json");
    call.setRequestHeader("accept-language", document.documentElement.lang);
    call.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded, event.total));
    call.addEventListener("load", () => (call.status < 300 ? resolve(call.response ?? {}) : fail(call.response?.error)));
    call.addEventListener("error", () => fail());
    call.addEventListener("abort", () => fail());
    call.send(form);
  });
}

/** Elements of a piece of page that the server made (and escaped). */
export function elements(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children];
}

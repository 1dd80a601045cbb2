// What htmx leaves to do: waiting, failing, keys, the focus, copying. Everything works without.
const byId = (id) => document.getElementById(id);
const announce = (words) => byId("announcement")?.replaceChildren(words);
const copyOf = (id) => byId(id).content.firstElementChild.cloneNode(true);
const WRONG = "#question[aria-invalid], .choices [aria-invalid]";
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const remembered = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};

const remember = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser may keep nothing; then it holds until the page is left.
  }
};

// Asking.

function wait(question) {
  const error = document.querySelector("#ask .error");
  if (error?.contains(document.activeElement)) byId("question").focus();
  error?.remove();
  const turn = copyOf("waiting");
  turn.querySelector("h2").textContent = question;
  byId("ask").prepend(turn);
  announce(turn.lastElementChild.textContent);
}

function fail(form, sentence) {
  const error = copyOf("failed");
  const rates = form.matches(".feedback");
  const said = sentence || (rates && "Your feedback did not get through; try again.");
  if (said) error.firstElementChild.textContent = said;
  if (rates) {
    error.lastElementChild.remove();
    form.querySelector(".error")?.remove();
    form.append(error);
    return;
  }
  document.querySelector(".waiting").remove();
  const box = byId("question");
  box.value = form.elements.question.value;
  document.querySelector("#ask .row").before(error);
  box.focus();
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const question = detail.target.id === "turns" && detail.requestConfig.parameters.question.trim();
  if (question) wait(question);
});

// Of what came to nothing, htmx would swap in the sentence, or nothing at all.
const canFail = ({ elt }) => elt.matches("#ask, .examples form, .asked-how form, .feedback");

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status < 400 || !canFail(detail.requestConfig)) return;
  detail.shouldSwap = false;
  const said = new DOMParser().parseFromString(detail.xhr.response, "text/html");
  fail(detail.requestConfig.elt, said.body.textContent.trim());
});

for (const name of ["htmx:sendError", "htmx:sendAbort", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    if (canFail(detail.requestConfig)) fail(detail.requestConfig.elt);
  });
}

document.addEventListener("input", ({ target }) => {
  if (target.id !== "question") return;
  byId("question-error")?.remove();
  target.removeAttribute("aria-invalid");
  const count = byId("question-count");
  const left = target.dataset.most - [...target.value].length;
  if ([50, 20, 0].includes(left)) announce(`${left} characters left.`);
  else if (left < 0 && !count.matches(".over")) announce(`${-left} characters too many.`);
  count.classList.toggle("over", left < 0);
  count.textContent = left < 0 ? `${-left} too many` : left <= 100 ? `${left} left` : "";
  if (CSS.supports("field-sizing", "content")) return;
  target.rows = 1;
  while (target.scrollHeight > target.clientHeight && target.rows < 6) target.rows += 1;
});

// Keys.

const slashIsOff = () => remembered("slash") === "off";
document.documentElement.classList.toggle("no-slash", slashIsOff());
if (byId("slash")) byId("slash").checked = !slashIsOff();

document.addEventListener("change", ({ target }) => {
  if (target.id === "slash") remember("slash", target.checked ? "on" : "off");
});

document.addEventListener("keydown", (event) => {
  const box = byId("question");
  if (!box || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === box && event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    box.form.requestSubmit();
  } else if (event.key === "/" && !event.target.closest("input, textarea") && !slashIsOff()) {
    event.preventDefault();
    box.focus();
  }
});

// Where the focus goes.

document.addEventListener("htmx:afterSwap", (event) => {
  // htmx tells of every element that it has put in, those outside the turns too.
  const turn = event.target.id === "turns" && event.target.lastElementChild;
  if (!turn || !event.detail.successful || document.querySelector(WRONG)) return;
  const heading = turn.querySelector("h2");
  if (heading) {
    heading.focus({ preventScroll: true });
    turn.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const wrong = document.querySelector(WRONG);
  const thanks = event.target.matches(".feedback") && event.target.querySelector("[role=status]");
  (wrong || thanks || null)?.focus();
});

// Copying: what an address leads to, or the address. A link says for a moment what became of it.

const saying = new WeakMap();

function say(link, words) {
  const { own, timer } = saying.get(link) ?? { own: link.textContent };
  clearTimeout(timer);
  link.textContent = words;
  saying.set(link, { own, timer: setTimeout(() => link.replaceChildren(own), 2000) });
}

async function wordsAt(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy], a[data-link]");
  if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { copy, link: address } = link.dataset;
  let words = link.href;
  try {
    if (copy) words = await wordsAt(words);
  } catch {
    say(link, "Copying failed");
    announce("Copying failed; try again.");
    return;
  }
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    location.assign(link.href);
    return;
  }
  say(link, copy ? "Copied" : "Link copied");
  announce(copy ?? address);
});

// Reading: quotes alone, here and in the next answers; what a link leads to is unfolded.

function showAlone(root) {
  const alone = remembered("alone") === "yes";
  for (const box of root.querySelectorAll(".quotes-alone")) box.checked = alone;
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches(".quotes-alone")) return;
  remember("alone", target.checked ? "yes" : "no");
  showAlone(document);
});
document.addEventListener("htmx:load", ({ target }) => showAlone(target));
showAlone(document);

addEventListener("hashchange", () => {
  const fold = byId(location.hash.slice(1))?.closest("details:not([open])");
  if (!fold) return;
  fold.open = true;
  byId(location.hash.slice(1)).scrollIntoView();
});

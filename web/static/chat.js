// What htmx leaves to do: where the focus goes, and copying an answer. Everything works without.
document.addEventListener("htmx:afterSwap", (event) => {
  // htmx tells of every element that it has put in, those outside the turns too.
  const turn = event.target.id === "turns" && event.target.lastElementChild;
  if (!turn || !event.detail.successful || document.querySelector("#question[aria-invalid]")) return;
  const heading = turn.querySelector("h2");
  if (heading) {
    heading.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    turn.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const wrong = document.querySelector("#question[aria-invalid]");
  const thanks = event.target.matches(".feedback") && event.target.querySelector("[role=status]");
  (wrong || thanks || null)?.focus();
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  const response = await fetch(link.href);
  await navigator.clipboard.writeText(await response.text());
  link.textContent = "Copied";
  document.getElementById("announcement")?.replaceChildren("The answer is copied.");
});

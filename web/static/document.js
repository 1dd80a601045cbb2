// The table of contents follows the reading position. Without this it is a plain list.
const contents = document.querySelector(".contents");
if (contents) {
  const wide = matchMedia("(min-width: 70rem)");
  const links = new Map(
    [...contents.querySelectorAll("a")].map((link) => [document.querySelector(link.hash), link]),
  );
  const passed = new Set();
  // A heading is passed when it has come into the top fifth of the window, or above it.
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        passed[isIntersecting ? "add" : "delete"](target);
      }
      const here = [...links.keys()].findLast((heading) => passed.has(heading));
      for (const [heading, link] of links) {
        if (heading === here) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
      const link = links.get(here);
      if (link && wide.matches) {
        contents.scrollTop = link.offsetTop - contents.clientHeight / 2;
      }
    },
    { rootMargin: "1000000px 0px -80% 0px" },
  );
  for (const heading of links.keys()) observer.observe(heading);

  const unfold = () => {
    contents.open = wide.matches;
  };
  wide.addEventListener("change", unfold);
  unfold();
}

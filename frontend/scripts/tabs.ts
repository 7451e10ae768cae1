// Sections under a list of links become tabs, with the keys of the ARIA Authoring Practices; without a script they
// stand one under another and the links lead to them.
export function startTabs(scope: ParentNode): void {
  for (const box of scope.querySelectorAll<HTMLElement>("[data-tabs]:not([data-started])")) {
    box.dataset.started = "";
    start(box);
  }
}

function start(box: HTMLElement): void {
  const links = [...box.querySelectorAll<HTMLAnchorElement>(".shaar-tabs__list a")];
  const panels = links.map((link) => box.querySelector<HTMLElement>(link.hash));
  const choose = (chosen: number, hasFocus: boolean): void => {
    links.forEach((link, index) => {
      const isChosen = index === chosen;
      link.setAttribute("aria-selected", String(isChosen));
      link.tabIndex = isChosen ? 0 : -1;
      const panel = panels[index];
      if (panel) panel.hidden = !isChosen;
    });
    if (hasFocus) links[chosen]?.focus();
  };
  box.querySelector(".shaar-tabs__list")?.setAttribute("role", "tablist");
  links.forEach((link, index) => {
    link.parentElement?.setAttribute("role", "presentation");
    link.setAttribute("role", "tab");
    link.id = `tab-${link.hash.slice(1)}`;
    link.setAttribute("aria-controls", link.hash.slice(1));
    panels[index]?.setAttribute("role", "tabpanel");
    panels[index]?.setAttribute("aria-labelledby", link.id);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(index, false);
      history.replaceState(null, "", link.hash);
    });
    link.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        event.preventDefault();
        choose((index + step + links.length) % links.length, true);
      }
    });
  });
  choose(Math.max(links.findIndex((link) => link.hash === location.hash), 0), false);
}

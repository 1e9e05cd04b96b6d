(() => {
  const bar = document.getElementById("filter");
  if (bar) {
    const [text, severity, rule, status, said] = ["search", "severity", "rule", "status", "said"]
      .map((id) => document.getElementById(id));
    const findings = [...document.querySelectorAll(".finding")].map((node) => ({
      node, text: node.textContent.toLowerCase(), severity: node.dataset.severity, rule: node.dataset.code,
      known: node.dataset.status === "known",
    }));
    const groups = [...document.querySelectorAll(".rule")].map((node) => ({
      node, said: node.querySelector(".count"), all: node.querySelector(".count").textContent,
      findings: [...node.querySelectorAll(".finding")],
    }));
    const show = () => {
      const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const finding of findings) {
        const fits = (!severity.value || finding.severity === severity.value)
          && (!rule.value || finding.rule === rule.value)
          && (!status?.value || finding.known === (status.value === "known"))
          && words.every((word) => finding.text.includes(word));
        finding.node.hidden = !fits;
        shown += fits;
      }
      for (const { node, said: counted, all, findings: own } of groups) {
        const left = own.filter((finding) => !finding.hidden).length;
        node.hidden = !left;
        counted.textContent = left === own.length ? all : `${left} of ${all}`;
      }
      const narrow = shown < findings.length;
      for (const more of document.querySelectorAll(".more")) {
        const left = more.querySelectorAll(".finding:not([hidden])").length;
        more.hidden = !left;
        more.open = narrow ? left > 0 : more.open && !more.dataset.opened;
        if (narrow) more.dataset.opened = "1"; else delete more.dataset.opened;
      }
      said.textContent = shown === findings.length ? `All ${shown} shown` : `${shown} of ${findings.length} shown`;
    };
    for (const input of [text, severity, rule, status]) input?.addEventListener("input", show);
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !/^(INPUT|SELECT)$/.test(document.activeElement.tagName)) {
        event.preventDefault();
        text.focus();
      } else if (event.key === "Escape" && document.activeElement === text) {
        text.value = "";
        show();
      }
    });
    bar.hidden = false;
    show();
  }
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details.more:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of closed) part.open = false; });
})();


// Enter on a command sends it, as in Discord; simcord would add the first of its options. Arrows choose one.
{
  let chooses = false;
  document.addEventListener("keydown", (event) => {
    const onCommand = event.target instanceof Element && event.target.matches(".command-chip");
    if (event.key === "Enter" && onCommand && !chooses)
      event.target.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    chooses = onCommand && event.key.startsWith("Arrow");
  }, true);
}

// The browser tells its console why a passkey could not be made or shown. Here it is told to whoever pressed the button.
const faults = document.getElementById("passkey-faults");
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const name = event.detail.exception.name;
  const told = [...faults.children];
  const fit = told.find((one) => one.dataset.of.split(" ").includes(name)) || told[told.length - 1];
  for (const one of told) one.hidden = one !== fit;
});

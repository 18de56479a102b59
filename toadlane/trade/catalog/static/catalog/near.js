// "Near me" needs a browser that knows where it is. Without it the field for coordinates is still there.
const button = document.querySelector("[data-near]");
if (button && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const form = button.form || button.closest("form");
        form.elements.near.value = `${coords.latitude.toFixed(3)}, ${coords.longitude.toFixed(3)}`;
        if (!form.elements.km.value) form.elements.km.value = "10";
        form.elements.sort.value = "distance";
        form.requestSubmit();
      },
      () => button.removeAttribute("aria-busy"),
      { timeout: 8000, maximumAge: 600000 },
    );
  });
}

// Copies the page's address. The clipboard API needs https or localhost; elsewhere the address is shown to be copied by hand.
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const field = parentElement.querySelector("input");
  button.textContent = data.label;
  field.setAttribute("aria-label", data.label);
  field.value = window.location.href;
  button.onclick = async () => {
    field.value = window.location.href;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = data.done;
    } catch {
      field.focus();
    }
  };
}

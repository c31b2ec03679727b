// Draws a figure in the reader's browser and saves it as an image: the server needs no browser of its own.
// Plotly comes from this server, on the first use only.
let loading;

function plotly(url) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => { loading = undefined; reject(new Error("plotly.min.js")); };
    document.head.append(script);
  });
  return loading;
}

function save(url, name) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

async function draw(data, format) {
  const Plotly = await plotly(data.plotly);
  const { width, height } = data.figure.layout;
  return Plotly.toImage(data.figure, { format, width, height, scale: format === "png" ? 2 : 1 });
}

export default function ({ data, parentElement }) {
  const status = parentElement.querySelector("[role=status]");
  for (const format of ["png", "svg"]) {
    const button = parentElement.querySelector(`button[data-format=${format}]`);
    button.onclick = async () => {
      button.disabled = true;
      status.textContent = data.working;
      try {
        save(await draw(data, format), `${data.name}.${format}`);
        status.textContent = "";
      } catch (error) {
        status.textContent = `${data.failed} (${error.message})`;
      }
      button.disabled = false;
    };
  }
}

// What is simulated: which robot, from which file, in which steps.
import { $ } from './ui.js';

/** Returns the files in a folder that was dropped, or the file. */
async function walk(entry) {
  if (entry.isFile) return [{ path: entry.fullPath, file: await new Promise((done, failed) => entry.file(done, failed)) }];
  const reader = entry.createReader();
  const all = [];
  for (;;) { // it returns some at a time
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return all.flat();
    all.push(...(await Promise.all(some.map(walk))));
  }
}

/** Connects the panel to a simulation that offers robots, [{name, summary}], and begins with the first of them. */
export function setup(link, robots) {
  const robot = $('#robot');
  $('#choice').hidden = robots.length === 0;
  robot.replaceChildren(...robots.map((r) => new Option(r.name, r.name)));
  const choose = () => {
    robot.title = robots.find((r) => r.name === robot.value).summary;
    link.send({ open: { name: robot.value } });
  };
  robot.addEventListener('change', () => {
    choose();
    robot.blur(); // keys are for the simulation again
  });
  if (robots.length > 0) {
    const wanted = decodeURIComponent(location.hash.slice(1)); // page.html#ant begins with the ant
    if (robots.some((r) => r.name === wanted)) robot.value = wanted;
    choose();
  }

  const load = async (list) => {
    const of = (kinds) => list.filter(({ path }) => kinds.some((k) => path.toLowerCase().endsWith(k)));
    const main = of(['.urdf', '.mjcf', '.xml'])[0] ?? list[0];
    if (!main) return;
    await link.give(of(['.stl', '.obj', '.dae']));
    link.send({ open: { name: main.path.replace(/^\//, ''), text: await main.file.text() } });
    robot.selectedIndex = -1; // none of those
  };
  $('#file').addEventListener('change', (e) => load([...e.target.files].map((file) => ({ path: file.name, file }))));
  addEventListener('dragover', (e) => e.preventDefault());
  addEventListener('drop', async (e) => {
    e.preventDefault();
    const entries = [...e.dataTransfer.items].map((i) => i.webkitGetAsEntry?.()).filter(Boolean); // at once: they are gone later
    const files = [...e.dataTransfer.files].map((file) => ({ path: file.name, file }));
    load(entries.some((d) => d.isDirectory) ? (await Promise.all(entries.map(walk))).flat() : files);
  });

  $('#reload').hidden = robots.length > 0; // the zoo does not change
  $('#reload').addEventListener('click', () => link.send({ open: { name: '' } }));

  for (const name of ['gravity', 'friction', 'contact']) {
    $(`#${name}`).addEventListener('change', (e) => link.send({ switch: { [name]: e.target.checked } }));
  }

  $('#timestep').addEventListener('change', (e) => {
    link.send({ set: { timestep: +e.target.value } });
    e.target.blur();
  });
}

/** Shows what the simulation says of itself. */
export function showSetup(now) {
  if (document.activeElement !== $('#kappa')) $('#kappa').value = String(Math.log10(now.kappa));
  $('#kappaText').value = now.kappa.toExponential(1);
  for (const name of ['gravity', 'friction', 'contact']) $(`#${name}`).checked = now[name];
  const step = $('#timestep');
  if (document.activeElement === step) return;
  const h = +now.timestep.toPrecision(6); // it came in 32 bits
  if (+step.value === h) return;
  if (![...step.options].some((o) => +o.value === h)) step.add(new Option(`${+(1e3 * h).toPrecision(3)} ms`, h));
  step.value = String(h);
}

// What is simulated: which robot, from which file, in which steps.
import { $ } from './ui.js';

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

  const load = async (file) => {
    if (!file) return;
    link.send({ open: { name: file.name, text: await file.text() } });
    robot.selectedIndex = -1; // none of those
  };
  $('#file').addEventListener('change', (e) => load(e.target.files[0]));
  addEventListener('dragover', (e) => e.preventDefault());
  addEventListener('drop', (e) => {
    e.preventDefault();
    load(e.dataTransfer.files[0]);
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

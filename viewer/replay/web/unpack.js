
(async () => {
  const say = (t) => { const m = document.getElementById('message'); m.textContent = t; m.hidden = false; };
  if (!window.DecompressionStream) return say('This browser is too old for this page: it lacks DecompressionStream (2023).');
  if (!document.createElement('canvas').getContext('webgl2')) return say('This page needs WebGL 2, which this browser does not offer here.');
  const b = Uint8Array.from(atob(document.getElementById('viewer').textContent.trim()), (c) => c.charCodeAt(0));
  const s = new Blob([b]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const e = document.createElement('script');
  e.textContent = await new Response(s).text(); // its hash is in the policy
  document.body.append(e);
})();

// The connection to a running simulation, and pulling bodies.
import { Plane, Vector3 } from 'three';

/**
 * The server sends rows of 32-bit floats: time, playing, speed reached, κ, failed, then the columns of a
 * track. The page sends JSON: {do: play|pause|step|reset}, {kappa}, {speed}, {grab: {body, local, target}},
 * {release: true}.
 */
export class Live {
  constructor(url, track, onRow, onClose) {
    this.socket = new WebSocket(url);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onmessage = (m) => {
      if (typeof m.data === 'string') {
        onRow(null, JSON.parse(m.data));
        return;
      }
      const [time, playing, speed, kappa, failed] = new Float32Array(m.data, 0, 5);
      track.push(time, new Float32Array(m.data, 20));
      onRow({ time, playing: playing > 0, speed, kappa, failed: failed > 0 });
    };
    this.socket.onclose = onClose;
  }

  send(command) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(command));
  }
}

/** Pulls the body under the mouse while Ctrl is held: a spring from the point that was hit to the mouse. */
export function pulling(stage, send) {
  const plane = new Plane();
  const at = new Vector3();
  let grab = null;
  const move = (e) => {
    const { ray } = stage.pick(e);
    if (!ray.intersectPlane(plane, at)) return;
    send({ grab: { ...grab, target: at.toArray() } });
    stage.hand = { ...grab, target: at.clone() };
    stage.dirty = true;
  };
  stage.canvas.addEventListener('pointerdown', (e) => {
    if (!e.ctrlKey) return;
    const { hit, body } = stage.pick(e);
    if (body < 0) return;
    e.stopImmediatePropagation();
    stage.controls.enabled = false;
    stage.select(body);
    grab = { body, local: stage.bodies[body].worldToLocal(hit.point.clone()).toArray() };
    plane.setFromNormalAndCoplanarPoint(stage.camera.getWorldDirection(at), hit.point);
    stage.canvas.setPointerCapture(e.pointerId);
    move(e);
  }, true);
  stage.canvas.addEventListener('pointermove', (e) => grab && move(e));
  const release = () => {
    if (!grab) return;
    grab = null;
    stage.hand = null;
    stage.dirty = true;
    stage.controls.enabled = true;
    send({ release: true });
  };
  stage.canvas.addEventListener('pointerup', release);
  stage.canvas.addEventListener('pointercancel', release);
}

// Geometry and materials of the parts of a model.
import {
  BoxGeometry, BufferAttribute, BufferGeometry, CapsuleGeometry, Color, CylinderGeometry, Group, Mesh,
  MeshStandardMaterial, SphereGeometry,
} from 'three';
import { toCreasedNormals } from 'three/examples/jsm/utils/BufferGeometryUtils.js';

// Colors that can be told apart, the same as in pictures.
export const palette = [0x4c8dd6, 0xf2a03d, 0x55b583, 0xdd5e5a, 0x9a7bd0, 0xe3c64c, 0x4fb9c9, 0xd987b5];

function geometry(part, meshes) {
  switch (part.kind) {
    case 'sphere':
      return new SphereGeometry(part.radius, 40, 24);
    case 'box':
      return new BoxGeometry(...part.half.map((h) => 2 * h));
    case 'capsule': // three's axis is y, ours z
      return new CapsuleGeometry(part.radius, 2 * part.length, 12, 32).rotateX(Math.PI / 2);
    case 'cylinder':
      return new CylinderGeometry(part.radius, part.radius, 2 * part.length, 48).rotateX(Math.PI / 2);
    case 'mesh': {
      const m = meshes[part.mesh];
      const xyz = new Float32Array(3 * m.x.length);
      for (let i = 0; i < m.x.length; i++) xyz.set([m.x[i], m.y[i], m.z[i]], 3 * i);
      const g = new BufferGeometry();
      g.setAttribute('position', new BufferAttribute(xyz, 3));
      g.setIndex(new BufferAttribute(m.index, 1));
      return toCreasedNormals(g, 0.6);
    }
  }
  throw new Error(`unknown kind of part: ${part.kind}`);
}

function material(part) {
  const m = new MeshStandardMaterial({ roughness: 0.62, metalness: 0.04 });
  if (part.color) {
    m.color = new Color().setRGB(part.color[0], part.color[1], part.color[2], 'srgb');
    if (part.color[3] < 1) Object.assign(m, { transparent: true, opacity: part.color[3], depthWrite: false });
  } else {
    m.color = new Color(palette[(part.body + palette.length) % palette.length]);
  }
  return m;
}

/** Returns the object of a part, in the frame of its body. */
export function makePart(part, meshes) {
  const mat = material(part);
  let object;
  if (part.kind === 'points') {
    object = new Group();
    const r = 0.03 * Math.max(...part.points.map((p) => Math.hypot(...p)));
    for (const p of part.points) {
      const ball = new Mesh(new SphereGeometry(r, 16, 12), mat);
      ball.position.set(...p);
      object.add(ball);
    }
  } else {
    object = new Mesh(geometry(part, meshes), mat);
    if (part.scale) object.scale.set(...part.scale);
  }
  object.traverse((o) => {
    o.castShadow = !mat.transparent;
    o.receiveShadow = true;
    o.userData.body = part.body;
  });
  object.position.set(...part.position);
  object.quaternion.set(part.rotation[1], part.rotation[2], part.rotation[3], part.rotation[0]);
  return object;
}

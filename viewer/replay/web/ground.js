// The ground and the sky.
import {
  BackSide, Color, Group, Mesh, PlaneGeometry, Quaternion, ShaderMaterial, ShadowMaterial, SphereGeometry, Vector3,
} from 'three';

const themes = {
  light: { horizon: 0xe3ebf3, zenith: 0x9db7d2, a: 0xc3ccd5, b: 0xaeb9c4, shadow: 0.34 },
  dark: { horizon: 0x2b323a, zenith: 0x11151a, a: 0x5b656f, b: 0x505963, shadow: 0.55 },
};

const uniforms = {
  horizon: { value: new Color() }, zenith: { value: new Color() }, a: { value: new Color() }, b: { value: new Color() },
  cell: { value: 0.5 }, reach: { value: 20 }, center: { value: new Vector3() },
};
const shadow = new ShadowMaterial({ polygonOffset: true, polygonOffsetFactor: -2, polygonOffsetUnits: -2 });

export function setTheme(name) {
  const t = themes[name];
  for (const k of ['horizon', 'zenith', 'a', 'b']) uniforms[k].value.set(t[k]);
  shadow.opacity = t.shadow;
}

/** Says how far one can see and what the camera looks at. */
export function setReach(reach, center) {
  uniforms.reach.value = reach;
  uniforms.center.value.copy(center);
}

// The checker is filtered by its integral over the pixel, so that it does not flicker far away.
const fragment = `
  uniform vec3 horizon, a, b, center; uniform float cell, reach;
  varying vec2 at; varying vec3 world;
  float stripes(float x, float w) {
    vec2 e = vec2(x - 0.5 * w, x + 0.5 * w);
    vec2 i = abs(fract(0.5 * e) - 0.5) * 2.0;
    return (i.y - i.x) / w;
  }
  void main() {
    vec2 p = at / cell, w = max(fwidth(p), 1e-4);
    float c = 0.5 - 0.5 * stripes(p.x, w.x) * stripes(p.y, w.y);
    float far = smoothstep(0.0, 1.0, length(world - center) / reach);
    gl_FragColor = vec4(mix(mix(a, b, c), horizon, far), 1.0);
    #include <colorspace_fragment>
  }`;

const vertex = `
  varying vec2 at; varying vec3 world;
  void main() {
    at = position.xy;
    vec4 w = modelMatrix * vec4(position, 1.0);
    world = w.xyz;
    gl_Position = projectionMatrix * viewMatrix * w;
  }`;

/** Returns the surface of the half-space normal·x ≤ offset; from below one sees through it. */
export function makeGround(half, cell, size) {
  uniforms.cell.value = cell;
  const n = new Vector3(...half.normal);
  const g = new Group();
  const plane = new PlaneGeometry(size, size);
  const checker = new Mesh(plane, new ShaderMaterial({ uniforms, vertexShader: vertex, fragmentShader: fragment }));
  const dim = new Mesh(plane, shadow);
  dim.receiveShadow = true;
  g.add(checker, dim);
  g.quaternion.copy(new Quaternion().setFromUnitVectors(new Vector3(0, 0, 1), n));
  g.position.copy(n).multiplyScalar(half.offset);
  return g;
}

export function makeSky() {
  const sky = new Mesh(new SphereGeometry(1, 32, 16), new ShaderMaterial({
    uniforms, side: BackSide, depthWrite: false, depthTest: false,
    vertexShader: `varying vec3 dir;
      void main() { dir = position; gl_Position = projectionMatrix * viewMatrix * vec4(position * 10.0 + cameraPosition, 1.0);
        gl_Position.z = gl_Position.w * 0.9999; }`,
    fragmentShader: `uniform vec3 horizon, zenith; varying vec3 dir;
      void main() { float h = normalize(dir).z;
        gl_FragColor = vec4(mix(horizon, zenith, h < 0.0 ? 0.0 : pow(h, 0.6)), 1.0);
        #include <colorspace_fragment>
      }`,
  }));
  sky.renderOrder = -1;
  sky.frustumCulled = false;
  return sky;
}

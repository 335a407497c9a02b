//go:build gl && cgo

package viewer

import (
	"fmt"
	"strings"

	"github.com/go-gl/gl/v3.3-core/gl"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// Positions are relative to the eye in all shaders; light is linear until the last line. The looks are
// those of package raster, see light.go and sky.go there.
const common = `
uniform mat4 uClip, uSun;
uniform vec3 uToSun, uHorizon, uZenith;
uniform float uFog;     // 1/range²
uniform float uTexel;   // of the shadow map (m)
`

// lightSource is compiled with SHADOW 0, 1 (one look into the map) or 2 (nine). A uniform would not do: where
// the processor is the graphics card, both sides of a condition are computed for every pixel.
const lightSource = `
uniform sampler2DShadow uMap;
const vec3 sun = vec3(0.80, 0.76, 0.68), sky = vec3(0.30, 0.345, 0.41), earth = vec3(0.155, 0.15, 0.145);

float sunlit(vec3 at) {
#if SHADOW == 0
	return 1.0;
#else
	vec3 q = (uSun * vec4(at, 1.0)).xyz * 0.5 + 0.5; // beyond the edge of the map it reads as lit
#if SHADOW == 1
	return texture(uMap, q);
#else
	float s = 0.0, d = 1.0 / 2048.0;
	for (int i = -1; i <= 1; i++)
		for (int j = -1; j <= 1; j++)
			s += texture(uMap, q + vec3(d * i, d * j, 0.0));
	return s / 9.0;
#endif
#endif
}

vec3 veil(vec3 c, float dd) {
	float q = dd * uFog;
	return mix(c, uHorizon, q / (1.0 + q));
}

// screen encodes light as sRGB: square roots instead of a power, which costs a third where the processor
// is the graphics card. The largest error is 0.2 steps of 255.
vec3 screen(vec3 c) {
	c = min(c, vec3(1.0));
	vec3 a = sqrt(c), b = sqrt(a), d = sqrt(b);
	return max(vec3(0.0), 0.662002687 * a + 0.684122060 * b - 0.323583601 * d - 0.0225411470 * c);
}
`

const placeSource = `
layout(location = 0) in vec3 aPos;
layout(location = 1) in vec3 aNormal;
layout(location = 2) in float aEnd;
layout(location = 3) in vec4 iX;     // rows of the rotation, and the position
layout(location = 4) in vec4 iY;
layout(location = 5) in vec4 iZ;
layout(location = 6) in vec4 iScale; // and how far the ends are apart
layout(location = 7) in vec4 iColor;
layout(location = 8) in float iLook; // 0 item, 1 mark, 2 center of mass
vec3 place() {
	vec3 p = aPos * iScale.xyz;
	p.z += aEnd * iScale.w;
	return vec3(dot(iX.xyz, p) + iX.w, dot(iY.xyz, p) + iY.w, dot(iZ.xyz, p) + iZ.w);
}
`

const solidVertex = common + placeSource + `
out vec3 vAt, vNormal, vLocal;
flat out vec4 vColor;
flat out float vLook;
void main() {
	vec3 n = aNormal / iScale.xyz;
	vNormal = vec3(dot(iX.xyz, n), dot(iY.xyz, n), dot(iZ.xyz, n));
	vAt = place();
	vLocal = aPos;
	vColor = iColor;
	vLook = iLook;
	gl_Position = uClip * vec4(vAt, 1.0);
}`

const solidFragment = common + lightSource + `
uniform float uFaint;
in vec3 vAt, vNormal, vLocal;
flat in vec4 vColor;
flat in float vLook;
out vec4 color;
void main() {
	vec3 c = vColor.rgb, n = normalize(vNormal);
	float dd = dot(vAt, vAt), own = 0.17, lit;
	vec3 back = -vAt * inversesqrt(dd);
	if (!gl_FrontFacing) n = -n; // meshes need not be wound outward
	if (vLook > 0.5) {
		own += 0.30;
		if (vLook > 1.5) {
			bvec3 s = greaterThan(vLocal, vec3(0.0));
			c = vec3((s.x != s.y) != s.z ? 0.02 : 0.9);
		}
	}
	float ndl = dot(n, uToSun);
	lit = ndl <= 0.0 ? 0.0 : vLook > 0.5 ? 1.0 : sunlit(vAt + n * (1.5 * uTexel));
	float ndv = max(0.0, dot(n, back));
	vec3 light = mix(earth, sky, 0.5 + 0.5 * n.z) + own * ndv + sun * (lit * max(0.0, ndl));
	vec3 hv = back + uToSun;
	float s = max(0.0, dot(n, hv)) * inversesqrt(dot(hv, hv));
	s *= s; s *= s; s *= s; s *= s; s *= s;
	float r = (1.0 - ndv) * (1.0 - ndv);
	float rim = (0.02 + 0.30 * r * r) * (0.5 + 0.5 * n.z);
	color = vec4(screen(veil(c * light + uHorizon * rim + 0.22 * s * lit, dd)), vColor.a * uFaint);
}`

const shadowVertex = common + placeSource + `
void main() { gl_Position = uSun * vec4(place(), 1.0); }`

const shadowFragment = `
void main() {}`

// groundVertex spans the plane by a quadrilateral; groundFragment meets it anew with the ray of each pixel,
// since values interpolated over a kilometer are not exact enough for the pattern near the eye.
const groundVertex = common + `
layout(location = 0) in vec3 aPos;
void main() { gl_Position = uClip * vec4(aPos, 1.0); }`

const groundFragment = common + lightSource + `
uniform vec3 uRay, uRayX, uRayY; // through pixel (x, y): uRay + x uRayX + y uRayY
uniform vec3 uNormal, uT1, uT2, uLightA, uLightB;
uniform float uHeight, uPer;
uniform vec2 uEye;               // position of the eye on the plane (fields)
out vec4 color;
float square(float x, float w) { // mean of a square wave over a width
	float a = x - 0.5 * w, b = x + 0.5 * w, f = floor(a);
	if (b < f + 1.0) return 1.0 - 2.0 * (f - 2.0 * floor(0.5 * f));
	vec2 t = vec2(a, b);
	t = 1.0 - abs(t - 2.0 * floor(0.5 * t) - 1.0);
	return (t.y - t.x) / w;
}
void main() {
	vec3 d = uRay + gl_FragCoord.x * uRayX + gl_FragCoord.y * uRayY;
	float i = 1.0 / dot(uNormal, d), z = -uHeight * i, s = z * uPer;
	vec2 q = vec2(dot(uT1, d), dot(uT2, d));
	vec2 qx = vec2(dot(uT1, uRayX), dot(uT2, uRayX)) - q * (dot(uNormal, uRayX) * i);
	vec2 qy = vec2(dot(uT1, uRayY), dot(uT2, uRayY)) - q * (dot(uNormal, uRayY) * i);
	vec2 w = abs(s) * max(abs(qx), abs(qy)) + 1e-6;
	vec2 uv = uEye + s * q;
	float b = 0.5 + 0.5 * square(uv.x, w.x) * square(uv.y, w.y);
	vec3 at = z * d;
	float ndl = max(0.0, dot(uNormal, uToSun));
	vec3 light = mix(earth, sky, 0.5 + 0.5 * uNormal.z) + sun * (ndl * sunlit(at));
	color = vec4(screen(veil(mix(uLightA, uLightB, b) * light, dot(at, at))), 1.0);
}`

const skyVertex = common + `
layout(location = 0) in vec3 aPos;
void main() { gl_Position = vec4(aPos.xy, 1.0, 1.0); }`

const skyFragment = common + lightSource + `
uniform vec3 uRay, uRayX, uRayY;
out vec4 color;
void main() {
	vec3 d = uRay + gl_FragCoord.x * uRayX + gl_FragCoord.y * uRayY;
	float up = d.z * inversesqrt(dot(d, d));
	vec3 c = up >= 0.0 ? mix(uHorizon, uZenith, 1.0 - pow(1.0 - up, 2.2)) : uHorizon * (1.0 - 0.5 * pow(-up, 0.7));
	color = vec4(screen(c), 1.0);
}`

const traceVertex = `
layout(location = 0) in vec4 aPos;
layout(location = 1) in vec4 aColor;
out vec4 vColor;
void main() { vColor = aColor; gl_Position = aPos; }`

const traceFragment = `
uniform float uFaint;
in vec4 vColor;
out vec4 color;
void main() { color = vec4(vColor.rgb, vColor.a * uFaint); }`

const hudVertex = `
uniform vec2 uSize;
layout(location = 0) in vec4 aPos;
layout(location = 1) in vec4 aColor;
out vec2 vUV;
out vec4 vColor;
void main() {
	vUV = aPos.zw;
	vColor = aColor;
	gl_Position = vec4(2.0 * aPos.x / uSize.x - 1.0, 1.0 - 2.0 * aPos.y / uSize.y, 0.0, 1.0);
}`

const hudFragment = `
uniform sampler2D uAtlas;
in vec2 vUV;
in vec4 vColor;
out vec4 color;
void main() { color = vec4(vColor.rgb, vColor.a * texture(uAtlas, vUV).r); }`

// program is a linked program with the places of its uniforms.
type program struct {
	id uint32
	at map[string]int32
}

func newProgram(vertex, fragment string, shadow int) (program, error) {
	p := program{id: gl.CreateProgram(), at: map[string]int32{}}
	for _, s := range []struct {
		kind   uint32
		source string
	}{{gl.VERTEX_SHADER, vertex}, {gl.FRAGMENT_SHADER, fragment}} {
		id := gl.CreateShader(s.kind)
		src, free := gl.Strs(fmt.Sprintf("#version 330 core\n#define SHADOW %d\n%s\x00", shadow, s.source))
		gl.ShaderSource(id, 1, src, nil)
		free()
		gl.CompileShader(id)
		var ok int32
		gl.GetShaderiv(id, gl.COMPILE_STATUS, &ok)
		if ok == gl.FALSE {
			log := make([]byte, 4096)
			var n int32
			gl.GetShaderInfoLog(id, int32(len(log)), &n, &log[0])
			return p, fmt.Errorf("viewer: a shader does not compile: %s", strings.TrimSpace(string(log[:n])))
		}
		gl.AttachShader(p.id, id)
		gl.DeleteShader(id)
	}
	gl.LinkProgram(p.id)
	var ok int32
	gl.GetProgramiv(p.id, gl.LINK_STATUS, &ok)
	if ok == gl.FALSE {
		return p, fmt.Errorf("viewer: a shader does not link")
	}
	return p, nil
}

func (p *program) place(name string) int32 {
	l, ok := p.at[name]
	if !ok {
		l = gl.GetUniformLocation(p.id, gl.Str(name+"\x00"))
		p.at[name] = l
	}
	return l
}

func (p *program) float(name string, v float64) { gl.Uniform1f(p.place(name), float32(v)) }
func (p *program) vec2(name string, x, y float64) {
	gl.Uniform2f(p.place(name), float32(x), float32(y))
}

func (p *program) vec3(name string, x, y, z float64) {
	gl.Uniform3f(p.place(name), float32(x), float32(y), float32(z))
}

// color sets a color as light.
func (p *program) color(name string, c scene.Color) {
	r, g, b := c.Linear()
	p.vec3(name, r, g, b)
}

func (p *program) matrix(name string, m *matrix) {
	gl.UniformMatrix4fv(p.place(name), 1, false, &m[0])
}

//go:build gl && cgo

package viewer

import (
	"math"
	"sort"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// painter draws scenes with OpenGL 3.3 into whatever framebuffer is bound.
type painter struct {
	light                   bool       // cheap settings
	solid, ground           [2]program // without and with shadows
	shadow, sky, trace, hud program
	models                  []model // by form
	flat                    stream  // quadrilaterals of ground and sky
	lines, letters          stream
	atlas                   uint32
	mapFrame, mapDepth      uint32
	mapSize                 int32

	opaque, marks, top, ghosts batch
	order                      []int
	text                       hud
	ribbon                     ribbons
}

// model is a form in the memory of the graphics.
type model struct {
	array, instances uint32
	count            int32
}

// stream is a vertex array that is written anew for every picture.
type stream struct{ array, buffer uint32 }

func newPainter(light bool) (*painter, error) {
	p := &painter{light: light, mapSize: 2048}
	sides, shadows := 32, 2
	if light {
		p.mapSize, sides, shadows = 1024, 20, 1
	}
	for _, s := range []struct {
		dst              *program
		vertex, fragment string
		shadows          int
	}{
		{&p.solid[0], solidVertex, solidFragment, 0},
		{&p.solid[1], solidVertex, solidFragment, shadows},
		{&p.shadow, shadowVertex, shadowFragment, 0},
		{&p.ground[0], groundVertex, groundFragment, 0},
		{&p.ground[1], groundVertex, groundFragment, shadows},
		{&p.sky, skyVertex, skyFragment, 0},
		{&p.trace, traceVertex, traceFragment, 0},
		{&p.hud, hudVertex, hudFragment, 0},
	} {
		var err error
		if *s.dst, err = newProgram(s.vertex, s.fragment, s.shadows); err != nil {
			return nil, err
		}
	}
	for _, s := range []solid{capsuleSolid(sides), boxSolid(), cylinderSolid(sides), coneSolid(sides)} {
		p.models = append(p.models, upload(&s))
	}
	p.flat = newStream(3)
	p.lines = newStream(4, 4)
	p.letters = newStream(4, 4)
	gl.GenTextures(1, &p.atlas)
	p.newMap()
	return p, nil
}

// newStream makes a vertex array of float attributes with so many components each.
func newStream(components ...int32) stream {
	var s stream
	gl.GenVertexArrays(1, &s.array)
	gl.GenBuffers(1, &s.buffer)
	gl.BindVertexArray(s.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, s.buffer)
	total, at := int32(0), 0
	for _, n := range components {
		total += n
	}
	for i, n := range components {
		gl.EnableVertexAttribArray(uint32(i))
		gl.VertexAttribPointerWithOffset(uint32(i), n, gl.FLOAT, false, 4*total, uintptr(4*at))
		at += int(n)
	}
	return s
}

// draw writes and draws triangles of the given number of floats per vertex.
func (s *stream) draw(data []float32, floats int) {
	if len(data) == 0 {
		return
	}
	gl.BindVertexArray(s.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, s.buffer)
	gl.BufferData(gl.ARRAY_BUFFER, 4*len(data), gl.Ptr(data), gl.STREAM_DRAW)
	gl.DrawArrays(gl.TRIANGLES, 0, int32(len(data)/floats))
}

// upload puts a form into the memory of the graphics, ready for instances.
func upload(s *solid) model {
	var m model
	var data, index uint32
	gl.GenVertexArrays(1, &m.array)
	gl.BindVertexArray(m.array)
	gl.GenBuffers(1, &data)
	gl.BindBuffer(gl.ARRAY_BUFFER, data)
	gl.BufferData(gl.ARRAY_BUFFER, 4*len(s.data), gl.Ptr(s.data), gl.STATIC_DRAW)
	at := uintptr(0)
	for i, n := range [3]int32{3, 3, 1} {
		gl.EnableVertexAttribArray(uint32(i))
		gl.VertexAttribPointerWithOffset(uint32(i), n, gl.FLOAT, false, 4*solidFloats, at)
		at += uintptr(4 * n)
	}
	gl.GenBuffers(1, &index)
	gl.BindBuffer(gl.ELEMENT_ARRAY_BUFFER, index)
	gl.BufferData(gl.ELEMENT_ARRAY_BUFFER, 4*len(s.index), gl.Ptr(s.index), gl.STATIC_DRAW)
	m.count = int32(len(s.index))
	gl.GenBuffers(1, &m.instances)
	gl.BindBuffer(gl.ARRAY_BUFFER, m.instances)
	at = 0
	for i, n := range [6]int32{4, 4, 4, 4, 4, 1} {
		k := uint32(3 + i)
		gl.EnableVertexAttribArray(k)
		gl.VertexAttribPointerWithOffset(k, n, gl.FLOAT, false, int32(unsafe.Sizeof(instance{})), at)
		gl.VertexAttribDivisor(k, 1)
		at += uintptr(4 * n)
	}
	return m
}

func (p *painter) newMap() {
	gl.GenTextures(1, &p.mapDepth)
	gl.BindTexture(gl.TEXTURE_2D, p.mapDepth)
	gl.TexImage2D(gl.TEXTURE_2D, 0, gl.DEPTH_COMPONENT24, p.mapSize, p.mapSize, 0, gl.DEPTH_COMPONENT, gl.UNSIGNED_INT, nil)
	filter := int32(gl.LINEAR) // compares four neighbors and blends
	for _, v := range [][2]int32{
		{gl.TEXTURE_MIN_FILTER, filter}, {gl.TEXTURE_MAG_FILTER, filter},
		{gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE}, {gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE},
		{gl.TEXTURE_COMPARE_MODE, gl.COMPARE_REF_TO_TEXTURE}, {gl.TEXTURE_COMPARE_FUNC, gl.LEQUAL},
	} {
		gl.TexParameteri(gl.TEXTURE_2D, uint32(v[0]), v[1])
	}
	gl.GenFramebuffers(1, &p.mapFrame)
	var bound int32
	gl.GetIntegerv(gl.DRAW_FRAMEBUFFER_BINDING, &bound)
	gl.BindFramebuffer(gl.FRAMEBUFFER, p.mapFrame)
	gl.FramebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, p.mapDepth, 0)
	gl.DrawBuffer(gl.NONE)
	gl.ReadBuffer(gl.NONE)
	gl.BindFramebuffer(gl.FRAMEBUFFER, uint32(bound))
}

// sheet is what all passes of a picture share.
type sheet struct {
	sc            *scene.Scene
	view          scene.View
	width, height int
	near          float64
	clip          matrix
	sunMatrix     matrix
	toSun         r3.Vec
	texel         float64
	shadows       int // 0 or 1: the variant of the programs
	sun           sunView
	fog           float64
	horizon       [3]float64
	zenith        [3]float64
}

// paint draws a scene into framebuffer target.
func (p *painter) paint(sc *scene.Scene, x *extra, target uint32, width, height int) {
	s := p.begin(sc, width, height)
	p.collect(s)
	gl.Disable(gl.BLEND)
	gl.Enable(gl.DEPTH_TEST)
	gl.DepthFunc(gl.LEQUAL)
	p.shadowMap(s)

	gl.BindFramebuffer(gl.FRAMEBUFFER, target)
	gl.Viewport(0, 0, int32(width), int32(height))
	gl.Clear(gl.DEPTH_BUFFER_BIT)
	p.use(&p.solid[s.shadows], s)
	if x.wires {
		gl.PolygonMode(gl.FRONT_AND_BACK, gl.LINE)
	}
	p.instances(&p.opaque)
	gl.PolygonMode(gl.FRONT_AND_BACK, gl.FILL)
	p.use(&p.solid[0], s)
	p.instances(&p.marks)
	p.grounds(s)
	p.background(s) // last of what is opaque: only where nothing else is

	gl.Enable(gl.BLEND)
	gl.BlendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA)
	p.hidden(s)
	p.translucent(s)
	p.traces(s)
	if len(p.top.of) > 0 {
		gl.Clear(gl.DEPTH_BUFFER_BIT)
		p.use(&p.solid[0], s)
		p.instances(&p.top)
	}
	gl.Disable(gl.DEPTH_TEST)
	p.overlay(s, x)
}

func (p *painter) begin(sc *scene.Scene, width, height int) *sheet {
	s := &sheet{sc: sc, view: sc.Camera.View(), width: width, height: height}
	reach := sc.Camera.Reach()
	s.near = 0.01 * reach
	s.clip = perspective(&s.view, float64(width)/float64(height), s.near, 600*reach)
	to, ok := spatial.Unit(sc.Light.To)
	if !ok {
		to, _ = spatial.Unit(r3.Vec{X: -0.35, Y: -0.45, Z: 0.85})
	}
	s.toSun = to
	if f := positive(sc.Fog, 12*reach); sc.Fog >= 0 {
		s.fog = 1 / (f * f)
	}
	h, z := sc.Sky.Horizon.Or(scene.RGB(0xD9E4EE)), sc.Sky.Zenith.Or(scene.RGB(0x5B8CC4))
	s.horizon = [3]float64{linear(h.R), linear(h.G), linear(h.B)}
	s.zenith = [3]float64{linear(z.R), linear(z.G), linear(z.B)}
	return s
}

// use selects a program and sets what programs share.
func (p *painter) use(q *program, s *sheet) {
	gl.UseProgram(q.id)
	q.matrix("uClip", &s.clip)
	q.matrix("uSun", &s.sunMatrix)
	q.vec3("uToSun", s.toSun.X, s.toSun.Y, s.toSun.Z)
	q.vec3("uHorizon", s.horizon[0], s.horizon[1], s.horizon[2])
	q.vec3("uZenith", s.zenith[0], s.zenith[1], s.zenith[2])
	q.float("uFog", s.fog)
	q.float("uFaint", 1)
	q.float("uTexel", s.texel)
	// The ray through a pixel; rows count from below here, and pixel centers are at halves as in View.Ray.
	k := 2 * s.view.TanHalf / float64(s.height)
	corner := s.view.Ray(0, float64(s.height), s.width, s.height)
	q.vec3("uRay", corner.X, corner.Y, corner.Z)
	q.vec3("uRayX", k*s.view.Right.X, k*s.view.Right.Y, k*s.view.Right.Z)
	q.vec3("uRayY", k*s.view.Up.X, k*s.view.Up.Y, k*s.view.Up.Z)
	gl.ActiveTexture(gl.TEXTURE0)
	gl.BindTexture(gl.TEXTURE_2D, p.mapDepth)
	gl.Uniform1i(q.place("uMap"), 0)
}

// collect sorts the scene into batches.
func (p *painter) collect(s *sheet) {
	sc, eye := s.sc, s.view.Eye
	p.opaque.reset()
	p.marks.reset()
	p.top.of = p.top.of[:0]
	p.order = p.order[:0]
	sun := newSunView(s.toSun)
	limit := 8 * sc.Camera.Reach() // what is farther away throws no shadow: the map stays sharp
	for i := range sc.Items {
		it := &sc.Items[i]
		c := it.Color.Or(scene.ColorOf(it.Group))
		if c.A < 1 {
			p.order = append(p.order, i)
			continue
		}
		at, r := reach(it)
		at = r3.Sub(at, eye)
		if r3.Norm(r3.Sub(at, r3.Sub(sc.Camera.Target, eye))) < limit && r < limit {
			sun.include(at, r)
		}
		p.opaque.item(it, eye, c)
	}
	for i := range sc.Arrows {
		a := &sc.Arrows[i]
		p.marks.arrow(a.From, a.Vector, positive(a.Radius, 0.005*sc.Camera.Reach()), eye, a.Color.Or(scene.RGB(0xFF8A1F)))
	}
	for i := range sc.Frames {
		p.marks.frame(&sc.Frames[i], 0.1*sc.Camera.Reach(), eye)
	}
	for i := range sc.Points {
		b := &p.marks
		if q := &sc.Points[i]; q.OnTop || q.Kind == scene.CenterOfMass {
			b = &p.top
		}
		b.point(&sc.Points[i], sc.Camera.Reach(), eye)
	}
	if s.shadows = 0; !sc.Light.NoShadows && !sun.empty() {
		sun.pad()
		s.shadows, s.sun = 1, sun
		s.sunMatrix = sun.matrix()
		s.texel = math.Max(sun.high.X-sun.low.X, sun.high.Y-sun.low.Y) / float64(p.mapSize)
	}
}

// instances draws a batch.
func (p *painter) instances(b *batch) {
	for f, list := range b.of {
		if len(list) == 0 {
			continue
		}
		m := p.model(b, form(f))
		gl.BindVertexArray(m.array)
		gl.BindBuffer(gl.ARRAY_BUFFER, m.instances)
		gl.BufferData(gl.ARRAY_BUFFER, len(list)*int(unsafe.Sizeof(instance{})), gl.Ptr(&list[0][0]), gl.STREAM_DRAW)
		gl.DrawElementsInstanced(gl.TRIANGLES, m.count, gl.UNSIGNED_INT, nil, int32(len(list)))
	}
}

// model returns the form of a batch, uploading meshes when they are first seen.
func (p *painter) model(b *batch, f form) *model {
	for len(p.models) <= int(f) {
		s := meshSolid(b.list[len(p.models)-int(meshForm)])
		p.models = append(p.models, upload(&s))
	}
	return &p.models[f]
}

func (p *painter) shadowMap(s *sheet) {
	if s.shadows == 0 {
		return
	}
	gl.BindFramebuffer(gl.FRAMEBUFFER, p.mapFrame)
	gl.Viewport(0, 0, p.mapSize, p.mapSize)
	gl.Clear(gl.DEPTH_BUFFER_BIT)
	gl.Enable(gl.POLYGON_OFFSET_FILL)
	gl.PolygonOffset(1.5, 2)
	p.use(&p.shadow, s)
	p.instances(&p.opaque)
	gl.Disable(gl.POLYGON_OFFSET_FILL)
}

func (p *painter) grounds(s *sheet) {
	for i := range s.sc.Grounds {
		g := &s.sc.Grounds[i]
		n, ok := spatial.Unit(g.Normal)
		if !ok {
			n = r3.Vec{Z: 1}
		}
		height := r3.Dot(n, s.view.Eye) - g.Offset
		if !(height > 0) {
			continue // nothing is drawn from below
		}
		t1, ok := spatial.Unit(spatial.AddScaled(r3.Vec{X: 1}, -n.X, n))
		if !ok || math.Abs(n.X) > 0.99 {
			t1, _ = spatial.Unit(spatial.AddScaled(r3.Vec{Y: 1}, -n.Y, n))
		}
		t2 := r3.Cross(n, t1)
		per := 1 / positive(g.Cell, 0.5)
		a, b := g.Colors[0].Or(scene.RGB(0xA7B3BF)), g.Colors[1].Or(scene.RGB(0x94A2B0))
		outer := groundSquare(t1, t2, r3.Scale(-height, n), 400*s.sc.Camera.Reach())
		inner, inside := outer, false
		if s.shadows != 0 {
			inner, inside = s.sun.shade(n, height, t1, t2, 399*s.sc.Camera.Reach())
		}
		for shadows, data := range [2][]float32{ringTriangles(outer, inner, inside), squareTriangles(inner, inside)} {
			if len(data) == 0 {
				continue
			}
			q := &p.ground[shadows]
			p.use(q, s)
			q.vec3("uNormal", n.X, n.Y, n.Z)
			q.vec3("uT1", t1.X, t1.Y, t1.Z)
			q.vec3("uT2", t2.X, t2.Y, t2.Z)
			q.vec3("uLightA", linear(a.R), linear(a.G), linear(a.B))
			q.vec3("uLightB", linear(b.R), linear(b.G), linear(b.B))
			q.float("uHeight", height)
			q.float("uPer", per)
			// The pattern repeats every two fields: small numbers keep their digits in single precision.
			q.vec2("uEye", math.Mod(r3.Dot(t1, s.view.Eye)*per, 2), math.Mod(r3.Dot(t2, s.view.Eye)*per, 2))
			p.flat.draw(data, 3)
		}
	}
}

func (p *painter) background(s *sheet) {
	p.use(&p.sky, s)
	p.flat.draw([]float32{-1, -1, 0, 3, -1, 0, -1, 3, 0}, 3)
}

// hidden draws faintly what items hide of the marks: the force on a foot is mostly inside the leg.
func (p *painter) hidden(s *sheet) {
	q := &p.solid[0]
	p.use(q, s)
	q.float("uFaint", 0.4)
	gl.DepthFunc(gl.GREATER)
	gl.DepthMask(false)
	gl.Enable(gl.CULL_FACE)
	p.instances(&p.marks)
	gl.Disable(gl.CULL_FACE)
	gl.DepthMask(true)
	gl.DepthFunc(gl.LEQUAL)
}

// translucent draws see-through items from far to near. Only their surface toward the camera is drawn, and
// it hides what is behind it of the same item.
func (p *painter) translucent(s *sheet) {
	if len(p.order) == 0 {
		return
	}
	depth := func(i int) float64 { return r3.Dot(r3.Sub(s.sc.Items[i].Pose.Pos, s.view.Eye), s.view.Forward) }
	sort.SliceStable(p.order, func(a, b int) bool { return depth(p.order[a]) > depth(p.order[b]) })
	p.use(&p.solid[s.shadows], s)
	gl.Enable(gl.CULL_FACE)
	for _, i := range p.order {
		it := &s.sc.Items[i]
		p.ghosts.reset()
		p.ghosts.meshes, p.ghosts.list = p.opaque.meshes, p.opaque.list
		p.ghosts.item(it, s.view.Eye, it.Color.Or(scene.ColorOf(it.Group)))
		p.opaque.meshes, p.opaque.list = p.ghosts.meshes, p.ghosts.list
		p.instances(&p.ghosts)
	}
	gl.Disable(gl.CULL_FACE)
}

// traces draws what is in front, then faintly what is behind something.
func (p *painter) traces(s *sheet) {
	p.ribbon.data = p.ribbon.data[:0]
	for i := range s.sc.Traces {
		t := &s.sc.Traces[i]
		p.ribbon.add(t, t.Color.Or(scene.ColorOf(i)), &s.view, &s.clip, s.near, s.width, s.height)
	}
	if len(p.ribbon.data) == 0 {
		return
	}
	gl.DepthMask(false)
	gl.UseProgram(p.trace.id)
	p.trace.float("uFaint", 1)
	p.lines.draw(p.ribbon.data, ribbonFloats)
	p.trace.float("uFaint", 0.25)
	gl.DepthFunc(gl.GREATER)
	p.lines.draw(p.ribbon.data, ribbonFloats)
	gl.DepthFunc(gl.LEQUAL)
	gl.DepthMask(true)
}

func (p *painter) overlay(s *sheet, x *extra) {
	h := &p.text
	h.fill(s.sc, &s.view, s.width, s.height, x.bar)
	gl.ActiveTexture(gl.TEXTURE0)
	gl.BindTexture(gl.TEXTURE_2D, p.atlas)
	if a := h.atlas; a.stale {
		a.stale = false
		gl.PixelStorei(gl.UNPACK_ALIGNMENT, 1)
		size := int32(a.size())
		gl.TexImage2D(gl.TEXTURE_2D, 0, gl.R8, size, size, 0, gl.RED, gl.UNSIGNED_BYTE, gl.Ptr(a.mask.Pix))
		gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR)
		gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR)
	}
	gl.UseProgram(p.hud.id)
	p.hud.vec2("uSize", h.width, h.height)
	gl.Uniform1i(p.hud.place("uAtlas"), 0)
	p.letters.draw(h.data, hudFloats)
}

//go:build gl && cgo

package viewer

import (
	"math"
	"sort"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
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
	pieces                     []scene.Piece
	text                       hud
	ribbon                     ribbons
}

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
	horizon       scene.Color
	zenith        scene.Color
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
	s.toSun, s.fog = sc.Light.Direction(), sc.FogDensity()
	s.horizon, s.zenith = sc.Sky.Shades()
	return s
}

// use selects a program and sets what programs share.
func (p *painter) use(q *program, s *sheet) {
	gl.UseProgram(q.id)
	q.matrix("uClip", &s.clip)
	q.matrix("uSun", &s.sunMatrix)
	q.vec3("uToSun", s.toSun.X, s.toSun.Y, s.toSun.Z)
	q.color("uHorizon", s.horizon)
	q.color("uZenith", s.zenith)
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
	p.pieces = sc.AppendPieces(p.pieces[:0])
	for i := range p.pieces {
		b := &p.marks
		if p.pieces[i].OnTop {
			b = &p.top
		}
		b.mark(&p.pieces[i], eye)
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

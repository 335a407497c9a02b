//go:build gl && cgo

package viewer

import "github.com/go-gl/gl/v3.3-core/gl"

// newMap makes the texture and the framebuffer of the shadow map.
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

//go:build gl && cgo

package viewer

import (
	"fmt"
	"image"
	"runtime"

	"github.com/go-gl/gl/v3.3-core/gl"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// hiddenCanvas draws into framebuffers of its own, which belong to a window that nobody sees. The size of the
// window does not matter.
type hiddenCanvas struct {
	win           *window
	width, height int
}

func openCanvas(width, height int) (c canvas, err error) {
	runtime.LockOSThread() // OpenGL remembers its state by thread
	h := &hiddenCanvas{width: width, height: height}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	s, err := openSurface(Options{Title: "ukemi", Width: 64, Height: 64, Quality: Full, hidden: true}, func(event) {})
	if err != nil {
		return nil, err
	}
	h.win = s.(*window)
	var most int32
	gl.GetIntegerv(gl.MAX_RENDERBUFFER_SIZE, &most)
	var view [2]int32
	gl.GetIntegerv(gl.MAX_VIEWPORT_DIMS, &view[0])
	if wide, high := int(min(most, view[0])), int(min(most, view[1])); width > wide || height > high {
		return nil, fmt.Errorf("viewer: this OpenGL draws pictures of at most %d×%d pixels, not %d×%d", wide, high, width, height)
	}
	frames := []*frame{&h.win.plain}
	h.win.plain.resize(width, height, 0)
	if h.win.fine >= 2 {
		h.win.smooth.resize(width, height, h.win.fine)
		frames = append(frames, &h.win.smooth)
	}
	for _, f := range frames {
		gl.BindFramebuffer(gl.FRAMEBUFFER, f.id)
		if s := gl.CheckFramebufferStatus(gl.FRAMEBUFFER); s != gl.FRAMEBUFFER_COMPLETE {
			return nil, fmt.Errorf("viewer: OpenGL has no room for pictures of %d×%d pixels (status %#x)", width, height, s)
		}
	}
	return h, nil
}

func (h *hiddenCanvas) render(dst *image.RGBA, sc *scene.Scene) {
	h.win.win.MakeContextCurrent() // another window may have been opened since
	h.win.capture(dst, sc, &extra{bar: -1})
}

func (h *hiddenCanvas) name() string {
	h.win.win.MakeContextCurrent()
	return gl.GoStr(gl.GetString(gl.RENDERER))
}

func (h *hiddenCanvas) close() {
	if h.win != nil {
		h.win.close()
		h.win = nil
	}
	runtime.UnlockOSThread()
}
